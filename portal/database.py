"""The floor under every room: declarative base, column types, transactions.

SQLite is opened in WAL mode with foreign keys on and synchronous=FULL, so a commit that
was answered is on disk. A transaction that will write waits in line and starts with BEGIN
IMMEDIATE: it never fails in the middle because another one wrote.
On PostgreSQL the same services lock the rows they count (`for_update`).
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    String,
    Text,
    bindparam,
    event,
    type_coerce,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, aliased, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from portal.waiting_line import WaitingLine

AnyEntity = TypeVar("AnyEntity", bound="Base")

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_IN_LINE = "portal_in_line"
_LINES: dict[str, WaitingLine] = {}
_LINES_LOCK = threading.Lock()

BUSY_TIMEOUT_MS = 15_000
# A page reads the same moments again and again, as text.
_MOMENTS_KEPT = 8_192
BRIEF_TIMEOUT_MS = 200


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone must not reach the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return stored_moment(value)


class Base(DeclarativeBase):
    """Every table has an integer key and constraints named by one convention."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: UTCDateTime}

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


def choice(enum: type[StrEnum]) -> Enum:
    """Return the column type of a closed set, stored as its value (short text)."""
    return Enum(
        enum,
        native_enum=False,
        length=24,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def sorted_bytewise(length: int) -> String:
    """Return a text type compared byte by byte, so that a prefix is a range of the index."""
    text = String(length)
    return text.with_variant(String(length, collation="C"), "postgresql")


class Numbers(TypeDecorator[list[int]]):
    """Numbers as one parameter: an array, on SQLite a list in JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kept = Text() if dialect.name == "sqlite" else ARRAY(Integer)
        return dialect.type_descriptor(kept)

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


class _OneOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_OneOf":  # noqa: ARG002
        # A condition as it stands. To SQLite, which has no booleans, it would be compared with 1,
        # and then no index is asked.
        return self


@compiles(_OneOf)
def _in_array(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, numbers = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY({numbers})"


@compiles(_OneOf, "sqlite")
def _in_json(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, numbers = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608  nothing typed


def one_of(column: ColumnElement[int] | InstrumentedAttribute[int], name: str) -> _OneOf:
    """Return the condition that the column is one of the numbers in the parameter `name`.

    However many there are, the statement stays the same: it is built and prepared once.
    """
    return _OneOf(column, bindparam(name, type_=Numbers()))


def as_stored(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Return the column as the driver gives it, for rows that are kept by what they say."""
    return type_coerce(column, NullType())


@lru_cache(maxsize=_MOMENTS_KEPT)
def stored_moment(value: str | datetime | None) -> datetime | None:
    """Return the moment that stands in a column of UTCDateTime read `as_stored`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# What PostgreSQL calls the type of exact numbers: SQLAlchemy asks it before it reads one.
_NUMERIC = 1700


def reader_of(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what makes a value of this type of what the driver gives, None where that is it."""
    return kind.dialect_impl(dialect).result_processor(dialect, _NUMERIC)


def alias_of(entity: type[AnyEntity], name: str | None = None) -> type[AnyEntity]:
    """Return an alias that threads may share: for what is made once, with the module.

    SQLAlchemy finds the columns of an alias when one is first asked for; of threads that do so at
    the same time, some are given columns of the table instead. Here one is asked for at once.
    """
    made = aliased(entity, name=name)
    made.id.expression  # noqa: B018  asked for, not needed
    return made


_REMEMBERED: "WeakKeyDictionary[Pool, dict[str, dict[Any, Any]]]" = WeakKeyDictionary()

db = SQLAlchemy(metadata=Base.metadata)


def init_app(app: Flask) -> None:
    """Bind the database named by PORTAL_DATABASE_URL."""
    url = make_url(app.config["PORTAL_DATABASE_URL"])
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {"pool_pre_ping": url.get_backend_name() != "sqlite"}
    options["pool_size"] = max(5, int(app.config["PORTAL_THREADS"]) + 2)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    if url.get_backend_name() == "sqlite":
        with app.app_context():
            event.listen(db.engine, "connect", _open_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
            event.listen(db.engine, "checkin", _let_next_in)


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours to say, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA case_sensitive_like = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    driver: Any = connection.connection.driver_connection
    if not options.get("portal_writes", False):
        driver.execute("BEGIN")
        return
    line = _line_before(connection.engine)
    if line is not None:
        if not line.enter(options.get("portal_patience_ms", BUSY_TIMEOUT_MS) / 1000):
            busy = sqlite3.OperationalError("database is locked")
            raise OperationalError("BEGIN IMMEDIATE", None, busy)
        connection.info[_IN_LINE] = line
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _let_next_in(_connection: object, record: ConnectionPoolEntry) -> None:
    """The transaction is over, whichever way, when its connection comes back."""
    line: WaitingLine | None = record.info.pop(_IN_LINE, None)
    if line is not None:
        line.leave()


def _line_before(engine: Engine) -> WaitingLine | None:
    """Return the line before the engine's file; a database in memory has none."""
    path = engine.url.database
    if not path or path == ":memory:":
        return None
    with _LINES_LOCK:
        return _LINES.setdefault(path, WaitingLine(Path(f"{path}-line")))


def begin_write() -> None:
    """Start the session's transaction as one that writes; it must not have begun yet."""
    if db.session().in_transaction():
        raise RuntimeError("a transaction that writes must be begun before the first read")
    db.session.connection(execution_options={"portal_writes": True})


@contextmanager
def write_transaction() -> Iterator[None]:
    """Do everything inside or nothing: for commands, jobs and views that write late.

    A read transaction that is still open is closed first; what it loaded is loaded again.
    """
    db.session.rollback()
    begin_write()
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def remembered(what: str) -> dict[Any, Any]:
    """Return what this process keeps under that name of what it has read from this database.

    Only for what cannot change under its key. Forgotten when the connections are closed:
    another database may stand behind the next ones.
    """
    kept: dict[str, dict[Any, Any]] = _REMEMBERED.setdefault(db.engine.pool, {})
    return kept.setdefault(what, {})


@contextmanager
def brief_write() -> Iterator[Connection]:
    """Write a side note on a connection of its own, or raise OperationalError at once.

    For what must never keep an answer waiting: it waits a fifth of a second, not its turn.
    """
    options = {"portal_writes": True, "portal_patience_ms": BRIEF_TIMEOUT_MS}
    with db.engine.connect().execution_options(**options) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        patience = connection.connection.cursor()
        if is_sqlite:
            patience.execute(f"PRAGMA busy_timeout = {BRIEF_TIMEOUT_MS}")
        try:
            with connection.begin():
                if not is_sqlite:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BRIEF_TIMEOUT_MS}ms'")
                yield connection
        finally:
            if is_sqlite:
                patience.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            patience.close()
