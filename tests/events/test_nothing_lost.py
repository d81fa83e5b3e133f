"""What was typed about an event survives what others do meanwhile; pressing twice makes one."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal import clock
from portal.database import db
from portal.events.models import Audience, Event, EventInvitation, EventState
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page


def typed(days: int, hour: int) -> str:
    day = clock.local(clock.now() + timedelta(days=days))
    return f"{day:%Y-%m-%d}T{hour:02d}:00"


def filled(**more: Any) -> dict[str, Any]:
    return {
        "title": "十二月主题党课",
        "kind": "lesson",
        "starts_at": typed(5, 9),
        "ends_at": typed(5, 11),
        "summary": "写了半小时的简介",
        **more,
    }


def events() -> list[Event]:
    return list(db.session.scalars(db.select(Event).order_by(Event.id)))


def saved_after(app: Flask, street: Street, act: str, **data: str) -> Page:
    """The secretary saves a form that was open while the office acted on the event."""
    event = factories.event(street.shantou, street.secretary, state=EventState.DRAFT)
    factories.commit()
    path = f"/events/{event.id}"
    form = Browser(app).sign_in("secretary").get(f"{path}/edit").form("/edit")
    office = Browser(app).sign_in("office")
    if act == "cancel":
        office.post(f"{path}/publish")
    assert office.post(f"{path}/{act}", data).status == 200
    browser = Browser(app).sign_in("secretary")
    return browser.submit(form, csrf_token=browser.token(), **filled())


@pytest.mark.parametrize(
    ("act", "status", "words"),
    [("discard", 404, "没有找到这次活动"), ("cancel", 409, "已经取消，不能修改")],
)
def test_what_was_typed_can_become_a_new_draft_when_the_event_has_gone(
    app: Flask, act: str, status: int, words: str
) -> None:
    page = saved_after(app, Street(), act, reason="大风")
    assert page.status == status
    assert words in page.alert
    assert "您填写的内容都在下面" in page.alert
    form = page.form("/events/new")
    assert form.fields["title"] == "十二月主题党课"
    assert form.fields["summary"].strip() == "写了半小时的简介"
    browser = Browser(app).sign_in("secretary")
    kept = browser.submit(form, csrf_token=browser.token(), then="save")
    assert kept.h1 == "十二月主题党课"
    assert events()[-1].state is EventState.DRAFT


def test_who_posts_nothing_is_told_no_more_than_before(browser: Browser) -> None:
    Street()
    assert browser.sign_in("secretary").get("/events/999/edit").status == 404
    assert browser.sign_in("a").post("/events/999/edit", filled()).status == 404


def test_a_button_pressed_twice_makes_one_event(browser: Browser, any_database: str) -> None:
    Street()
    browser.sign_in("secretary")
    first = browser.post("/events/new", filled(then="publish"))
    second = browser.post("/events/new", filled(then="publish"))
    assert (first.status, second.status) == (200, 200)
    assert second.h1 == "十二月主题党课"
    assert "已发布" in second.text
    assert len(events()) == 1


def test_another_place_another_person_or_another_minute_is_another_event(app: Flask) -> None:
    street = Street()
    secretary, office = Browser(app).sign_in("secretary"), Browser(app).sign_in("office")
    host = street.shantou.id
    secretary.post("/events/new", filled(host=host))
    secretary.post("/events/new", filled(host=host, place="二楼"))
    office.post("/events/new", filled(host=host))
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=True):
        secretary.post("/events/new", filled(host=host))
    assert len(events()) == 4


def test_copying_twice_at_once_makes_one_copy_with_its_invitations(browser: Browser) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary, audience=Audience.INVITED)
    db.session.add(
        EventInvitation(
            event_id=event.id,
            person_id=street.c.id,
            invited_by_id=street.secretary.id,
            invited_at=clock.now(),
        )
    )
    factories.commit()
    browser.sign_in("secretary")
    for _ in range(2):
        assert browser.post(f"/events/{event.id}/copy").status == 200
    assert len(events()) == 2
    assert db.session.query(EventInvitation).count() == 2


@pytest.mark.parametrize("title", ["\ufeff", "\u200b\u200d", "\u2028 \u3000"])
def test_a_title_that_nobody_sees_is_none(browser: Browser, title: str) -> None:
    Street()
    page = browser.sign_in("secretary").post("/events/new", filled(title=title))
    assert page.status == 422
    assert page.errors()["title"] == "请填写标题。"
    assert events() == []
