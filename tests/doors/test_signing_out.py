"""Signing out at each kind of door: the API, the kiosk, the scanner page, the staff page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from portal.attendance import services as attendance
from portal.events import queries as events
from portal.events.models import Event
from portal.people import naming
from tests import factories
from tests.attendance.conftest import HOUR, NINE
from tests.doors.conftest import START, Device, Doors, checkin
from tests.doors.test_kiosk import start
from tests.page import Browser

Clock = Callable[[datetime], None]
TEN = NINE + HOUR


@pytest.fixture
def event(doors: Doors, at: Clock) -> Event:
    at(START)
    event = doors.lesson(ends_at=NINE + 2 * HOUR)
    doors.open(event)
    attendance.ask_to_sign_out(
        event=events.event(event.id),
        signs_out=True,
        early_grace=10,
        minimum_stay=30,
        actor=doors.secretary,
    )
    factories.commit()
    return event


def left(doors: Doors, event: Event) -> datetime | None:
    return doors.entry(event, doors.a).left_at


def test_a_device_is_told_of_leaving_and_may_say_which_way(
    doors: Doors, event: Event, at: Clock, any_database: str
) -> None:
    device = Device(doors.app, doors.token(events.event(event.id)))
    told = device.roster(event).json
    assert (told["event"]["signs_out"], told["event"]["minimum_stay"]) == (True, 30)
    at(TEN)
    sent = [
        checkin(doors.a),
        checkin(doors.a, at=TEN.isoformat()),
        checkin(doors.b, at=TEN.isoformat(), direction="out"),
    ]
    results = device.send(event, *sent).json["results"]
    assert [one["outcome"] for one in results] == ["recorded"] * 3
    assert [one["left_at"] for one in results] == [None, *(["2026-11-25T02:00:00Z"] * 2)]
    assert device.send(event, *sent).json["results"] == results
    rows = {row["person_id"]: row for row in device.roster(event).json["people"]}
    assert rows[doors.a.id]["left_at"] == "2026-11-25T02:00:00Z"
    wrong = device.send(event, checkin(doors.a, direction="sideways"))
    assert wrong.status_code == 422


def test_a_leaving_sent_by_mistake_is_taken_back_and_the_person_is_still_here(
    doors: Doors, event: Event, at: Clock
) -> None:
    device = Device(doors.app, doors.token(events.event(event.id)))
    at(TEN)
    leaving = checkin(doors.a, at=TEN.isoformat(), method="tick", direction="out")
    device.send(event, checkin(doors.a, method="tick"), leaving)
    assert left(doors, event) == TEN
    taken = {"client_id": leaving["client_id"], "at": TEN.isoformat()}
    answer: Any = device.client.post(
        f"/api/v1/events/{event.id}/withdrawals",
        json={"withdrawals": [taken]},
        headers=device.headers,
    )
    (result,) = answer.json["results"]
    assert (result["outcome"], result["has_come"], result["left_at"]) == ("withdrawn", True, None)
    entry = doors.entry(event, doors.a)
    assert (entry.has_come, entry.arrived_at, entry.left_at) == (True, START, None)


def test_people_sign_out_at_the_kiosk_by_touching_their_name_again(
    doors: Doors, event: Event, at: Clock, browser: Browser
) -> None:
    doors.a.pinyin_key = naming.pinyin_key(doors.a.name)
    factories.commit()
    start(browser, event)
    address = f"/events/{event.id}/kiosk"
    touched = f"{address}?person={doors.a.id}"
    page = browser.get(touched)
    thanks = browser.submit(page.form(f"{address}/{doors.a.id}"))
    assert "签到成功" in thanks.text
    assert "已经签到了" in browser.get(touched).text
    at(TEN)
    page = browser.get(touched)
    assert "现在离开" in page.text
    thanks = browser.submit(page.form(f"{address}/{doors.a.id}"))
    assert "签退成功" in thanks.text
    assert "1 小时 12 分" in thanks.text
    assert left(doors, event) == TEN


def test_the_scanner_page_says_who_leaves_and_takes_it_back(
    doors: Doors, event: Event, at: Clock, browser: Browser
) -> None:
    shown = doors.give_pass(doors.a)
    address = f"/events/{event.id}/scan"
    secretary = browser.sign_in("secretary")

    def scan() -> Any:
        number = str(uuid4())
        return number, secretary.post(address, {"shown": shown, "client_id": number})

    assert "已签到" in scan()[1].text
    at(TEN)
    secretary.sign_in("secretary")
    number, page = scan()
    assert "已签退" in page.text
    assert left(doors, event) == TEN
    secretary.post(f"{address}/undo", {"client_id": number})
    entry = doors.entry(event, doors.a)
    assert (entry.has_come, entry.left_at) == (True, None)
