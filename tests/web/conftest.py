"""What tests of the web's floor share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.database import db
from tests.instances import make_app


@pytest.fixture
def own_app(tmp_path: Path, sqlite_template: Path) -> Iterator[Flask]:
    """A portal to which a test may add a route, on an empty database."""
    instance = tmp_path / "own"
    instance.mkdir()
    shutil.copy(sqlite_template, instance / "portal.sqlite")
    portal = make_app(instance)
    yield portal
    with portal.app_context():
        db.engine.dispose()
