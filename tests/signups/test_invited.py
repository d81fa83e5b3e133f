"""The invited answer: yes by signing up, no with a reason; the host sees who has not answered."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from portal import clock
from portal.database import db
from portal.events.models import Audience, Event, EventInvitation
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Page

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def event(street: Street) -> Event:
    made: Event = factories.event(street.shantou, street.secretary, audience=Audience.INVITED)
    for person in (street.a, street.b, street.c):
        db.session.add(
            EventInvitation(
                event_id=made.id,
                person_id=person.id,
                invited_by_id=street.secretary.id,
                invited_at=clock.now(),
            )
        )
    commit()
    return made


def answers(page: Page) -> dict[str, str]:
    return {
        row.get("data-person") or "": row.get("data-answer") or "" for row in page.by("data-answer")
    }


def test_the_host_sees_who_comes_who_cannot_and_who_has_not_answered(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    browser.sign_in("a").post(f"/events/{event.id}/signups")
    form = browser.sign_in("b").get(f"/events/{event.id}").form("/refuse")
    page = browser.submit(form, reason="出差")
    assert "您已答复不能来（出差）" in page.text
    page = browser.sign_in("secretary").get(f"/events/{event.id}/signups/invited")
    assert answers(page) == {
        str(street.a.id): "yes",
        str(street.b.id): "no",
        str(street.c.id): "none",
    }
    assert "出差" in page.text


def test_who_has_answered_no_may_still_sign_up_and_then_comes(
    browser: Browser, street: Street, event: Event
) -> None:
    browser.sign_in("b").post(f"/events/{event.id}/signups/refuse", {"reason": "出差"})
    browser.post(f"/events/{event.id}/signups")
    browser.post(f"/events/{event.id}/signups/cancel")
    page = browser.sign_in("secretary").get(f"/events/{event.id}/signups/invited")
    assert answers(page)[str(street.b.id)] == "none"


def test_only_the_invited_answer_and_not_once_they_are_signed_up(
    browser: Browser, street: Street, event: Event
) -> None:
    path = f"/events/{event.id}/signups"
    browser.sign_in("a").post(path)
    assert browser.post(f"{path}/refuse").status == 409
    open_to_all: Event = factories.event(street.shantou, street.secretary)
    commit()
    assert browser.post(f"/events/{open_to_all.id}/signups/refuse").status == 409
    assert "不能来" not in browser.get(f"/events/{open_to_all.id}").text
