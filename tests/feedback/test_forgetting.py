"""Once a questionnaire is closed nobody knows any more who has answered; the numbers stay."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import Event, EventState
from portal.feedback import queries
from portal.feedback.models import FeedbackDismissal, FeedbackMark
from tests.chores import work_at
from tests.factories import Street
from tests.feedback.conftest import Afterwards
from tests.page import Browser

SignedIn = Callable[[str], Browser]
DAY = timedelta(days=1)


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def marks() -> tuple[int, int]:
    """How many have answered, as far as is known, and how many were left alone."""
    db.session.rollback()
    return (
        len(db.session.scalars(db.select(FeedbackMark.person_id)).all()),
        len(db.session.scalars(db.select(FeedbackDismissal.person_id)).all()),
    )


def test_the_night_after_the_end_it_is_forgotten_who_answered_and_never_asked_again(
    app: Flask, afterwards: Afterwards, signed_in: SignedIn
) -> None:
    street, event_id = afterwards.street, afterwards.event.id
    closes_at = afterwards.event.ends_at + 3 * DAY
    title = afterwards.event.title
    crowd = afterwards.crowd(3)
    afterwards.attend(street.a, street.b)
    afterwards.ask(days=3)
    afterwards.answer(*crowd, street.a)
    signed_in("b").post(afterwards.path("/dismiss"))
    work_at(app, closes_at - timedelta(minutes=1))
    assert marks() == (4, 1)
    key = "填过反馈的活动（问卷截止后不再记录）"
    assert signed_in("a").client.get("/me/data.json").get_json()[key] == [title]
    work_at(app, closes_at + DAY)
    assert marks() == (0, 0)
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "feedback.forget"))
    assert entry.one().actor_id is None
    with time_machine.travel(closes_at + DAY):
        member = signed_in("a")
        assert member.client.get("/me/data.json").get_json()[key] == []
        assert not member.get(f"/events/{event_id}").by("data-feedback")
        assert "谁填过已经不再记着" in member.get(afterwards.path("/answer")).text
        host = signed_in("secretary")
        page = host.get(afterwards.path())
        assert "收到 4 份反馈" in page.text
        assert "已截止" in page.text
        assert afterwards.path("/setting") not in page.links().values()
        # Whoever asks for more days after all, and whoever moves the event, opens nothing.
        form = host.get(afterwards.path("/setting")).form("/setting")
        page = host.submit(form, days="60")
        assert page.status == 409
        assert "不能再开放" in page.alert
        event = db.session.get_one(Event, event_id)
        event.ends_at = clock.now() - timedelta(hours=1)
        db.session.commit()
        refused = member.post(afterwards.path("/answer"), {"version": "1", "q1": "0"})
        assert refused.status == 409
    assert marks() == (0, 0)
    db.session.rollback()
    assert queries.count_answers(queries.feedback(event_id)) == 4


def test_what_was_put_off_with_its_event_is_not_forgotten_yet(
    app: Flask, afterwards: Afterwards
) -> None:
    afterwards.ask(days=1)
    afterwards.answer(*afterwards.crowd(2))
    event = db.session.get_one(Event, afterwards.event.id)
    event.state = EventState.POSTPONED
    ends_at = event.ends_at
    work_at(app, ends_at + 9 * DAY)
    assert marks() == (2, 0)
    db.session.get_one(Event, afterwards.event.id).state = EventState.CANCELLED
    work_at(app, ends_at + 10 * DAY)
    assert marks() == (0, 0)
