"""Events at a site take its room: from publishing on, wherever they move, until they leave."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db, write_transaction
from portal.events import moves, queries
from portal.events.models import Event, EventState
from portal.people.models import Person
from portal.sites.models import Site
from portal.sites.uses.models import RoomUse, UseKind
from tests.bookings import worlds
from tests.factories import Street
from tests.page import Browser, Page


class Scene:
    def __init__(self) -> None:
        self.street = Street()
        made = worlds.site(self.street.shantou, self.street.keeper)
        self.site_id = made.id
        self.room_id, self.other_id = (room.id for room in made.rooms)
        db.session.commit()

    def key(self, *, other: bool = False) -> str:
        return f"{self.site_id}-{self.other_id if other else self.room_id}"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


def few(scene: Scene, hour: int = 9, **more: Any) -> dict[str, Any]:
    day = worlds.coming_day()
    return {
        "title": "红色书屋里的党课",
        "kind": "lesson",
        "starts_at": f"{day}T{hour:02d}:00",
        "ends_at": f"{day}T{hour + 2:02d}:00",
        "venue": scene.key(),
        **more,
    }


def post(browser: Browser, scene: Scene, then: str = "publish", **more: Any) -> Page:
    return browser.post("/events/new", few(scene, **more) | {"then": then})


def uses() -> list[RoomUse]:
    db.session.rollback()
    return list(db.session.scalars(select(RoomUse).order_by(RoomUse.id)))


def only_event() -> Event:
    found = db.session.scalars(select(Event.id)).one()
    return queries.event(found)


def test_a_draft_takes_nothing_and_its_place_is_filled_in(scene: Scene, browser: Browser) -> None:
    page = post(browser.sign_in("secretary"), scene, then="save")
    assert page.status == 200
    event = only_event()
    assert event.place == "测试小区示范点 红色书屋"
    assert event.room_id == scene.room_id
    assert uses() == []


def test_a_place_that_was_written_stays(scene: Scene, browser: Browser) -> None:
    post(browser.sign_in("secretary"), scene, then="save", place="东门集合")
    assert only_event().place == "东门集合"


def test_publishing_takes_the_room(scene: Scene, browser: Browser) -> None:
    page = post(browser.sign_in("secretary"), scene, capacity="25")
    assert f"/sites/{scene.site_id}" in page.links().values()
    [use] = uses()
    event = only_event()
    assert (use.room_id, use.starts_at, use.ends_at) == (
        scene.room_id,
        event.starts_at,
        event.ends_at,
    )
    assert (use.kind, use.label, use.people) == (UseKind.LESSON, "红色书屋里的党课", 25)
    assert use.is_firm


def test_a_taken_room_is_refused_beside_the_field_and_nothing_is_kept(
    scene: Scene, browser: Browser
) -> None:
    browser.sign_in("secretary")
    post(browser, scene)
    page = post(browser, scene, title="第二场", hour=10)
    assert page.status == 409
    sentence = page.errors()["venue"]
    assert "红色书屋里的党课" in sentence
    assert "空着的有：议事厅" in sentence
    assert 'value="第二场"' in page.html, "what was typed is still there"
    assert only_event().title == "红色书屋里的党课"
    # The free room, one press later.
    page = browser.submit(page.form("/events/new"), venue=scene.key(other=True), then="publish")
    assert page.status == 200
    assert {use.room_id for use in uses()} == {scene.room_id, scene.other_id}


def test_a_taken_room_keeps_a_draft_a_draft(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    post(browser, scene, then="save", title="先写的草稿")
    draft = only_event().id
    post(browser, scene)
    page = browser.post(f"/events/{draft}/publish")
    assert page.status == 409
    assert "已被占用" in page.alert
    assert queries.event(draft).state is EventState.DRAFT


def test_changing_time_and_room_moves_the_use(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    post(browser, scene)
    event_id = only_event().id
    page = browser.get(f"/events/{event_id}/edit")
    assert page.form("/edit").fields["venue"] == scene.key()
    browser.submit(page.form("/edit"), **few(scene, hour=14, venue=scene.key(other=True)))
    [use] = uses()
    assert use.room_id == scene.other_id
    assert clock.local(use.starts_at).hour == 14
    page = browser.get(f"/events/{event_id}/edit")
    browser.submit(page.form("/edit"), venue="")
    assert uses() == []


def test_moving_onto_another_is_refused_with_what_was_typed(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    post(browser, scene)
    post(browser, scene, title="下午的一场", hour=14)
    afternoon = db.session.scalars(select(Event.id).where(Event.title == "下午的一场")).one()
    page = browser.get(f"/events/{afternoon}/edit")
    page = browser.submit(page.form("/edit"), **few(scene, hour=10, title="下午的一场"))
    assert page.status == 409
    assert "红色书屋里的党课" in page.errors()["venue"]
    page = browser.post(
        f"/events/{afternoon}/postpone",
        {"starts_at": f"{worlds.coming_day()}T10:00", "reason": "讲师改期"},
    )
    assert page.status == 409
    assert "讲师改期" in page.html
    assert clock.local(queries.event(afternoon).starts_at).hour == 14


def test_postponing_without_a_date_and_calling_off_give_the_room_back(
    scene: Scene, browser: Browser
) -> None:
    browser.sign_in("secretary")
    post(browser, scene)
    event_id = only_event().id
    browser.post(f"/events/{event_id}/postpone", {"reason": "等通知"})
    assert uses() == []
    day = worlds.coming_day(9)
    browser.post(f"/events/{event_id}/postpone", {"reason": "定了", "starts_at": f"{day}T09:00"})
    assert [clock.local(use.starts_at).date() for use in uses()] == [day]
    browser.post(f"/events/{event_id}/cancel", {"reason": "不办了"})
    assert uses() == []


def test_ending_early_leaves_the_room(scene: Scene, browser: Browser) -> None:
    post(browser.sign_in("secretary"), scene)
    event = only_event()
    actor = db.session.get_one(Person, event.created_by_id)
    half_time = event.starts_at + timedelta(minutes=40)
    with time_machine.travel(half_time, tick=False), write_transaction():
        moves.end(event=queries.event(event.id), actor=actor)
    [use] = uses()
    assert use.ends_at == half_time


def test_what_is_entered_when_it_is_over_takes_no_room(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    yesterday = clock.today() - timedelta(days=1)
    page = post(browser, scene, starts_at=f"{yesterday}T09:00", ends_at=f"{yesterday}T11:00")
    assert page.status == 200
    assert uses() == []


def test_a_site_without_a_room_stands_in_nobodys_way(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    post(browser, scene, venue=str(scene.site_id))
    page = post(browser, scene, venue=str(scene.site_id), title="同时的另一场")
    assert page.status == 200
    assert [use.room_id for use in uses()] == [None, None]
    assert {event.place for event in db.session.scalars(select(Event))} == {"测试小区示范点"}


def test_two_change_the_venue_and_the_second_is_told(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    post(browser, scene, then="save")
    event_id = only_event().id
    mine = browser.get(f"/events/{event_id}/edit").form("/edit")
    theirs = browser.get(f"/events/{event_id}/edit").form("/edit")
    browser.submit(theirs, venue=scene.key(other=True), then="save")
    page = browser.submit(mine, venue=str(scene.site_id), then="save")
    assert page.status == 409
    assert "示范点和场地" in page.alert
    assert "议事厅" in page.alert


def test_a_site_that_is_no_more_cannot_be_chosen(scene: Scene, browser: Browser) -> None:
    site = db.session.get_one(Site, scene.site_id)
    site.state = type(site.state).DELISTED
    db.session.commit()
    page = post(browser.sign_in("secretary"), scene)
    assert page.status == 422
    assert "venue" in page.errors()
