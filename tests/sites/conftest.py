"""A sub-district with a site, and a few ways to look at it."""

import pytest
from flask import Flask

from portal.sites.models import Site
from tests import factories
from tests.factories import Street


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def site(street: Street) -> Site:
    """A named site of branch one; the keeper keeps it."""
    made = factories.site(street.branch_one, street.secretary, name="鲁商首府小区示范点")
    factories.commit()
    return made
