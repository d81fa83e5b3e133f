"""A series of which some dates find the room taken: which, by what, and what to do instead."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.events.models import Event, EventState
from portal.events.series.models import EventSeries
from portal.messages.models import Message
from portal.sites.uses.models import RoomUse
from tests.bookings import worlds
from tests.events.test_venues import Scene, few, post
from tests.page import Browser, Page, text_of

WEEKLY: dict[str, Any] = {"rhythm": "weekly", "every": "1", "count": "4"}
TITLE = "每周一课"


@pytest.fixture
def scene(app: Flask, any_database: str) -> Scene:
    return Scene()


def week(number: int) -> date:
    return worlds.coming_day(7 + 7 * number)


def name(number: int, hour: int = 9) -> str:
    """How the form calls the choice for a week."""
    return f"at-{week(number):%Y%m%d}{hour:02d}00"


def take(browser: Browser, scene: Scene, number: int, hour: int = 9, **more: Any) -> None:
    """Let another event have the room in a week."""
    day = week(number)
    times = {"starts_at": f"{day}T{hour:02d}:30", "ends_at": f"{day}T{hour + 1:02d}:00"}
    done = browser.post(
        "/events/new", few(scene) | {"title": f"先到的{number}", "then": "publish"} | times | more
    )
    assert done.status == 200, done.alert


def draft(browser: Browser, scene: Scene) -> int:
    post(browser, scene, then="save", title=TITLE)
    return db.session.scalars(select(Event.id).where(Event.title == TITLE)).one()


def repeat(browser: Browser, event_id: int, then: str = "publish") -> Page:
    form = browser.get(f"/events/{event_id}/repeat").form("/repeat")
    form.fields.pop("until", None)
    return browser.submit(form, **WEEKLY, then=then)


def events() -> list[Event]:
    db.session.rollback()
    wanted = select(Event).where(Event.series_id.is_not(None))
    return list(db.session.scalars(wanted.order_by(Event.planned_at, Event.id)))


def days() -> list[date]:
    return [clock.local(one.starts_at).date() for one in events()]


def rooms() -> list[int | None]:
    return [one.room_id for one in events()]


def messages() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Message.id)).all())


def send(browser: Browser, page: Page, action: str, choices: dict[str, Any]) -> Page:
    return browser.submit(page.form(action), **choices)


def options(page: Page, field: str) -> dict[str, bool]:
    return {
        str(one.get("value")): one.get("checked") is not None
        for one in page.find_all("input", name=field)
    }


def test_the_dates_that_clash_are_named_and_nothing_is_half_done(
    scene: Scene, browser: Browser
) -> None:
    browser.sign_in("secretary")
    take(browser, scene, 1)
    take(browser, scene, 3)
    take(browser, scene, 3, venue=scene.key(other=True), title="隔壁的")
    event_id, before = draft(browser, scene), messages()
    page = repeat(browser, event_id)
    assert page.status == 409
    assert "有 2 次的场地已被占用" in page.alert
    legends = [text_of(one) for one in page.by("class", "label") if "9:00–11:00" in text_of(one)]
    assert f"{week(1).month}月{week(1).day}日" in legends[0]
    assert f"{week(3).month}月{week(3).day}日" in legends[1]
    assert "先到的1" in page.text
    assert "先到的3" in page.text
    other = f"room-{scene.other_id}"
    assert options(page, name(1)) == {other: True, "skip": False, "draft": False}
    assert options(page, name(3)) == {"skip": True, "draft": False}, "no other room is free"
    assert page.form("/repeat").fields["count"] == "4", "what was typed is still there"
    assert events() == []
    assert db.session.scalars(select(EventSeries.id)).all() == []
    assert db.session.get_one(Event, event_id).state is EventState.DRAFT
    assert messages() == before

    # As it is proposed: one in the other room, one left out; the places say where.
    page = browser.submit(page.form("/repeat"), then="publish")
    assert page.status == 200, page.alert
    assert days() == [week(0), week(1), week(2)]
    assert rooms() == [scene.room_id, scene.other_id, scene.room_id]
    assert [one.place.split()[-1] for one in events()] == ["红色书屋", "议事厅", "红色书屋"]
    assert {one.state for one in events()} == {EventState.PUBLISHED}


def test_the_rest_is_published_and_the_drafts_later(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    take(browser, scene, 0)
    take(browser, scene, 2)
    page = repeat(browser, draft(browser, scene))
    assert "skip" not in options(page, name(0)), "the first one is there already"
    send(browser, page, "/repeat", {name(0): "draft", name(2): "draft", "then": "publish"})
    states = [EventState.DRAFT, EventState.PUBLISHED, EventState.DRAFT, EventState.PUBLISHED]
    assert [one.state for one in events()] == states
    series = db.session.scalars(select(EventSeries.id)).one()
    page = browser.post(f"/events/series/{series}/publish")
    assert page.status == 409
    assert [one.state for one in events()] == states
    # A choice that was never offered is none.
    again = send(browser, page, "/publish", {name(0): "room-999999", name(2): "room-x"})
    assert again.status == 409
    page = send(browser, page, "/publish", {name(0): "skip", name(2): f"room-{scene.other_id}"})
    assert "已发布 1 次活动" in page.text
    assert days() == [week(1), week(2), week(3)]
    assert rooms()[1] == scene.other_id
    assert {one.state for one in events()} == {EventState.PUBLISHED}


def test_changing_what_follows_names_the_dates_and_keeps_what_was_typed(
    scene: Scene, browser: Browser
) -> None:
    browser.sign_in("secretary")
    repeat(browser, draft(browser, scene))
    take(browser, scene, 2, 14)
    take(browser, scene, 3, 14)
    second = events()[1].id
    typed: dict[str, Any] = {
        "starts_at": f"{week(1)}T14:00",
        "ends_at": f"{week(1)}T16:00",
        "lecturer": "新主讲",
    }
    page = send(browser, browser.get(f"/events/{second}/following"), "/following", typed)
    assert page.status == 409
    assert "有 2 次的场地已被占用" in page.alert
    assert page.form("/following").fields["lecturer"] == "新主讲"
    assert {clock.local(one.starts_at).hour for one in events()} == {9}
    assert {one.lecturer for one in events()} == {""}
    page = send(
        browser, page, "/following", {name(2, 14): f"room-{scene.other_id}", name(3, 14): "skip"}
    )
    assert page.h1 == "有几次保留了单独的改动"
    assert [clock.local(one.starts_at).hour for one in events()] == [9, 14, 14, 9]
    assert rooms() == [scene.room_id, scene.room_id, scene.other_id, scene.room_id]
    assert [one.lecturer for one in events()] == ["", "新主讲", "新主讲", ""]
    taken = db.session.scalars(select(RoomUse).where(RoomUse.source_id == events()[3].id)).one()
    assert clock.local(taken.starts_at).hour == 9, "what was left alone keeps its room"


def test_a_series_moved_by_its_own_rhythm_meets_nobody(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    repeat(browser, draft(browser, scene))
    first = events()[0].id
    for shift in (1, 0):
        form = browser.get(f"/events/{first}/following").form("/following")
        day = week(0) + timedelta(days=7 * shift)
        page = browser.submit(form, starts_at=f"{day}T09:00", ends_at=f"{day}T11:00")
        assert page.status == 200, page.alert
        assert days() == [week(number + shift) for number in range(4)]
