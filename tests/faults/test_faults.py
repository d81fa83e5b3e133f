"""Servers die, databases are busy, clocks are wrong, answers are lost: everybody is there once."""

import json
import random
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from portal import clock
from portal.attendance.models import AttendanceStatus
from tests.attendance.conftest import MINUTE, NINE
from tests.doors.conftest import START, Doors, checkin
from tests.faults import bursts
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
    burst = bursts.prepared(doors, PEOPLE)
    path = str(make_url(str(app.config["PORTAL_DATABASE_URL"])).database)
    with serving(app, PORTAL_API_PER_MINUTE=10**6) as live:

        def lock() -> None:
            burst.wait_for(PEOPLE // 3)
            with closing(sqlite3.connect(path, isolation_level=None, timeout=15)) as another:
                another.execute("BEGIN IMMEDIATE")
                before = len(burst.answers)
                assert before < PEOPLE - bursts.DOORS
                threading.Event().wait(LOCKED_SECONDS)
                assert len(burst.answers) - before <= bursts.DOORS
                another.execute("ROLLBACK")

        burst.run(live.port, lock)
    burst.check()


@contextmanager
def cutting_off(port: int, *, answers: int) -> Iterator[int]:
    """A way to the server that loses the first `answers`: the request arrives, nothing comes back.

    Yields its port.
    """
    lost = threading.Semaphore(answers)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def carry(client: socket.socket) -> None:
            with client, socket.create_connection(("127.0.0.1", port)) as server:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(65536)
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                body = head.split(b"\r\n\r\n", 1)[1]
                server.sendall(head)
                while len(body) < length:
                    part = client.recv(65536)
                    server.sendall(part)
                    body += part
                answer = server.recv(65536)
                if lost.acquire(blocking=False):
                    return
                while answer:
                    client.sendall(answer)
                    answer = server.recv(65536)

        def accept() -> None:
            while True:
                try:
                    client, _address = listener.accept()
                except OSError:
                    return
                threading.Thread(target=carry, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_door_that_did_not_hear_the_answer_gets_the_same_one_again(
    app: Flask, doors: Doors
) -> None:
    burst = bursts.prepared(doors, 20)
    with (
        serving(app, PORTAL_API_PER_MINUTE=10**6, PORTAL_WORKERS=1) as live,
        cutting_off(live.port, answers=8) as way,
    ):
        burst.run(way, lambda: None)
    assert sum(burst.retries.values()) == 8
    burst.check()


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
