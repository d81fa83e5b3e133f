"""The district's worst ten minutes (QUALITY.md), shorter on demand: `python -m bench.burst`.

15,300 check-ins in ten minutes, 80 a second at the peak, while 100 rolls are open on screens
that ask for news every second and a half. Requests are sent when they are due, whether or not the
server is done with those before; what somebody waits is counted from then on. At the end the
database is asked whether everybody is there once.
"""

import argparse
import asyncio
import itertools
import os
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, insert, text

from bench import load, servers
from bench.__main__ import database
from bench.doors import Door, check_in, open_doors
from bench.world import Visitor, make_events, make_people, make_tree, make_visitors, prepared
from portal.attendance import services as attendance
from portal.database import db, write_transaction
from portal.events import queries as events
from portal.events.models import Audience, EventDueOrganisation
from portal.people.models import Person, Role, RoleGrant

ROLLS = 100
# Of ten minutes; a run of N minutes has its share. The peak lasts a sixth of the time.
PEOPLE, MINUTES, PEAK = 15_300, 10, 80
# Each event is for so many branches of fifty.
_BRANCHES = 4
PEOPLE_A_ROLL = 200
_ASKS_EVERY = 1.5
_CONNECTIONS = 64
_REVISION = re.compile(rb'name="revision" value="(\d+)"')
_CAME = """SELECT event_id, count(*) AS number FROM attendance_entry WHERE has_come
           GROUP BY event_id"""
P99_GOAL_MS = 250


@dataclass(frozen=True)
class Scene:
    """A hundred events that have begun, those who are expected, and who looks on."""

    doors: list[Door]
    expected: dict[int, list[int]]
    hosts: list[Visitor]


@dataclass
class Seen:
    """What came of one kind of requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def said(self, what: str) -> str:
        """Return the line of the table."""
        cuts = statistics.quantiles(self.waits, n=100)
        return (
            f"{what:<12}{len(self.waits):>7} requests  p50 {cuts[49]:6.1f} ms  p95 {cuts[94]:6.1f}"
            f"  p99 {cuts[98]:6.1f}  most {max(self.waits):6.1f}  {dict(self.statuses)}"
        )


def build(database_url: str, *, rolls: int = ROLLS) -> Scene:
    """Fill a portal with the scene of so many rolls."""
    with prepared(database_url) as app:
        with write_transaction():
            street, branches = make_tree()
            people = make_people(branches)
            host = db.session.get_one(Person, people[0])
            held = make_events(street, host, rolls, Audience.DUE, first_day=0)
            for at, event_id in enumerate(held):
                due = [branches[(at + step) % len(branches)] for step in range(_BRANCHES)]
                db.session.execute(
                    insert(EventDueOrganisation),
                    [{"event_id": event_id, "organisation_id": one.id} for one in due],
                )
            offices = people[:10]
            hosts = make_visitors(app, offices)
            db.session.execute(
                insert(RoleGrant),
                [
                    {"person_id": one, "role": Role.OFFICE, "organisation_id": street.id}
                    for one in offices
                ],
            )
            doors = open_doors(held, host)
        for event_id in held:
            with write_transaction():
                attendance.open_roll(event=events.event(event_id), actor=None)
        rows = db.session.execute(text("SELECT event_id, person_id FROM attendance_entry"))
        expected: dict[int, list[int]] = {}
        for event_id, person_id in rows:
            expected.setdefault(event_id, []).append(person_id)
    return Scene(doors, expected, hosts)


def due_at(minutes: float, number: float = PEOPLE, fastest: float = PEAK) -> Iterator[float]:
    """Yield the second at which each is due: even, and the fastest at the peak.

    `number` are all of ten minutes, `fastest` those of a second of the peak.
    """
    seconds = minutes * 60
    peak = seconds / 6
    in_all = number * minutes / MINUTES
    calm = (in_all - fastest * peak) / (seconds - peak)
    at, starts = 0.0, (seconds - peak) / 2
    while at < seconds:
        yield at
        at += 1 / (fastest if starts <= at < starts + peak else calm)


class Line:
    """Connections to the server that are free; whoever needs one waits for it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.Queue()
        )

    async def open(self, number: int) -> None:
        """Open the connections."""
        for _ in range(number):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))

    async def ask(self, request: bytes, seen: Seen, since: float) -> bytes:
        """Send one request; note how long it took since it was due."""
        connection = await self._free.get()
        try:
            status, body = await _answer(connection, request)
        except (ConnectionError, asyncio.IncompleteReadError):
            # An idle connection was closed: the same check-in may be sent again.
            connection = await asyncio.open_connection("127.0.0.1", self._port)
            status, body = await _answer(connection, request)
        finally:
            self._free.put_nowait(connection)
        seen.statuses[status] += 1
        seen.waits.append((time.perf_counter() - since) * 1000)
        return body


async def _answer(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
) -> tuple[int, bytes]:
    reader, writer = connection
    writer.write(request)
    return await load.whole_answer(reader)


def _asked(path: str, host: Visitor) -> bytes:
    return load.request("GET", path, cookie=host.cookie, headers="HX-Request: true")


async def watch(line: Line, event_id: int, host: Visitor, seen: Seen, until: float) -> None:
    """Look at one roll as its screen does: ask for news of the revision one knows."""
    revision = b"-1"
    await asyncio.sleep(event_id % ROLLS / ROLLS * _ASKS_EVERY)
    while time.perf_counter() < until:
        since = time.perf_counter()
        path = f"/events/{event_id}/attendance/live?revision={revision.decode()}"
        body = await line.ask(_asked(path, host), seen, since)
        found = _REVISION.search(body)
        revision = found[1] if found else revision
        await asyncio.sleep(max(0.0, since + _ASKS_EVERY - time.perf_counter()))


async def run(port: int, scene: Scene, minutes: float) -> tuple[Seen, Seen, Counter[int]]:
    """Let them come; return what the doors saw, what the screens saw, and who came where."""
    doors, screens, came = Seen(), Seen(), Counter[int]()
    at_doors, at_screens = Line(port), Line(port)
    await at_doors.open(_CONNECTIONS)
    await at_screens.open(16)
    # Every screen is open and every device has read its roster before the first one comes.
    before = Seen()
    for door, host in zip(scene.doors, itertools.cycle(scene.hosts), strict=False):
        await at_screens.ask(_asked(f"/events/{door.event_id}/attendance", host), before, 0)
        roster = load.request(
            "GET",
            f"/api/v1/events/{door.event_id}/roster",
            headers=f"Authorization: Bearer {door.token}",
        )
        await at_doors.ask(roster, before, 0)
    if set(before.statuses) != {200}:
        raise SystemExit(f"screens and devices are not let in: {dict(before.statuses)}")
    started = time.perf_counter()
    until = started + minutes * 60
    async with asyncio.TaskGroup() as group:
        for at, door in enumerate(scene.doors):
            host = scene.hosts[at % len(scene.hosts)]
            group.create_task(watch(at_screens, door.event_id, host, screens, until))
        for number, due in enumerate(due_at(minutes)):
            door = scene.doors[number % ROLLS]
            person_id = scene.expected[door.event_id][number // ROLLS]
            came[door.event_id] += 1
            await asyncio.sleep(max(0.0, started + due - time.perf_counter()))
            request = check_in(door, [person_id])
            group.create_task(at_doors.ask(request, doors, started + due))
    return doors, screens, came


def recorded(url: str) -> tuple[Counter[int], int, int]:
    """Return how many came to each event, and how many marks and scans say so."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text(_CAME))
        came: Counter[int] = Counter({row.event_id: row.number for row in rows})
        marks = connection.execute(text("SELECT count(*) FROM attendance_mark")).scalar_one()
        scans = connection.execute(text("SELECT count(*) FROM attendance_scan")).scalar_one()
    engine.dispose()
    return came, marks, scans


def main() -> None:
    """Let the burst come and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="10 is the whole burst")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["PORTAL_INSTANCE_PATH"] = str(folder)
        url = stack.enter_context(database(options.database, folder, "burst"))
        scene = build(url)
        port = stack.enter_context(servers.portal(folder, url))
        doors, screens, came = asyncio.run(run(port, scene, options.minutes))
        there, marks, scans = recorded(url)
    print(doors.said("check-ins"))
    print(screens.said("screens"))
    number = sum(came.values())
    is_once = there == came and marks == scans == number
    print(f"{number} check-ins at {ROLLS} rolls: {'each is there once' if is_once else 'NOT so'}")
    p99 = statistics.quantiles(doors.waits, n=100)[98]
    print(f"p99 {p99:.0f} ms, the goal is {P99_GOAL_MS} ms")
    if not is_once or set(doors.statuses) != {200}:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
