"""What else is at a place: warned of on the form and on the page of a draft, never refused."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.events.models import Audience, Event, EventState
from portal.events.place_queries import place_key
from tests import factories
from tests.bookings import worlds
from tests.factories import Street
from tests.page import Browser


def few(**more: Any) -> dict[str, Any]:
    day = worlds.coming_day()
    return {
        "title": "第二场",
        "kind": "meeting",
        "starts_at": f"{day}T09:00",
        "ends_at": f"{day}T11:00",
        "place": "党群服务中心 三楼",
        **more,
    }


@pytest.fixture
def street(app: Flask) -> Street:
    """Somebody is at 党群服务中心三楼 from 10 to 12 on the day."""
    made = Street()
    factories.event(
        made.shantou,
        made.secretary,
        title="先定下的会",
        place="党群服务中心三楼",
        starts_at=worlds.at(worlds.coming_day(), 10),
        ends_at=worlds.at(worlds.coming_day(), 12),
    )
    factories.commit()
    return made


def states() -> dict[str, EventState]:
    db.session.rollback()
    return {event.title: event.state for event in db.session.scalars(select(Event))}


def test_publishing_into_the_same_place_first_keeps_a_draft_and_warns(
    street: Street, browser: Browser
) -> None:
    page = browser.sign_in("secretary").post("/events/new", few(then="publish"))
    assert page.status == 200
    assert "还没有发布" in page.text
    assert "先定下的会" in page.text
    assert states()["第二场"] is EventState.DRAFT
    page = browser.submit(page.form("/publish"))
    assert states()["第二场"] is EventState.PUBLISHED, "a warning is no refusal"


def test_whoever_was_warned_on_the_form_publishes_at_once(street: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    page = browser.post("/events/new", few(then="look"))
    assert page.status == 200
    assert "先定下的会" in page.text
    assert 'value="第二场"' in page.html
    assert "第二场" not in states(), "looking keeps nothing"
    browser.submit(page.form("/events/new"), then="publish")
    assert states()["第二场"] is EventState.PUBLISHED


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, True),
        ({"place": "党群服务中心 （三楼）"}, True),
        ({"place": "党群服务中心四楼"}, False),
        ({"place": ""}, False),
        ({"ends_at": f"{worlds.coming_day()}T10:00"}, False),
        (
            {
                "starts_at": f"{worlds.coming_day()}T12:00",
                "ends_at": f"{worlds.coming_day()}T13:00",
            },
            False,
        ),
        ({"starts_at": "nonsense"}, False),
        ({"venue": "99-98"}, True),
    ],
)
def test_the_report_answers_while_one_writes(
    street: Street, browser: Browser, changes: dict[str, str], warned: bool
) -> None:
    browser.sign_in("secretary")
    part = browser.get("/events/place", htmx=True, **(few() | changes))
    assert not part.whole
    assert ("先定下的会" in part.text) == warned
    assert browser.get("/events/place", **(few() | changes)).status == 200


def test_what_is_called_off_or_ones_own_is_in_nobodys_way(street: Street, browser: Browser) -> None:
    known = db.session.scalars(select(Event)).one()
    browser.sign_in("secretary")
    part = browser.get("/events/place", htmx=True, **few(), event=str(known.id))
    assert "先定下的会" not in part.text
    known.state = EventState.CANCELLED
    db.session.commit()
    assert "先定下的会" not in browser.get("/events/place", htmx=True, **few()).text


def test_a_title_that_one_may_not_know_is_not_told(street: Street, browser: Browser) -> None:
    known = db.session.scalars(select(Event)).one()
    known.audience = Audience.INVITED
    db.session.commit()
    part = browser.sign_in("secretary2").get("/events/place", htmx=True, **few())
    assert "先定下的会" not in part.text
    assert "不对您开放的活动" in part.text


def test_the_site_tells_its_week_what_is_there_and_when_it_is_shut(
    street: Street, browser: Browser
) -> None:
    site = worlds.site(street.shantou, street.keeper)
    room = site.rooms[0].id
    day = worlds.coming_day()
    worlds.closure(site, day + timedelta(days=1), day + timedelta(days=1), reason="检修")
    site_id = site.id
    factories.commit()
    venue = f"{site_id}-{room}"
    browser.sign_in("secretary")
    browser.post("/events/new", few(title="占着书屋的", venue=venue, place="", then="publish"))
    assert states()["占着书屋的"] is EventState.PUBLISHED
    part = browser.get("/events/place", htmx=True, **few(venue=venue))
    assert "占着书屋的" in part.text
    assert "空着的场地：议事厅" in part.text
    assert "其他活动 1 场" in part.text
    later = {
        "starts_at": f"{day + timedelta(days=1)}T09:00",
        "ends_at": f"{day + timedelta(days=1)}T10:00",
    }
    assert (
        "不开放：检修" in browser.get("/events/place", htmx=True, **few(venue=venue, **later)).text
    )
    night = {"starts_at": f"{day}T20:00", "ends_at": f"{day}T21:00"}
    assert (
        "不在测试小区示范点的开放时间里"
        in browser.get("/events/place", htmx=True, **few(venue=venue, **night)).text
    )
    assert clock.today() < day


def test_spelling_does_not_hide_a_place() -> None:
    assert place_key("党群服务中心（３楼）") == place_key("党群服务中心 3楼")
    assert place_key("  ，。") == ""
    assert place_key("A座") == place_key("a座")
