"""Devices read the roster of their event and send check-ins; nobody else does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.database import db
from portal.doors.models import DoorToken, PassKind
from portal.events import moves
from portal.events import queries as events
from portal.events.models import Audience
from portal.people.models import RoleGrant
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE
from tests.doors.conftest import START, Device, Doors, checkin

Clock = Callable[[datetime], None]


def test_a_device_reads_who_is_expected_and_how_their_passes_are_recognised(
    doors: Doors, at: Clock, any_database: str
) -> None:
    doors.a.phone = "13900005566"
    db.session.commit()
    event = doors.lesson()
    device = doors.device(event)
    badge = doors.give_pass(doors.a, PassKind.BADGE)
    phone = doors.give_pass(doors.a)
    told = device.roster(event)
    assert told.status_code == 200
    assert told.json["event"]["title"] == event.title
    assert told.json["event"]["starts_at"] == "2026-11-25T01:00:00Z"
    row = next(row for row in told.json["people"] if row["name"] == "党员测试甲")
    assert row == {
        "person_id": doors.a.id,
        "name": "党员测试甲",
        "unit": "汕头路社区第一党支部",
        "status": "expected",
        "has_come": False,
        "pass_hash": sha256(phone.encode()).hexdigest(),
        "pass_hashes": [sha256(text.encode()).hexdigest() for text in (phone, badge)],
        "left_at": None,
    }
    assert all(
        row["pass_hash"] is None for row in told.json["people"] if row["name"] != "党员测试甲"
    )
    assert '"phone"' not in told.text
    assert "13900005566" not in told.text


def test_the_roster_is_sent_again_only_when_something_has_changed(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    first = device.roster(event)
    etag = first.headers["ETag"]
    unchanged = device.roster(event, **{"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert device.outcomes(event, checkin(doors.a)) == ["recorded"]
    second = device.roster(event, **{"If-None-Match": etag})
    assert second.json["version"] == first.json["version"] + 1
    doors.give_pass(doors.b)
    third = device.roster(event, **{"If-None-Match": second.headers["ETag"]})
    assert third.status_code == 200
    assert device.roster(event, **{"If-None-Match": third.headers["ETag"]}).status_code == 304


def test_the_roster_follows_the_sign_ups(doors: Doors, at: Clock, any_database: str) -> None:
    event = doors.lesson(audience=Audience.OPEN)
    device = Device(doors.app, doors.token(events.event(event.id)))
    assert device.roster(event).json["people"] == []
    doors.sign_up(event, doors.c, at=START - HOUR)
    assert [row["name"] for row in device.roster(event).json["people"]] == ["党员测试丙"]


def test_a_device_sends_what_it_saw_and_is_answered_one_by_one(
    doors: Doors, at: Clock, any_database: str
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    shown = doors.give_pass(doors.a)
    sent = [
        checkin(shown=f" {shown[:10]}-{shown[10:].lower()} "),
        checkin(doors.b, method="kiosk"),
        checkin(doors.a),
        checkin(doors.d),
        checkin(2**31 - 1),
        checkin(shown="P" + "0" * 29),
    ]
    answer = device.send(event, *sent)
    assert answer.status_code == 200
    stays = {"left_at": None}
    assert answer.json["results"] == [
        {"client_id": sent[0]["client_id"], "outcome": "recorded", "status": "present", **stays},
        {"client_id": sent[1]["client_id"], "outcome": "recorded", "status": "present", **stays},
        {"client_id": sent[2]["client_id"], "outcome": "already", "status": "present", **stays},
        {"client_id": sent[3]["client_id"], "outcome": "not_expected", "status": None, **stays},
        {"client_id": sent[4]["client_id"], "outcome": "unknown", "status": None, **stays},
        {"client_id": sent[5]["client_id"], "outcome": "bad_pass", "status": None, **stays},
    ]
    assert device.send(event, *sent).json == answer.json
    assert doors.numbers(event).present == 2
    assert len(doors.scans) == 6
    assert {scan.device for scan in doors.scans} == {"东门"}


def test_answers_leave_nothing_behind_in_the_device(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    for response in (device.roster(event), device.send(event, checkin(doors.a))):
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
        assert response.mimetype == "application/json"


def test_a_session_is_no_token(doors: Doors, at: Clock, browser) -> None:
    event = doors.lesson()
    browser.sign_in("secretary")
    assert browser.client.get(f"/api/v1/events/{event.id}/roster").status_code == 401
    # And does not disturb one: an administrator's browser may be open on the device.
    browser.sign_in("sysadmin")
    headers = {"Authorization": f"Bearer {doors.token(events.event(event.id))}"}
    answer = browser.client.get(f"/api/v1/events/{event.id}/roster", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic c2VjcmV0",
        "Bearer door_x",
        "Bearer " + "x" * 5000,
        "Bearer 门",
    ],
)
def test_without_a_live_token_nothing_is_told(doors: Doors, at: Clock, client, given: str) -> None:
    event = doors.lesson()
    headers = {"Authorization": given.encode().decode("latin-1")} if given else {}
    answer = client.get(f"/api/v1/events/{event.id}/roster", headers=headers)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "/api/#unauthorized"
    assert "令牌" in answer.json["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_by_the_clock_and_by_word(doors: Doors, at: Clock, browser) -> None:
    event = doors.lesson()
    device = doors.device(event, expires_at=NINE)
    other = doors.device(event)
    at(NINE - MINUTE)
    assert device.send(event, checkin(doors.a)).status_code == 200
    at(NINE)
    assert device.send(event, checkin(doors.b)).status_code == 401
    token = db.session.scalars(select(DoorToken).order_by(DoorToken.id.desc())).first()
    assert token is not None
    page = browser.sign_in("secretary").post(f"/events/{event.id}/tokens/{token.id}/revoke")
    assert "已停用" in page.text
    assert other.send(event, checkin(doors.b)).status_code == 401
    assert doors.numbers(event).present == 1


def test_a_token_opens_no_other_event(doors: Doors, at: Clock) -> None:
    event, other = doors.lesson(), doors.lesson()
    device = doors.device(event)
    doors.open(other)
    for answer in (device.send(other, checkin(doors.a)), device.roster(other)):
        assert answer.status_code == 403
        assert "另一次活动" in answer.json["detail"]
    assert device.roster(2**31 - 1).status_code == 403
    assert doors.scans == []


@pytest.mark.parametrize(
    ("rights", "reads", "writes"),
    [
        ({"may_read": True, "may_write": False}, 200, 403),
        ({"may_read": False, "may_write": True}, 403, 200),
    ],
)
def test_a_token_does_what_it_was_made_for(
    doors: Doors, at: Clock, rights, reads: int, writes: int
) -> None:
    event = doors.lesson()
    device = doors.device(event, **rights)
    shown = doors.give_pass(doors.a)
    assert device.roster(event).status_code == reads
    assert device.send(event, checkin(shown=shown)).status_code == writes
    assert len(doors.scans) == (1 if writes == 200 else 0)


def test_who_may_not_read_the_roster_names_nobody_by_number(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event, may_read=False)
    answer = device.send(event, checkin(shown=doors.give_pass(doors.a)), checkin(doors.b))
    assert answer.status_code == 403
    assert doors.scans == []


def test_a_token_is_worth_no_more_than_its_maker(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    grant = db.session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == doors.secretary.id)
    ).one()
    grant.valid_to = (START - timedelta(days=1)).date()
    factories.commit()
    assert device.send(event, checkin(doors.a)).status_code == 403
    assert device.roster(event).status_code == 403
    assert doors.scans == []


def test_a_standing_door_takes_passes_at_events_of_its_organisation_alone(
    doors: Doors, at: Clock
) -> None:
    near, far = doors.lesson(host=doors.branch_one), doors.lesson(host=doors.haikou)
    text = doors.token(doors.shantou, may_read=True, actor=doors.sysadmin)
    device = Device(doors.app, text)
    shown = doors.give_pass(doors.a)
    assert device.outcomes(near, checkin(shown=shown)) == ["recorded"]
    assert device.send(near, checkin(doors.b)).status_code == 403
    assert device.roster(near).status_code == 403
    assert device.send(far, checkin(shown=shown)).status_code == 404
    assert device.send(2**31 - 1, checkin(shown=shown)).status_code == 404


def test_a_door_hears_that_the_event_is_off(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    moves.cancel(event=events.event(event.id), reason="台风", actor=doors.secretary)
    factories.commit()
    assert device.outcomes(event, checkin(doors.a)) == ["closed"]
    assert device.roster(event).status_code == 409


def test_a_device_that_sends_too_much_waits(doors: Doors, at: Clock, app: Flask) -> None:
    app.config["PORTAL_API_PER_MINUTE"] = 3
    event = doors.lesson()
    device = doors.device(event)
    statuses = [device.roster(event).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    answer = device.send(event, checkin(doors.a))
    assert answer.status_code == 429
    assert answer.json["type"] == "/api/#too-many-requests"
    assert int(answer.headers["Retry-After"]) > 0
    other = doors.device(event)  # another device is not kept waiting
    assert other.roster(event).status_code == 200


def test_who_guesses_tokens_waits_and_a_true_one_does_not(
    doors: Doors, at: Clock, app: Flask
) -> None:
    app.config["PORTAL_API_WRONG_TOKENS"] = 3
    event = doors.lesson()
    wrong = [Device(app, f"door_{number}").roster(event).status_code for number in range(5)]
    assert wrong == [401, 401, 401, 429, 429]
    assert doors.device(event).roster(event).status_code == 200


def test_where_redis_is_away_the_process_counts_for_itself(
    doors: Doors, at: Clock, app: Flask
) -> None:
    app.config |= {"PORTAL_API_PER_MINUTE": 1, "PORTAL_REDIS_URL": "redis://127.0.0.1:1/0"}
    event = doors.lesson()
    device = doors.device(event)
    assert [device.roster(event).status_code for _ in range(2)] == [200, 429]


def test_using_a_token_is_noted_once_a_minute(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)

    def used_at() -> datetime | None:
        db.session.rollback()
        return db.session.scalar(select(DoorToken.last_used_at))

    assert used_at() is None
    device.send(event, checkin(doors.a))
    assert used_at() == START
    at(START + MINUTE / 2)
    device.roster(event)
    assert used_at() == START
    at(START + MINUTE)
    device.roster(event)
    assert used_at() == START + MINUTE


def test_the_chain_names_the_device_and_who_answers_for_it(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    doors.device(event).send(event, checkin(doors.a))
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_name) == ("attendance.received", "书记测试甲")
    assert "东门" in entry.details


def test_the_description_is_valid_and_names_every_route(app: Flask, client) -> None:
    told = client.get("/api/v1/openapi.json")
    assert told.status_code == 200
    OpenAPIV31SpecValidator(told.json).validate()
    described = {
        "/api/v1" + path.replace("{event_id}", "<int:event_id>") for path in told.json["paths"]
    }
    routes = {
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("door_api")
    }
    assert routes == described


def test_what_is_answered_is_what_the_description_says(doors: Doors, at: Clock, client) -> None:
    spec = client.get("/api/v1/openapi.json").json
    schemas = spec["components"]["schemas"]
    event = doors.lesson()
    device = doors.device(event)
    roster = device.roster(event).json
    assert set(roster) == set(schemas["RosterTold"]["required"])
    assert set(roster["people"][0]) == set(schemas["PersonTold"]["required"])
    result = device.send(event, checkin(doors.a)).json["results"][0]
    assert set(result) == set(schemas["CheckInResult"]["required"])
    assert set(schemas["CheckInSent"]["properties"]) == {
        *("client_id", "at", "method", "person_id", "pass", "direction")
    }


def test_programmers_find_an_example_and_every_kind_of_problem(browser) -> None:
    page = browser.get("/api/")
    assert "curl" in page.text
    for slug in ("unauthorized", "forbidden", "not-found", "too-large", "invalid"):
        assert page.find_all("dt", id=slug)
