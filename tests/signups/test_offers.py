"""Offers: a place is held, the person is asked once, and the clock counts working time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.database import db, write_transaction
from portal.events import moves
from portal.events.models import Event
from portal.events.queries import event as event_by_id
from portal.messages.models import Message
from portal.people.models import Person
from portal.signups import queries, services
from portal.signups.models import OfferEnd, Signup, SignupMove, SignupStatus
from portal.signups.rules import Rules
from tests import factories
from tests.chores import work_at
from tests.factories import Street, commit
from tests.page import Browser
from tests.signups.conftest import with_grants

MONDAY = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
STARTS = MONDAY + timedelta(days=10, hours=4)
CONFIRMED, WAITLISTED = SignupStatus.CONFIRMED, SignupStatus.WAITLISTED


@pytest.fixture
def street(app: Flask) -> Any:
    with time_machine.travel(MONDAY, tick=False):
        yield Street()


def asked(street: Street, *people: Person, **rules: Any) -> Event:
    """One place; `a` had it and left on Monday at 10, the first of these is asked."""
    made = factories.event(street.street, street.office, starts_at=STARTS, capacity=1)
    commit()
    with write_transaction():
        services.set_rules(
            event=event_by_id(made.id),
            rules=Rules(**{"offer_hours": 4, **rules}),
            units=[],
            actor=with_grants(street.office),
        )
    for each in (street.a, *people):
        with write_transaction():
            services.sign_up(event=event_by_id(made.id), person=each, actor=with_grants(each))
    with write_transaction():
        services.cancel(event=event_by_id(made.id), signup=row(made, street.a), actor=street.a)
    found: Event = made
    return found


def row(event: Event, who: Person) -> Signup:
    found = queries.signup_of(event, who)
    assert found is not None
    return found


def stands(event: Event, who: Person) -> tuple[SignupStatus, bool]:
    db.session.rollback()
    found = row(event, who)
    return found.status, found.is_offered


def told(who: Person) -> list[str]:
    db.session.rollback()
    wanted = select(Message.subject).where(Message.person_id == who.id).order_by(Message.id)
    return list(db.session.scalars(wanted))


def test_who_is_asked_keeps_waiting_in_words_for_machines_and_reads_until_when(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = asked(street, street.b, street.c)
    page = browser.sign_in("b").get(f"/events/{event.id}")
    assert page.by("data-my-signup")[0].get("data-my-signup") == "waitlisted"
    assert "请在 今天 14:00 前确认" in page.text
    assert told(street.b) == [f"候补轮到了，请在11月23日 14:00前确认：{event.title}"]
    counts = queries.counts([event.id])[event.id]
    assert (counts.confirmed, counts.offered, counts.waitlisted) == (0, 1, 1)
    assert counts.free(event.capacity) == 0
    assert "候补第 1 位" in Browser(browser.app).sign_in("c").get(f"/events/{event.id}").text
    page = browser.submit(browser.get(f"/events/{event.id}").form("/accept"))
    assert "已确认参加" in page.text
    assert stands(event, street.b) == (CONFIRMED, False)


def test_the_home_of_who_is_asked_says_so(browser: Browser, street: Street) -> None:
    asked(street, street.b)
    page = browser.sign_in("b").get("/")
    assert "候补轮到，请确认" in page.text
    assert "请在 今天 14:00 前确认" in page.text


def test_nobody_gets_the_place_that_is_held(street: Street, any_database: str) -> None:
    event = asked(street, street.b)
    with write_transaction():
        late = services.sign_up(event=event_by_id(event.id), person=street.d, actor=street.d)
        assert late.status is WAITLISTED
        assert not late.is_offered


def test_who_declines_lets_the_next_be_asked(browser: Browser, street: Street) -> None:
    event = asked(street, street.b, street.c)
    page = browser.sign_in("b").get(f"/events/{event.id}")
    assert "已谢绝" in browser.submit(page.form("/turn-down")).text
    assert stands(event, street.b) == (SignupStatus.CANCELLED, False)
    assert stands(event, street.c) == (WAITLISTED, True)


def test_an_offer_ends_in_time_counts_as_given_up_and_is_told_once(
    app: Flask, street: Street, any_database: str
) -> None:
    event = asked(street, street.b, street.c)
    work_at(app, MONDAY + timedelta(hours=3, minutes=59))
    assert stands(event, street.b) == (WAITLISTED, True)
    work_at(app, MONDAY + timedelta(hours=4, minutes=6))
    assert stands(event, street.b) == (SignupStatus.CANCELLED, False)
    assert stands(event, street.c) == (WAITLISTED, True)
    assert told(street.b)[-1] == f"您的报名已取消：{event.title}"
    work_at(app, MONDAY + timedelta(hours=4, minutes=12))
    assert len(told(street.b)) == 2
    log = db.session.scalars(select(SignupMove.reason).where(SignupMove.event_id == event.id))
    assert any("没有在限期内确认，算作放弃" in reason for reason in log)


def test_too_late_an_answer_is_refused_though_nobody_has_swept(
    browser: Browser, street: Street
) -> None:
    event = asked(street, street.b)
    with time_machine.travel(MONDAY + timedelta(hours=4, minutes=1), tick=False):
        browser.sign_in("b")
        page = browser.post(f"/events/{event.id}/signups/{row(event, street.b).id}/accept", {})
        assert page.status == 409
        assert "答复的时间已过" in page.alert


@pytest.mark.parametrize(
    ("rules", "until"),
    [
        ({"offer_hours": 4}, "2026-11-23T14:00:00+08:00"),
        ({"offer_hours": 10}, "2026-11-24T11:00:00+08:00"),
        ({"offer_hours": 45}, "2026-11-30T10:00:00+08:00"),
    ],
)
def test_the_clock_counts_working_time(street: Street, rules: dict[str, Any], until: str) -> None:
    event = asked(street, street.b, **rules)
    assert row(event, street.b).offer_ends_at == datetime.fromisoformat(until)


def test_an_offer_ends_at_the_start_or_with_sign_up_as_the_rule_says(street: Street) -> None:
    made = {}
    for end in OfferEnd:
        event = asked(street, street.b, offer_hours=45, offer_end=end)
        event = event_by_id(event.id)
        event.signup_closes_at = MONDAY + timedelta(hours=30)
        event.starts_at = MONDAY + timedelta(hours=40)
        db.session.commit()
        with write_transaction():
            services.turn_down(
                event=event_by_id(event.id), signup=row(event, street.b), actor=street.b
            )
            services.sign_up(event=event_by_id(event.id), person=street.c, actor=street.c)
            services.sign_up(event=event_by_id(event.id), person=street.d, actor=street.d)
            services.cancel(
                event=event_by_id(event.id), signup=row(event, street.c), actor=street.c
            )
        made[end] = row(event, street.d).offer_ends_at
    assert made == {
        OfferEnd.START: MONDAY + timedelta(hours=40),
        OfferEnd.CLOSE: MONDAY + timedelta(hours=30),
    }


def test_the_host_answers_for_whoever_called_and_strangers_do_not(
    app: Flask, browser: Browser, street: Street
) -> None:
    event = asked(street, street.b)
    path = f"/events/{event.id}/signups/{row(event, street.b).id}"
    assert browser.sign_in("d").post(f"{path}/accept", {}).status == 403
    host = Browser(app).sign_in("office")
    page = host.submit(host.get(f"{path}/queue").form("/accept"))
    assert "已确认参加" in page.text
    assert stands(event, street.b) == (CONFIRMED, False)
    assert host.post(f"{path}/accept", {}).status == 409


def test_those_who_go_together_are_asked_together_and_one_answers(street: Street) -> None:
    made = factories.event(street.street, street.office, starts_at=STARTS, capacity=2)
    commit()
    with write_transaction():
        services.set_rules(
            event=event_by_id(made.id),
            rules=Rules(offer_hours=4),
            units=[],
            actor=with_grants(street.office),
        )
        for each in (street.a, street.d):
            services.sign_up(event=event_by_id(made.id), person=each, actor=with_grants(each))
        found = queries.chosen_people([street.b.id, street.c.id])
        services.sign_up_many(
            event=event_by_id(made.id),
            people=found,
            actor=with_grants(street.office),
            together=True,
        )
    for each in (street.a, street.d):
        with write_transaction():
            services.cancel(event=event_by_id(made.id), signup=row(made, each), actor=each)
    assert stands(made, street.b) == stands(made, street.c) == (WAITLISTED, True)
    with write_transaction():
        services.accept(event=event_by_id(made.id), signup=row(made, street.b), actor=street.b)
    assert stands(made, street.b) == stands(made, street.c) == (CONFIRMED, False)


def test_an_event_put_off_asks_nobody_and_keeps_the_position(street: Street) -> None:
    event = asked(street, street.b, street.c)
    with write_transaction():
        moves.postpone(event=event_by_id(event.id), reason="台风", actor=with_grants(street.office))
    assert stands(event, street.b) == (WAITLISTED, False)
    assert queries.positions([row(event, street.b)])[row(event, street.b).id] == 1


def test_less_places_than_are_held_are_refused(browser: Browser, street: Street) -> None:
    made = factories.event(street.street, street.office, starts_at=STARTS, capacity=2)
    commit()
    with write_transaction():
        services.set_rules(
            event=event_by_id(made.id),
            rules=Rules(offer_hours=4),
            units=[],
            actor=with_grants(street.office),
        )
        for each in (street.a, street.b, street.c):
            services.sign_up(event=event_by_id(made.id), person=each, actor=with_grants(each))
        services.cancel(event=event_by_id(made.id), signup=row(made, street.a), actor=street.a)
    form = browser.sign_in("office").get(f"/events/{made.id}/edit").form(f"/events/{made.id}/edit")
    page = browser.submit(form, capacity="1")
    assert page.status == 422
    assert "1 人报名成功、1 人待确认" in page.errors()["capacity"]
