"""An event in the street, and ways to act on it as the views do."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from portal.database import write_transaction
from tests.factories import Street

Acting = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def acting(app: Flask) -> Acting:
    """A transaction that writes, as `@writes` begins one."""
    return write_transaction
