"""A street, and browsers that have signed in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.cases.models import Case
from portal.database import db
from tests.factories import Street
from tests.page import Browser

SignedIn = Callable[[str], Browser]


@pytest.fixture(autouse=True)
def no_tries_yet(app: Flask) -> None:
    """Wrong codes of another test do not count."""
    app.extensions.pop("portal_case_codes", None)


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def as_(app: Flask) -> SignedIn:
    """A browser for each user name, signed in; anew where a session would be over by now."""
    browsers: dict[str, tuple[datetime, Browser]] = {}

    def browser_of(username: str) -> Browser:
        known = browsers.get(username)
        if known is None or abs(clock.now() - known[0]) > timedelta(minutes=10):
            browsers[username] = clock.now(), Browser(app).sign_in(username)
        return browsers[username][1]

    return browser_of


def again(case: Case) -> Case:
    """Return the case as it stands in the database now."""
    db.session.expire_all()
    return db.session.get_one(Case, case.id)
