"""Servers die, databases are busy, clocks are wrong, answers are lost: everybody is there once."""

import json
import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.database import db
from tests.attendance.conftest import MINUTE, NINE
from tests.doors.conftest import START, Doors, checkin
from tests.faults import bursts, cables
from tests.live import serving

Clock = Callable[[datetime], None]
PEOPLE = 60
LOCKED_SECONDS = 5.0


@pytest.mark.parametrize("seed", range(2))
def test_workers_that_are_killed_lose_nothing_that_was_answered(
    app: Flask, doors: Doors, seed: int
) -> None:
    burst = bursts.prepared(doors, PEOPLE)
    bursts.survive_dying_workers(app, burst, random.Random(seed))


@pytest.mark.parametrize("seed", range(2))
def test_a_server_that_is_killed_has_everything_when_it_is_back(
    app: Flask, doors: Doors, seed: int
) -> None:
    burst = bursts.prepared(doors, PEOPLE)
    bursts.survive_a_dying_server(app, burst, random.Random(seed))


def test_check_ins_wait_for_a_database_that_is_locked_for_five_seconds(
    app: Flask, doors: Doors
) -> None:
    # Whoever locks from outside stands in no line: there must be enough to come after it got in.
    many = 5 * PEOPLE
    burst = bursts.prepared(doors, many)
    path = str(make_url(str(app.config["PORTAL_DATABASE_URL"])).database)
    with serving(app, PORTAL_API_PER_MINUTE=10**6) as live:

        def lock() -> None:
            burst.wait_for(PEOPLE // 3)
            with closing(sqlite3.connect(path, isolation_level=None, timeout=15)) as another:
                another.execute("BEGIN IMMEDIATE")
                before = len(burst.answers)
                assert before < many - bursts.DOORS
                threading.Event().wait(LOCKED_SECONDS)
                assert len(burst.answers) - before <= bursts.DOORS
                another.execute("ROLLBACK")

        burst.run(live.port, lock)
    burst.check()


def test_a_door_that_did_not_hear_the_answer_gets_the_same_one_again(
    app: Flask, doors: Doors
) -> None:
    burst = bursts.prepared(doors, 20)
    lost = [cables.Cut("answer", 0.0)] * 8
    with (
        serving(app, PORTAL_API_PER_MINUTE=10**6, PORTAL_WORKERS=1) as live,
        cables.cut(live.port, lost) as cable,
    ):
        burst.run(cable.port, lambda: None)
    assert sum(burst.retries.values()) == 8
    burst.check()


@pytest.mark.parametrize("seed", range(3))
def test_a_network_that_is_cut_in_the_middle_of_anything_loses_and_doubles_nobody(
    app: Flask, doors: Doors, seed: int
) -> None:
    """Half requests, half answers, and a while with no network: what was acknowledged is there."""
    chance = random.Random(seed)
    burst = bursts.prepared(doors, PEOPLE)
    cuts = [cables.Cut(chance.choice(["request", "answer"]), chance.random()) for _ in range(40)]
    with (
        serving(app, PORTAL_API_PER_MINUTE=10**6, PORTAL_WORKERS=2) as live,
        cables.cut(live.port, cuts) as cable,
    ):

        def pull() -> None:
            burst.wait_for(chance.randrange(5, PEOPLE // 2))
            cable.pull()
            acknowledged = dict(burst.answers)
            cable.wait_until_missed(bursts.DOORS)
            # Nobody hears anything while it lies on the floor, and nothing heard is forgotten.
            assert len(burst.answers) <= len(acknowledged) + bursts.DOORS
            assert there(app, burst) >= set(acknowledged)
            cable.plug_in()

        burst.run(cable.port, pull)
    assert sum(burst.retries.values()) >= 40
    burst.check()


def there(app: Flask, burst: bursts.Burst) -> set[int]:
    """Who is on the roll as here, as the database says at this moment."""
    with app.app_context():
        here = (AttendanceEntry.event_id == burst.event_id, AttendanceEntry.has_come)
        return set(db.session.scalars(select(AttendanceEntry.person_id).where(*here)))


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_a_door_whose_clock_is_ten_minutes_off_changes_nobody_for_the_worse(
    doors: Doors, at: Clock, order: list[int]
) -> None:
    """At 9:05 by the portal: ahead it is moved to now, behind it is believed, in any order."""
    event = doors.lesson()
    device = doors.device(event)
    at(NINE + 5 * MINUTE)
    now = clock.now()
    sent = [
        checkin(doors.a, at=(now + 10 * MINUTE).isoformat()),
        checkin(doors.a, at=now.isoformat()),
        checkin(doors.b, at=(now - 10 * MINUTE).isoformat()),
    ]
    for number in order:
        assert device.send(event, sent[number]).status_code == 200
    moved = {json.dumps(str(scan.client_id)): scan.is_clamped for scan in doors.scans}
    assert [moved[json.dumps(one["client_id"])] for one in sent] == [True, False, False]
    first, second = doors.entry(event, doors.a), doors.entry(event, doors.b)
    assert (first.status, first.arrived_at) == (AttendanceStatus.PRESENT, now)
    assert (second.status, second.arrived_at) == (AttendanceStatus.PRESENT, now - 10 * MINUTE)


def test_a_door_that_is_behind_counts_from_the_opening_of_the_roll(doors: Doors, at: Clock) -> None:
    event = doors.lesson()
    device = doors.device(event)
    opens_at = NINE - 60 * MINUTE
    at(opens_at + 3 * MINUTE)
    assert opens_at < START
    behind = checkin(doors.a, at=(clock.now() - 10 * MINUTE).isoformat())
    assert device.outcomes(event, behind) == ["recorded"]
    assert [(scan.is_clamped, scan.counted_at) for scan in doors.scans] == [(True, opens_at)]
