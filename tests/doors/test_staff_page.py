"""The staff page at the door: its token, ticks taken back, and names written down."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.database import db
from portal.doors.models import DoorToken
from portal.doors.offline.models import DoorName
from portal.events.models import Audience
from portal.seating.models import SeatGroup
from portal.signups.models import Signup
from tests.attendance.conftest import HOUR, MINUTE, NINE
from tests.doors.conftest import START, Device, Doors, checkin
from tests.page import Browser

Clock = Callable[[datetime], None]


def take_back(device: Device, event: Any, *client_ids: str) -> list[str]:
    response = device.client.post(
        f"/api/v1/events/{event.id}/withdrawals",
        json={"withdrawals": [{"client_id": one, "at": START.isoformat()} for one in client_ids]},
        headers=device.headers,
    )
    assert response.status_code == 200, response.text
    told: Any = response.json
    return [one["outcome"] for one in told["results"]]


def write_down(device: Device, event: Any, *names: dict[str, str]) -> Any:
    sent = [{"client_id": str(uuid4()), "at": START.isoformat(), **name} for name in names]
    return device.client.post(
        f"/api/v1/events/{event.id}/names", json={"names": sent}, headers=device.headers
    )


def prepare(browser: Browser, event: Any, name: str = "东门平板") -> Any:
    """Press the button as the page's script does."""
    form = browser.get(f"/events/{event.id}/door").form(f"/events/{event.id}/door")
    return browser.client.post(form.action, data={**form.fields, "name": name})


def status_of(doors: Doors, event: Any, name: str = "党员测试甲") -> str:
    return doors.statuses(event)[name]


# ---- a device of its own


def test_a_host_gets_a_device_ready_and_it_reads_what_staff_find_people_by(
    doors: Doors, at: Clock, browser: Any
) -> None:
    event = doors.lesson()
    browser.sign_in("secretary")
    answer = prepare(browser, event).json
    device = Device(doors.app, answer["token"])
    told: Any = device.client.get(
        f"/api/v1/events/{event.id}/roster?search=1", headers=device.headers
    ).json
    row = next(row for row in told["people"] if row["name"] == "党员测试甲")
    assert "dycsj" in row["keys"].split()
    assert re.fullmatch(r"(\d{4})?", row["tail"])
    token = db.session.get_one(DoorToken, answer["token_id"])
    assert (token.event_id, token.name) == (event.id, "东门平板")
    assert token.expires_at < event.ends_at + 40 * HOUR


def test_the_page_is_told_where_people_sit_and_hears_when_that_changes(
    doors: Doors, at: Clock, browser: Any
) -> None:
    event = doors.lesson()
    browser.sign_in("secretary")
    device = Device(doors.app, prepare(browser, event).json["token"])

    def seated() -> dict[str, str]:
        told = device.client.get(address, headers=device.headers)
        assert told.status_code == 200
        marks.append(told.headers["ETag"])
        people: Any = told.json
        return {one["name"]: one["place"] for one in people["people"] if "place" in one}

    address, marks = f"/api/v1/events/{event.id}/roster?search=1", list[str]()
    assert seated() == {}
    seats = f"/events/{event.id}/seats"
    form = browser.get(seats).form("/seats")
    browser.submit(form, kind="seats", groups="", rows="1", columns="2")
    row = db.session.scalars(select(SeatGroup)).one()
    version = browser.get(seats).form("/seats").fields["version"]
    typed = {"version": version, "person": [doors.a.id], "group": row.id, "number": "2"}
    browser.post(f"{seats}/assign", typed)
    assert seated() == {"党员测试甲": "第1排 2 号"}
    assert len(set(marks)) == 2
    # A turnstile has no need of it.
    assert all("place" not in one for one in device.roster(event).json["people"])


def test_the_device_speaks_no_more_once_its_token_is_taken_back(
    doors: Doors, at: Clock, browser: Any
) -> None:
    event = doors.lesson()
    browser.sign_in("secretary")
    answer = prepare(browser, event).json
    device = Device(doors.app, answer["token"])
    assert device.roster(event).status_code == 200
    browser.post(f"/events/{event.id}/tokens/{answer['token_id']}/revoke")
    assert device.roster(event).status_code == 401


def test_a_device_without_a_name_is_refused_in_words(doors: Doors, at: Clock, browser: Any) -> None:
    event = doors.lesson()
    browser.sign_in("secretary")
    answer = prepare(browser, event, " ")
    assert (answer.status_code, answer.json["detail"][:5]) == (422, "请写这台设")


def test_what_a_browser_keeps_says_nothing_of_anybody(doors: Doors, at: Clock, client: Any) -> None:
    event = doors.lesson(title="不公开的题目")
    shell = client.get(f"/events/{event.id}/door/shell")
    worker = client.get(f"/events/{event.id}/door/worker.js")
    manifest = client.get(f"/events/{event.id}/door/app.webmanifest")
    for answer in (shell, worker, manifest):
        assert answer.status_code == 200
        assert "题目" not in answer.text
        assert "csrf" not in answer.text
    assert worker.headers["Service-Worker-Allowed"] == f"/events/{event.id}/door"
    assert manifest.json["scope"] == f"/events/{event.id}/door"
    kept = re.findall(r'"(/static/[^"]+)"', worker.text.splitlines()[0])
    for address in re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"', shell.text):
        assert address in kept
    assert all(client.get(address).status_code == 200 for address in kept)


def test_signing_out_clears_what_the_browser_has_kept(doors: Doors, browser: Any) -> None:
    browser.sign_in("secretary")
    answer = browser.client.post("/logout", data={"csrf_token": browser.token()})
    assert answer.headers["Clear-Site-Data"] == '"storage"'


# ---- taking back


def test_a_tick_that_is_taken_back_counts_as_never_made(
    doors: Doors, at: Clock, any_database: str
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    tick = checkin(doors.a, method="tick")
    assert device.outcomes(event, tick) == ["recorded"]
    assert status_of(doors, event) == "present"
    assert take_back(device, event, tick["client_id"]) == ["withdrawn"]
    assert status_of(doors, event) == "expected"
    # The same again gets the same answer, whatever has happened since.
    assert device.outcomes(event, checkin(doors.a)) == ["recorded"]
    assert take_back(device, event, tick["client_id"]) == ["withdrawn"]
    assert status_of(doors, event) == "present"


def test_a_tick_over_leave_that_is_taken_back_leaves_the_leave(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    doors.mark(event, doors.a, "leave_sick")
    at(START + MINUTE)
    tick = checkin(doors.a, method="tick", at=(START + MINUTE).isoformat())
    assert device.outcomes(event, tick) == ["recorded"]
    assert take_back(device, event, tick["client_id"]) == ["withdrawn"]
    assert status_of(doors, event) == "leave_sick"


@pytest.mark.parametrize("is_first", [True, False])
def test_whom_another_door_has_seen_stays_whichever_comes_first(
    doors: Doors, at: Clock, is_first: bool
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    tick = checkin(doors.a, method="tick")
    device.outcomes(event, tick)
    if is_first:
        assert device.outcomes(event, checkin(doors.a)) == ["already"]
        assert take_back(device, event, tick["client_id"]) == ["kept"]
    else:
        assert take_back(device, event, tick["client_id"]) == ["withdrawn"]
        assert device.outcomes(event, checkin(doors.a)) == ["recorded"]
    assert status_of(doors, event) == "present"


def test_ticked_and_taken_back_twice_nobody_is_there(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    for _ in range(2):
        tick = checkin(doors.a, method="tick")
        assert device.outcomes(event, tick) == ["recorded"]
        assert take_back(device, event, tick["client_id"]) == ["withdrawn"]
    assert status_of(doors, event) == "expected"


def test_what_a_host_has_said_since_stands(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    tick = checkin(doors.a, method="tick")
    device.outcomes(event, tick)
    at(START + MINUTE)
    doors.mark(event, doors.a, "late")
    assert take_back(device, event, tick["client_id"]) == ["kept"]
    assert status_of(doors, event) == "late"


def test_nothing_is_taken_back_from_a_confirmed_roll_or_that_was_never_sent(
    doors: Doors, at: Clock
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    tick = checkin(doors.a, method="tick")
    device.outcomes(event, tick)
    assert take_back(device, event, str(uuid4())) == ["unknown"]
    at(NINE + 3 * HOUR)
    doors.confirm(event)
    assert take_back(device, event, tick["client_id"]) == ["closed"]
    assert status_of(doors, event) == "present"


# ---- names


def test_a_name_is_kept_once_and_settled_as_somebody_known(
    doors: Doors, at: Clock, browser: Any, any_database: str
) -> None:
    event = doors.lesson(audience=Audience.OPEN)
    device = doors.device(event)
    name = {"client_id": str(uuid4()), "name": "测试丁", "unit": "物业"}
    for _ in range(2):
        assert write_down(device, event, name).status_code == 204
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/door/names")
    assert page.text.count("测试丁") == 2  # and once for those who cannot see
    (written,) = db.session.scalars(select(DoorName)).all()
    here = f"/events/{event.id}/door/names/{written.id}"
    found = browser.get(f"{here}?q=党员测试丁")
    assert "党员测试丁" in found.text
    person = {"person": str(doors.d.id)}
    assert "已认定" in browser.post(here, person).text
    assert "等着认定" in browser.get(f"/events/{event.id}/door/names").text
    entry = doors.entry(event, doors.d)
    assert (entry.has_come, entry.is_walk_in, entry.arrived_at) == (True, True, START)
    assert browser.post(here, person).status == 409


def test_a_name_that_nobody_knows_becomes_a_guest_or_is_not_counted_with_a_reason(
    doors: Doors, at: Clock, browser: Any
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    write_down(device, event, {"name": "来宾测试"}, {"name": "重复测试"})
    guest, double = db.session.scalars(select(DoorName).order_by(DoorName.id)).all()
    here = f"/events/{event.id}/door/names"
    browser.sign_in("secretary")
    browser.post(f"{here}/{guest.id}", {"act": "guest"})
    assert doors.statuses(event)["来宾测试"] == "guest"
    refused = browser.post(f"{here}/{double.id}", {"act": "", "reason": ""})
    assert (refused.status, "为什么不计入" in refused.text) == (422, True)
    assert "重复登记" in browser.post(f"{here}/{double.id}", {"reason": "重复登记"}).text
    assert "重复测试" not in doors.statuses(event)


def test_somebody_on_the_roll_is_counted_there_and_not_signed_up_again(
    doors: Doors, at: Clock, browser: Any
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    write_down(device, event, {"name": "党员测试甲"})
    (written,) = db.session.scalars(select(DoorName)).all()
    browser.sign_in("secretary")
    person = {"person": str(doors.a.id)}
    browser.post(f"/events/{event.id}/door/names/{written.id}", person)
    entry = doors.entry(event, doors.a)
    assert (entry.status, entry.is_walk_in) == ("present", False)
    assert db.session.scalars(select(Signup)).all() == []


def test_names_are_read_in_as_many_statements_for_fifty_as_for_one(
    doors: Doors, at: Clock, browser: Any, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    browser.sign_in("secretary")
    counted = []
    for number in (1, 49):
        write_down(device, event, *({"name": f"来人{at}"} for at in range(number)))
        counted.append(queries_of(lambda: browser.get(f"/events/{event.id}/door/names")))
    assert counted[0] == counted[1] <= 8


def test_a_device_that_reads_no_roster_names_nobody(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event, may_read=False)
    assert write_down(device, event, {"name": "某人"}).status_code == 403
    told = write_down(doors.device(event), event, {"name": ""})
    assert (told.status_code, told.json["errors"][0]["detail"][:8]) == (422, "第 1 个姓名的")
