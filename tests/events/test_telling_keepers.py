"""The keeper of a site is told, once each, of events that come, move and leave."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.messages.models import Message
from portal.people.models import Person, Role
from tests import factories
from tests.bookings import worlds
from tests.events.test_venues import Scene, few, only_event, post
from tests.page import Browser

SITE = "测试小区示范点"
TITLE = "红色书屋里的党课"


@pytest.fixture
def scene(app: Flask, any_database: str) -> Scene:
    return Scene()


def inbox(person: Person) -> list[Message]:
    db.session.rollback()
    wanted = select(Message).where(Message.person_id == person.id, Message.kind == "booking")
    return list(db.session.scalars(wanted.order_by(Message.id)))


def subjects(person: Person) -> list[str]:
    return [message.subject for message in inbox(person)]


def test_the_keeper_hears_once_of_coming_moving_and_leaving(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    keeper, host = scene.street.keeper, scene.street.secretary
    post(browser, scene, then="save")
    assert subjects(keeper) == [], "a draft comes nowhere"
    event_id = only_event().id
    browser.post(f"/events/{event_id}/publish")
    browser.post(f"/events/{event_id}/publish")
    assert subjects(keeper) == [f"{SITE}安排了活动：{TITLE}"]
    [message] = inbox(keeper)
    assert "9:00–11:00，红色书屋" in message.body
    assert browser.get(message.link).status == 200
    assert TITLE in browser.get(message.link).text

    form = browser.get(f"/events/{event_id}/edit").form("/edit")
    browser.submit(form, title="换个名字", summary="只改文字")
    assert len(subjects(keeper)) == 1, "words do not concern the room"
    form = browser.get(f"/events/{event_id}/edit").form("/edit")
    browser.submit(form, **few(scene, hour=14, venue=scene.key(other=True)))
    assert subjects(keeper)[1:] == [f"{SITE}的活动改了时间或场地：{TITLE}"]
    assert "14:00–16:00，议事厅" in inbox(keeper)[-1].body
    assert "9:00–11:00，红色书屋" in inbox(keeper)[-1].body

    # Back to where it was is a change too.
    form = browser.get(f"/events/{event_id}/edit").form("/edit")
    browser.submit(form, **few(scene))
    assert len(subjects(keeper)) == 3
    browser.post(f"/events/{event_id}/postpone", {"reason": "等通知"})
    assert subjects(keeper)[3:] == [f"{SITE}的活动不在这里办了：{TITLE}"]
    assert "说明：等通知" in inbox(keeper)[-1].body
    browser.post(f"/events/{event_id}/cancel", {"reason": "不办了"})
    assert len(subjects(keeper)) == 4, "it had left already"
    assert subjects(host) == [], "nobody is told of what he does himself"


def test_an_event_that_goes_to_another_site_is_told_at_both(scene: Scene, browser: Browser) -> None:
    other = worlds.site(scene.street.haikou, scene.street.secretary2, name="海口路示范点")
    factories.grant(scene.street.d, Role.SITE_KEEPER, scene.street.haikou)
    key = f"{other.id}-{other.rooms[0].id}"
    db.session.commit()
    browser.sign_in("secretary")
    post(browser, scene)
    form = browser.get(f"/events/{only_event().id}/edit").form("/edit")
    browser.submit(form, venue=key, place="")
    assert subjects(scene.street.keeper)[1:] == [f"{SITE}的活动不在这里办了：{TITLE}"]
    assert subjects(scene.street.d) == [f"海口路示范点安排了活动：{TITLE}"]
    assert "原定" not in inbox(scene.street.d)[0].body


def test_a_keeper_who_acts_is_not_told_and_what_is_over_tells_nobody(
    scene: Scene, browser: Browser
) -> None:
    factories.grant(scene.street.secretary, Role.SITE_KEEPER, scene.street.shantou)
    db.session.commit()
    browser.sign_in("secretary")
    post(browser, scene)
    assert subjects(scene.street.secretary) == []
    assert len(subjects(scene.street.keeper)) == 1
    with time_machine.travel(only_event().ends_at + timedelta(days=1), tick=False):
        late = Browser(browser.app).sign_in("secretary")
        day = clock.today() - timedelta(days=1)
        times = {"starts_at": f"{day}T15:00", "ends_at": f"{day}T16:00"}
        late.post("/events/new", few(scene) | times | {"then": "publish"})
    assert len(subjects(scene.street.keeper)) == 1


def test_a_series_is_told_in_one_message(scene: Scene, browser: Browser) -> None:
    browser.sign_in("secretary")
    post(browser, scene, then="save")
    event_id = only_event().id
    form = browser.get(f"/events/{event_id}/repeat").form("/repeat")
    form.fields.pop("until", None)
    browser.submit(form, rhythm="weekly", every="1", count="3", then="publish")
    assert subjects(scene.street.keeper) == [f"{SITE}安排了活动：{TITLE}（3 次）"]
    assert inbox(scene.street.keeper)[0].body.count("红色书屋") == 3
    second = db.session.scalars(select(Event.id).order_by(Event.planned_at)).all()[1]
    form = browser.get(f"/events/{second}/following").form("/following")
    day = worlds.coming_day(14)
    browser.submit(form, starts_at=f"{day}T14:00", ends_at=f"{day}T16:00")
    assert subjects(scene.street.keeper)[1:] == [f"{SITE}的活动改了时间或场地：{TITLE}（2 次）"]
    browser.post(f"/events/{second}/following/cancel", {"reason": "不办了"})
    assert subjects(scene.street.keeper)[2:] == [f"{SITE}的活动不在这里办了：{TITLE}（2 次）"]
