"""Approval: asked for, given or not with a reason, and told; who is pending holds no place."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db, write_transaction
from portal.events.models import Event
from portal.events.queries import event as event_by_id
from portal.messages.models import Message
from portal.people.models import Person
from portal.signups import queries, services
from portal.signups.models import Signup, SignupStatus
from portal.signups.rules import Rules
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser
from tests.signups.conftest import with_grants

PENDING, CONFIRMED, WAITLISTED, DECLINED = (
    SignupStatus.PENDING,
    SignupStatus.CONFIRMED,
    SignupStatus.WAITLISTED,
    SignupStatus.DECLINED,
)


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def held(street: Street, **values: Any) -> Event:
    made: Event = factories.event(street.street, street.office, **values)
    commit()
    with write_transaction():
        services.set_rules(
            event=event_by_id(made.id),
            rules=Rules(needs_approval=True),
            units=[],
            actor=with_grants(street.office),
        )
    return made


def ask(event: Event, *people: Person) -> None:
    for each in people:
        with write_transaction():
            services.sign_up(event=event_by_id(event.id), person=each, actor=with_grants(each))


def row(event: Event, who: Person) -> Signup:
    db.session.rollback()
    found = queries.signup_of(event, who)
    assert found is not None
    return found


def stands(event: Event, *people: Person) -> list[SignupStatus]:
    return [row(event, each).status for each in people]


def told(who: Person) -> list[str]:
    wanted = select(Message.subject).where(Message.person_id == who.id).order_by(Message.id)
    return [subject.partition("：")[0] for subject in db.session.scalars(wanted)]


def decide(browser: Browser, event: Event, what: str, *people: Person, **typed: str) -> Any:
    ids = [str(row(event, each).id) for each in people]
    return browser.post(f"/events/{event.id}/signups/{what}", {"signup": ids, **typed})


def test_one_asks_and_holds_no_place_and_may_take_it_back(
    browser: Browser, street: Street, any_database: str, way: str
) -> None:
    event = held(street, capacity=1)
    page = browser.sign_in("a").get(f"/events/{event.id}")
    page = browser.submit(page.form(f"/events/{event.id}/signups"), htmx=way == "htmx")
    assert page.by("data-my-signup")[0].get("data-my-signup") == "pending"
    assert "待审核" in page.text
    assert "审核前不占名额" in page.text
    assert "还剩 1 个" in page.text
    page = browser.submit(browser.get(f"/events/{event.id}").form("/cancel"))
    assert stands(event, street.a) == [SignupStatus.CANCELLED]


def test_many_are_let_in_at_once_in_the_order_in_which_they_asked(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = held(street, capacity=2)
    ask(event, street.a, street.b, street.c, street.d)
    browser.sign_in("office")
    page = browser.get(f"/events/{event.id}/signups?show=pending")
    assert "待审核 4" in page.text
    page = decide(browser, event, "approve", street.d, street.c, street.b)
    assert "已通过 3 人，其中 1 人因名额已满排进候补" in page.text
    assert stands(event, street.a, street.b, street.c, street.d) == [
        PENDING,
        CONFIRMED,
        CONFIRMED,
        WAITLISTED,
    ]
    assert told(street.b) == ["报名审核通过"]
    assert told(street.d) == ["报名审核通过，正在候补"]
    # Let in later, but asked first: before the other on the waiting list.
    decide(browser, event, "approve", street.a)
    first, second = row(event, street.a), row(event, street.d)
    assert queries.positions([first, second]) == {first.id: 1, second.id: 2}
    assert decide(browser, event, "approve", street.a).status == 409
    assert len(told(street.a)) == 1


def test_who_is_not_let_in_reads_why_and_cannot_ask_again(
    app: Flask, browser: Browser, street: Street
) -> None:
    event = held(street)
    ask(event, street.a, street.b)
    browser.sign_in("office")
    page = decide(browser, event, "decline", street.a, street.b)
    assert page.status == 422
    assert "请写明原因" in page.alert
    page = decide(browser, event, "decline", street.a, street.b, reason="本期只收支部委员")
    assert "2 人的报名没有通过" in page.text
    assert stands(event, street.a, street.b) == [DECLINED, DECLINED]
    mine = Browser(app).sign_in("a")
    page = mine.get(f"/events/{event.id}")
    assert page.by("data-my-signup")[0].get("data-my-signup") == "declined"
    assert "本期只收支部委员" in page.text
    assert not [form for form in page.forms() if form.action.endswith("/signups")]
    assert mine.post(f"/events/{event.id}/signups", {}).status == 409
    assert told(street.a) == ["报名没有通过审核"]
    page = browser.get(f"/events/{event.id}/signups?show=declined")
    assert "审核未通过：本期只收支部委员" in page.text


def test_an_approval_taken_back_frees_the_place(street: Street, any_database: str) -> None:
    event = held(street, capacity=1)
    ask(event, street.a, street.b)
    with write_transaction():
        ids = [row(event, street.a).id, row(event, street.b).id]
        services.approve(event=event_by_id(event.id), ids=ids, actor=with_grants(street.office))
    assert stands(event, street.a, street.b) == [CONFIRMED, WAITLISTED]
    with write_transaction():
        services.decline(
            event=event_by_id(event.id),
            ids=[row(event, street.a).id],
            reason="不是本期学员",
            actor=with_grants(street.office),
        )
    assert stands(event, street.a, street.b) == [DECLINED, CONFIRMED]


def test_after_the_deadline_who_is_let_in_has_a_place_at_once(street: Street) -> None:
    event = held(street, capacity=1, starts_at=clock.now() + timedelta(days=2))
    ask(event, street.a)
    made = event_by_id(event.id)
    made.signup_closes_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    with write_transaction():
        ids = [row(event, street.a).id]
        services.approve(event=event_by_id(event.id), ids=ids, actor=with_grants(street.office))
    assert stands(event, street.a) == [CONFIRMED]


def test_whom_the_host_signs_up_needs_no_approval_others_do(
    app: Flask, browser: Browser, street: Street
) -> None:
    event = held(street)
    browser.sign_in("office").post(
        f"/events/{event.id}/signups/add", {"person": [str(street.a.id)]}
    )
    page = (
        Browser(app)
        .sign_in("secretary")
        .post(f"/events/{event.id}/signups/add", {"person": [str(street.b.id)]})
    )
    assert "待主办方审核 1 人" in page.text
    assert stands(event, street.a, street.b) == [CONFIRMED, PENDING]


def test_homes_tell_who_waits_for_approval_and_who_is_to_decide(
    app: Flask, browser: Browser, street: Street
) -> None:
    event = held(street)
    ask(event, street.a)
    page = browser.sign_in("a").get("/")
    assert "我的候补和待审核" in page.text
    page = Browser(app).sign_in("office").get("/")
    assert page.by("data-task", "approval")
    assert page.links()["去审核"] == f"/events/{event.id}/signups?show=pending"


def test_nobody_ticked_is_said(browser: Browser, street: Street) -> None:
    event = held(street)
    browser.sign_in("office")
    assert "请先勾选" in browser.post(f"/events/{event.id}/signups/approve", {}).alert
    assert "请先勾选" in browser.post(f"/events/{event.id}/signups/decline", {}).alert


def test_approval_is_not_switched_off_while_people_wait_for_it(
    browser: Browser, street: Street
) -> None:
    event = held(street)
    ask(event, street.a)
    form = browser.sign_in("office").get(f"/events/{event.id}/signups/rules").form("/rules")
    form.fields.pop("needs_approval")
    page = browser.submit(form)
    assert page.status == 422
    assert "还有 1 人待审核" in page.text
