"""What no honest device sends is refused with a sentence, and nothing is recorded."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.database import db
from portal.doors import passes
from portal.doors.models import PassKind
from portal.doors.offline.models import DoorName, DoorWithdrawal
from tests import factories
from tests.attendance.conftest import MINUTE, NINE
from tests.doors.conftest import START, Doors, checkin

Clock = Callable[[datetime], None]


def body(**changes: object) -> str:
    one = {**checkin(1), **changes}
    return json.dumps({"checkins": [{key: v for key, v in one.items() if v is not None}]})


def bodies() -> dict[str, tuple[bytes | str, int]]:
    twice = checkin(1)
    return {
        "nothing": ("", 422),
        "no json": ("checkins", 422),
        "a list": ("[]", 422),
        "a number": ("1", 422),
        "null": ("null", 422),
        "no checkins": ("{}", 422),
        "checkins are an object": ('{"checkins": {}}', 422),
        "checkins are text": ('{"checkins": "all"}', 422),
        "an item is a number": ('{"checkins": [7]}', 422),
        "deep nesting": ('{"checkins": ' + "[" * 100_000 + "]" * 100_000 + "}", 422),
        "deep nesting beside": ('{"x": ' + "[" * 100_000 + "]" * 100_000 + "}", 422),
        "501": (json.dumps({"checkins": [checkin(1) for _ in range(501)]}), 422),
        "NaN": (body().replace('"person_id": 1', '"person_id": NaN'), 422),
        "Infinity": (body().replace('"person_id": 1', '"person_id": Infinity'), 422),
        "1e999": (body().replace('"person_id": 1', '"person_id": 1e999'), 422),
        "a fraction": (body(person_id=1.5), 422),
        "truth": (body(person_id=True), 422),
        "text": (body(person_id="1"), 422),
        "nobody": (body(person_id=None), 422),
        "somebody twice": (body(**{"pass": "P0"}), 422),
        "an endless pass": (body(person_id=None, **{"pass": "P" * 4_001}), 422),
        "a pass that is a list": (body(person_id=None, **{"pass": ["P"]}), 422),
        "no id": (body(client_id=None), 422),
        "an id that is none": (body(client_id="1; DROP TABLE roll"), 422),
        "an id of 5000": (body(client_id="0" * 5000), 422),
        "no time": (body(at=None), 422),
        "a time without zone": (body(at="2026-11-25T08:48:00"), 422),
        "a time in words": (body(at="now"), 422),
        "a time in seconds": (body(at=1764031680), 422),
        "the year 1": (body(at="0001-01-01T00:00:00+14:00"), 422),
        "the year 9999": (body(at="9999-12-31T23:59:59-12:00"), 422),
        "a method of our own": (body(method="confirmation"), 422),
        "no utf-8": (b'{"checkins": [{"client_id": "\xff\xfe"}]}', 422),
        "utf-16": (body().encode("utf-16"), 422),
        "half a surrogate": (body(person_id=None, **{"pass": "\ud800"}), 422),
        "cut off": (body()[:-9], 422),
        "two bodies": (body() + body(), 422),
        "one bad among good": (json.dumps({"checkins": [twice, {**twice, "at": "x"}]}), 422),
        "10 MB": (b" " * 10 * 1024 * 1024 + b"{}", 413),
        "15 MB": (b" " * 15 * 1024 * 1024 + b"{}", 413),
    }


@pytest.fixture
def door(doors: Doors, at: Clock):
    event = doors.lesson()
    return event, doors.device(event)


@pytest.mark.parametrize("what", bodies())
def test_a_body_that_no_device_sends_is_refused_whole(doors: Doors, door, what: str) -> None:
    event, device = door
    sent, status = bodies()[what]
    answer = device.post(event, sent)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert any("\u4e00" <= mark <= "\u9fff" for mark in answer.json["detail"])
    assert answer.json["type"].startswith("/api/#")
    assert doors.scans == []
    assert doors.numbers(event).present == 0


_TAKEN_BACK = {"client_id": "0" * 32, "at": START.isoformat()}
_NAMED = {**_TAKEN_BACK, "name": "外来客"}


@pytest.mark.parametrize(
    ("path", "one"), [("withdrawals", _TAKEN_BACK), ("names", _NAMED)], ids=lambda one: str(one)[:9]
)
def test_what_a_staff_page_never_sends_is_refused_whole(
    doors: Doors, door, path: str, one: dict[str, str]
) -> None:
    event, device = door
    other = doors.lesson()
    whole = json.dumps({path: [one]})
    sent = {
        "": 422,
        "[]": 422,
        whole[:-3]: 422,
        whole + whole: 422,
        json.dumps({path: [one] * 501}): 422,
        json.dumps({path: [{**one, "client_id": "1; DROP TABLE roll"}]}): 422,
        json.dumps({path: [{**one, "at": "0001-01-01T00:00:00+14:00"}]}): 422,
        json.dumps({path: [{**one, "name": "长" * 5_000, "client_id": 7}]}): 422,
        '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}": 422,
        " " * 10 * 1024 * 1024 + whole: 413,
    }

    def post(about: int, body: str, kind: str = "application/json") -> Any:
        address = f"/api/v1/events/{about}/{path}"
        return device.client.post(address, data=body, content_type=kind, headers=device.headers)

    answers = [(post(event.id, body), status) for body, status in sent.items()]
    answers += [(post(event.id, whole, "text/plain"), 415), (post(other.id, whole), 403)]
    for answer, status in answers:
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    kinds = (DoorName, DoorWithdrawal)
    assert [db.session.scalar(select(func.count()).select_from(kind)) for kind in kinds] == [0, 0]


def test_a_door_takes_nothing_back_that_was_seen_at_another_event(doors: Doors, door) -> None:
    event, device = door
    other = doors.lesson()
    seen = checkin(doors.a, method="tick")
    assert doors.device(other).outcomes(other, seen) == ["recorded"]
    answer: Any = device.client.post(
        f"/api/v1/events/{event.id}/withdrawals",
        json={"withdrawals": [{"client_id": seen["client_id"], "at": START.isoformat()}]},
        headers=device.headers,
    )
    assert [one["outcome"] for one in answer.json["results"]] == ["unknown"]
    assert doors.numbers(other).present == 1


def test_the_refusal_says_which_item_and_which_part(door) -> None:
    event, device = door
    answer = device.send(event, checkin(1), checkin(1, at="x"))
    (fault,) = answer.json["errors"]
    assert fault["at"] == "$.checkins[1].at"
    assert fault["detail"].startswith("第 2 条签到的 at 不符合约定")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(doors: Doors, door, kind: str) -> None:
    event, device = door
    answer = device.post(event, body(), kind)
    assert (answer.status_code, answer.json["type"]) == (415, "/api/#unsupported-media-type")
    assert doors.scans == []


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_method_that_is_none_is_a_problem_too(door, method: str) -> None:
    event, device = door
    answer = device.client.open(
        f"/api/v1/events/{event.id}/checkins", method=method, headers=device.headers
    )
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["events/x/roster", "events/99999999999/roster", "people", "x" * 3000]
)
def test_an_address_that_is_none_is_a_problem_too(client, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_fault_of_the_portal_is_a_problem_too(doors: Doors, door, monkeypatch) -> None:
    event, device = door
    monkeypatch.setitem(doors.app.config, "PORTAL_ROLL_OPENS_MINUTES", "broken")
    answer = device.send(event, checkin(doors.a))
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert doors.scans == []


def _changed(text: str, place: int) -> str:
    other = "7" if text[place] != "7" else "8"
    return text[:place] + other + text[place + 1 :]


def test_a_pass_that_the_portal_did_not_write_opens_nothing(doors: Doors, door) -> None:
    event, device = door
    text = doors.give_pass(doors.a)
    forged = [_changed(text, place) for place in range(len(text))]
    forged += [text[:-1], text + "0", text[1:], text[::-1], passes.hash_of(text)[:30].upper()]
    forged.append(passes.written(passes.new_serial(), NINE.date(), "another key"))
    sent = [checkin(shown=one) for one in forged]
    assert set(device.outcomes(event, *sent)) == {"bad_pass"}
    assert doors.numbers(event).present == 0
    # One that the portal could have written, and gave to nobody.
    key = str(doors.app.config["SECRET_KEY"])
    nobodys = passes.written(passes.new_serial(), NINE.date() + timedelta(days=9), key)
    assert device.outcomes(event, checkin(shown=nobodys)) == ["bad_pass"]


def test_a_pass_that_is_over_opens_nothing(doors: Doors, door, at: Clock) -> None:
    event, device = door
    expired = doors.give_pass(doors.a, days=-1)
    assert device.outcomes(event, checkin(shown=expired)) == ["bad_pass"]
    revoked = doors.give_pass(doors.b)
    at(START + MINUTE)
    renewed = doors.give_pass(doors.b)
    later = (START + MINUTE).isoformat()
    assert device.outcomes(event, checkin(shown=revoked, at=later)) == ["bad_pass"]
    assert doors.numbers(event).present == 0
    assert device.outcomes(event, checkin(shown=renewed, at=later)) == ["recorded"]


def test_what_an_offline_door_saw_before_a_pass_was_revoked_counts(
    doors: Doors, door, at: Clock
) -> None:
    event, device = door
    shown = doors.give_pass(doors.a)
    at(START + MINUTE)
    doors.give_pass(doors.a)  # renewed: the former one is revoked
    assert device.outcomes(event, checkin(shown=shown)) == ["recorded"]


def test_a_pass_that_is_shown_twice_counts_once(doors: Doors, door) -> None:
    event, device = door
    shown = doors.give_pass(doors.a)
    badge = doors.give_pass(doors.a, PassKind.BADGE)
    assert device.outcomes(event, checkin(shown=shown), checkin(shown=badge)) == [
        "recorded",
        "already",
    ]
    assert device.outcomes(event, checkin(shown=shown)) == ["already"]
    assert doors.numbers(event).present == 1


def test_of_a_refused_pass_only_its_end_is_kept(doors: Doors, door) -> None:
    event, device = door
    device.outcomes(event, checkin(shown="123456789012345678"))
    assert [scan.given for scan in doors.scans] == ["345678"]
    factories.commit()


def test_what_a_scanner_may_read_by_chance_never_spoils_its_neighbours(doors: Doors, door) -> None:
    event, device = door
    read = ["", " ", "https://example.com/" + "x" * 900, "6901234567892", "签到", "P" * 201]
    numbers = [0, -1, 2**31, 10**400]
    sent = [
        checkin(doors.a),
        *(checkin(shown=one) for one in read),
        *(checkin(one) for one in numbers),
        checkin(doors.b),
    ]
    wanted = ["recorded", *["bad_pass"] * len(read), *["unknown"] * len(numbers), "recorded"]
    assert device.outcomes(event, *sent) == wanted
    assert device.outcomes(event, *sent) == wanted
    assert doors.numbers(event).present == 2
