"""What the page of a route says of the lessons that follow it."""

import pytest
from flask import Flask

from portal.lessons.models import LessonState
from tests import factories
from tests.factories import Street
from tests.page import Browser


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def test_a_route_names_the_published_lessons_that_follow_it(
    browser: Browser, street: Street, any_database: str
) -> None:
    site = factories.site(street.shantou, street.secretary)
    route = factories.route(street.shantou, street.secretary, [site])
    other = factories.route(street.shantou, street.secretary, [site])
    followed = factories.lesson(street.shantou, street.secretary, title="走一条街", route=route)
    factories.lesson(
        street.shantou, street.secretary, title="还没写完", route=route, state=LessonState.DRAFT
    )
    factories.commit()
    page = browser.sign_in("a").get(f"/routes/{route.id}")
    assert "走这条路线的党课" in page.text
    assert any(link.get("href") == f"/lessons/{followed.id}" for link in page.find_all("a"))
    assert "还没写完" not in page.text
    assert "走这条路线的党课" not in browser.get(f"/routes/{other.id}").text
