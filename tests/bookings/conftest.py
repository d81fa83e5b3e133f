"""A street with a site whose slots are hours, and browsers that have signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.database import db
from tests.bookings import worlds
from tests.factories import Street
from tests.page import Browser


class Scene:
    """A street; its community 汕头路 has a site with 红色书屋 (30) and 议事厅 (12)."""

    def __init__(self) -> None:
        self.street = Street()
        made = worlds.site(self.street.shantou, self.street.keeper)
        worlds.rules(made)
        self.site_id = made.id
        self.large_id, self.small_id = (room.id for room in made.rooms)
        db.session.commit()

    @property
    def new(self) -> str:
        return f"/sites/{self.site_id}/bookings/new"

    def path(self, booking_id: int, step: str = "") -> str:
        return f"/sites/{self.site_id}/bookings/{booking_id}{step}"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


SignedIn = Callable[[str], Browser]


@pytest.fixture
def signed_in(app: Flask) -> SignedIn:
    return lambda username: Browser(app).sign_in(username)
