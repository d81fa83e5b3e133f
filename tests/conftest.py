"""Fixtures of every test: an application on a fresh copy of a migrated database.

SQLite: the migrated file is made once and copied for each test. PostgreSQL (parametrised for
tests marked `postgresql`): a schema database made once per worker, emptied for each test.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from portal.database import Base, db
from tests.instances import left_out, load_demo, made_once, make_app, migrate
from tests.page import Browser
from tests.tracing import rest_in_libraries, shows_nothing_new, untraced

# A slow machine is no fault: properties are judged by what holds, never by the time it takes.
settings.register_profile(
    "portal",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("portal")

POSTGRES_URL = os.environ.get(
    "PORTAL_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test"
)

# The environment of whoever runs the tests must not reach into them.
for name in [name for name in os.environ if name.startswith("PORTAL_")]:
    if not name.startswith(("PORTAL_TEST_", "PORTAL_REQUIRE")):
        del os.environ[name]


# Test databases live in memory where it has room: no test pulls the plug on them.
_MEMORY = Path("/dev/shm")
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 4 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Where coverage is measured, do not measure the reading of the tests."""
    if not session.config.pluginmanager.has_plugin("_cov"):
        return (yield)
    rest_in_libraries()
    with untraced():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage in a test, its fixtures and all, that shows nothing new."""
    with untraced() if shows_nothing_new(item) else nullcontext():
        return (yield)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the test processes of one run share."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    """A migrated, empty SQLite file."""
    migrated = made_once(shared_folder / "empty", lambda folder: migrate(make_app(folder)))
    return migrated / "portal.sqlite"


@pytest.fixture(scope="session")
def demo_template(shared_folder: Path, sqlite_template: Path) -> Path:
    """An instance folder with the demo data."""

    def make(folder: Path) -> None:
        shutil.copy(sqlite_template, folder)
        load_demo(folder)

    return made_once(shared_folder / "demo", make)


@pytest.fixture(scope="module")
def demo_app(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal with the demo, for the tests of a module that only look."""
    instance = tmp_path_factory.mktemp("demo")
    shutil.copytree(demo_template, instance, dirs_exist_ok=True)
    portal = make_app(instance)
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this worker's own."""
    server = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    name = f"portal_test_{worker_id}_{os.getpid()}"
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            # No test pulls the plug on PostgreSQL: nobody need wait for its disk.
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    except OperationalError as error:
        left_out("postgresql", str(error.orig).splitlines()[0])
    url = make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    try:
        yield url
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    migrate(make_app(tmp_path_factory.mktemp("postgres"), postgres_url))
    return postgres_url


def _empty() -> None:
    """Delete every row of the portal's PostgreSQL database and begin the numbers anew.

    Most tables hold a few rows or none: deleting these takes milliseconds, while TRUNCATE makes
    new files for each table and its indexes.
    """
    deleted = "; ".join(f'DELETE FROM "{table.name}"' for table in Base.metadata.sorted_tables)
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        connection.exec_driver_sql(deleted)
        connection.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER ALL"))
        connection.execute(
            text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )
        )
        connection.execute(
            text("INSERT INTO audit_head (id, last_id, last_hash) VALUES (1, 0, :zero)"),
            {"zero": "0" * 64},
        )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_database(request: pytest.FixtureRequest) -> str:
    """Run the test twice, on SQLite and on PostgreSQL; take it beside `app`."""
    return request.param


@pytest.fixture(scope="session")
def standing_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The worker's portal on SQLite: routes are compiled once, the data are new each time."""
    return make_app(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="session")
def standing_postgres_app(
    migrated_postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The worker's portal on PostgreSQL; it stays connected, as a new connection knows no table."""
    portal = make_app(tmp_path_factory.mktemp("portal-postgres"), migrated_postgres_url)
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.fixture
def app(request: pytest.FixtureRequest, sqlite_template: Path) -> Iterator[Flask]:
    """A portal with an empty database; PostgreSQL when `any_database` says so.

    The application is the worker's; its folder, database and settings are as new.
    """
    on_postgres = (
        "any_database" in request.fixturenames
        and request.getfixturevalue("any_database") == "postgresql"
    )
    portal: Flask = request.getfixturevalue(
        "standing_postgres_app" if on_postgres else "standing_app"
    )
    settings = dict(portal.config)
    instance = Path(portal.instance_path)
    shutil.rmtree(instance, ignore_errors=True)
    instance.mkdir()
    with portal.app_context():
        if on_postgres:
            _empty()
        else:
            shutil.copy(sqlite_template, instance / "portal.sqlite")
        yield portal
        db.session.remove()
        if not on_postgres:
            db.engine.dispose()
    portal.config.clear()
    portal.config.update(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A bare client, signed out, without page checks."""
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A client that speaks in pages and checks each of them; signed out."""
    return Browser(app)


@pytest.fixture
def queries_of(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Count the statements that an action sends to the database."""

    def count(action: Callable[[], object]) -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement != "BEGIN":  # SQLite's is said by us, see portal.database
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            action()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    return count


@pytest.fixture(params=["plain", "htmx"])
def way(request: pytest.FixtureRequest) -> str:
    """Do the action twice: as a plain form, and as htmx would. The plain run is the rule."""
    return request.param
