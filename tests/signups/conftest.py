"""An event in the street, and ways to act on it as the views do."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.database import db, write_transaction
from portal.people.models import Person, RoleGrant
from tests.factories import Street

Acting = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def acting(app: Flask) -> Acting:
    """A transaction that writes, as `@writes` begins one."""
    return write_transaction


def with_grants(who: Person) -> Person:
    """The person as a view loads whoever acts: with the roles and where they hold."""
    wanted = select(Person).options(selectinload(Person.grants).joinedload(RoleGrant.organisation))
    found = db.session.scalar(
        wanted.where(Person.id == who.id).execution_options(populate_existing=True)
    )
    assert found is not None
    return found
