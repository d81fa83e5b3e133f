"""The page of one event."""

from tests import factories
from tests.factories import Street
from tests.page import Browser


def test_everybody_opens_a_published_open_event(browser: Browser) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary, title="情景党课：守护")
    page = browser.sign_in("d").get(f"/events/{event.id}")
    assert page.status == 200
    assert page.h1 == "情景党课：守护"
