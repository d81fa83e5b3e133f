"""Portals for tests, and what to do where a database or a browser is missing."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from portal import create_app
from portal.cli import MIGRATIONS
from portal.database import db, write_transaction
from portal.demo import services as demo
from portal.web.once import Once
from tests.commands import SECRET_KEY
from tests.page import RealClient

REQUIRED = set(filter(None, os.environ.get("PORTAL_REQUIRE", "").split(",")))

# What templates compile to is the same for every application, in every process of the run.
COMPILED = FileSystemBytecodeCache(
    os.environ.get("PORTAL_TEST_TEMPLATES") or tempfile.mkdtemp(prefix="portal-templates-")
)
os.environ["PORTAL_TEST_TEMPLATES"] = COMPILED.directory


def left_out(what: str, why: str) -> NoReturn:
    """Skip in plain words, or fail where `what` is required (CI)."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here, but {why}")
    pytest.skip(f"left out: {what}: {why}")


def make_app(instance: Path, database_url: str = "", **settings: object) -> Flask:
    """Return a portal in the test environment with its own instance folder."""
    os.environ["PORTAL_INSTANCE_PATH"] = str(instance)
    try:
        portal = create_app(
            PORTAL_ENV="test",
            PORTAL_SECRET_KEY=SECRET_KEY,
            PORTAL_DATABASE_URL=database_url,
            TESTING=True,
            PORTAL_WATCHERS_SHARE_MS=0,
            **settings,
        )
    finally:
        del os.environ["PORTAL_INSTANCE_PATH"]
    portal.test_client_class = RealClient
    portal.jinja_env.bytecode_cache = COMPILED
    # A part of a page that looks at more than it names fails its test.
    portal.jinja_env.extensions[Once.identifier].is_checked = True  # type: ignore[attr-defined]
    return portal


def migrate(app: Flask) -> None:
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        db.session.remove()
        db.engine.dispose()


def load_demo(instance: Path) -> None:
    """Fill a migrated instance folder with the demo."""
    portal = make_app(instance)
    with portal.app_context():
        with write_transaction():
            demo.fill()
        demo.make_files()
        db.session.remove()
        db.engine.dispose()


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder, made by the first of the test processes that asks for it.

    The others wait for it. What `make` leaves behind must be closed, and is only copied.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = folder.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir()
            make(begun)
            begun.rename(folder)
    return folder
