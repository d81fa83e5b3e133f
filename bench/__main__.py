"""Measure the portal against the limit: `make bench`.

Prints one table a database and writes bench/results.json. Both sides run under the same server;
they are measured in turns of a second or two, and a row is the median of its rounds, so that
what else the machine does meanwhile meets both.
"""

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bench import doors, limit_tables, load, servers
from bench.places import THEMES
from bench.world import TICK_EVENTS, Visitor, World, build

POSTGRES_URL = os.environ.get(
    "PORTAL_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test"
)
HERE = Path(__file__).parent
CONNECTIONS = (8, 64)
ROUNDS = 5
GOAL = 0.5
PAGE = load.request("GET", "/page")
WRITES = [load.request("POST", "/write", body=f"person_id={number}") for number in range(600)]
# What a success answers; a redirect elsewhere (to sign in, to wait) is none.
STATUS = {"check-in": 303, "booking": 303}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    database: str
    what: str
    connections: int
    per_second: float
    limit_per_second: float
    p95: float
    limit_p95: float

    @property
    def ratio(self) -> float:
        """Portal's requests a second as a share of the limit's; the goal is 0.5."""
        return self.per_second / self.limit_per_second

    @property
    def p95_ratio(self) -> float:
        """Portal's p95 over the limit's; the goal for pages is at most 3."""
        return self.p95 / self.limit_p95 if self.limit_p95 else 0.0


def pages(world: World) -> dict[str, list[bytes]]:
    """The pages that are read, each by many visitors."""

    def read(path: Callable[[int], str], visitors: list[Visitor]) -> list[bytes]:
        return [
            load.request("GET", path(at), cookie=visitor.cookie)
            for at, visitor in enumerate(visitors)
        ]

    return {
        "event list": read(lambda _at: "/events/", world.participants),
        "event page": read(lambda at: f"/events/{world.listed[at % 200]}", world.participants),
        "roll page": read(
            lambda at: f"/events/{world.rolls[at % TICK_EVENTS]}/attendance", world.hosts
        ),
        "lesson list": read(lambda _at: "/lessons/", world.participants),
        "lesson page": read(
            lambda at: f"/lessons/{world.places.lessons[at % 200]}", world.participants
        ),
        "search page": read(
            lambda at: f"/search?{urlencode({'q': THEMES[at % len(THEMES)]})}", world.participants
        ),
    }


def _post(path: str, visitor: Visitor, **fields: str) -> bytes:
    body = urlencode({"csrf_token": visitor.csrf_token, **fields})
    return load.request("POST", path, cookie=visitor.cookie, body=body, headers="HX-Request: true")


def writes(world: World) -> dict[str, Callable[[int], list[bytes]]]:
    """The acts that are written, never the same one twice; `part` picks fresh ones."""

    def sign_ups(part: int) -> list[bytes]:
        half = len(world.signup) // len(CONNECTIONS)
        events = world.signup[part * half : (part + 1) * half]
        return [
            _post(f"/events/{event_id}/signups", visitor)
            for event_id in events
            for visitor in world.participants
        ][:2000]

    def ticks(part: int) -> list[bytes]:
        half = TICK_EVENTS // len(CONNECTIONS)
        events = world.rolls[part * half : (part + 1) * half]
        return [
            _post(
                f"/events/{event_id}/attendance/{person_id}",
                world.hosts[at % len(world.hosts)],
                status="present",
            )
            for event_id in events
            for at, person_id in enumerate(world.people)
        ][:2000]

    def check_ins(part: int) -> list[bytes]:
        half = len(world.codes) // len(CONNECTIONS)
        codes = world.codes[part * half : (part + 1) * half]
        return [_post(f"/c/{code}", visitor) for code in codes for visitor in world.participants]

    def bookings(part: int) -> list[bytes]:
        half = len(world.places.slots) // len(CONNECTIONS)
        slots = world.places.slots[part * half : (part + 1) * half]
        askers = world.participants
        return [
            _post(slot.path, askers[at % len(askers)], **slot.fields)
            for at, slot in enumerate(slots)
        ]

    return {
        "sign-up": sign_ups,
        "roll tick": ticks,
        "check-in": check_ins,
        "booking": bookings,
        "door": lambda part: doors.one_by_one(world.doors, world.people, part),
    }


@contextmanager
def database(kind: str, folder: Path, name: str) -> Iterator[str]:
    """A fresh database for one side."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite"
        return
    server = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    database_name = f"portal_bench_{name}_{os.getpid()}"
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{database_name}"'))
    try:
        url = make_url(POSTGRES_URL).set(database=database_name)
        yield url.render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{database_name}" WITH (FORCE)'))


def measure(kind: str, seconds: float) -> Iterator[Row]:
    """Measure both sides on one kind of database, row by row."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["PORTAL_INSTANCE_PATH"] = str(folder)
        limit_url = stack.enter_context(database(kind, folder, "limit"))
        portal_url = stack.enter_context(database(kind, folder, "portal"))
        limit_tables.prepare(limit_url)
        world = build(portal_url)
        limit = stack.enter_context(servers.limit(limit_url))
        portal = stack.enter_context(servers.portal(folder, portal_url))
        for what, requests in pages(world).items():
            load.go_round(portal, requests, connections=8, seconds=1)  # templates are compiled
            for connections in CONNECTIONS:
                rounds = [
                    (
                        load.go_round(limit, [PAGE], connections=connections, seconds=seconds),
                        load.go_round(portal, requests, connections=connections, seconds=seconds),
                    )
                    for _ in range(ROUNDS)
                ]
                yield _row(kind, what, connections, rounds)
        for what, make in writes(world).items():
            for part, connections in enumerate(CONNECTIONS):
                size = len(acts := make(part)) // ROUNDS
                rounds = [
                    (
                        load.send_all(limit, WRITES, connections=connections),
                        load.send_all(
                            portal,
                            acts[number * size : (number + 1) * size],
                            connections=connections,
                        ),
                    )
                    for number in range(ROUNDS)
                ]
                yield _row(kind, what, connections, rounds)
        yield _batches(kind, limit, portal, world)


def _batches(kind: str, limit: int, portal: int, world: World) -> Row:
    """Check-ins in batches of 100: people a second, beside the limit's rows a second."""
    bare = load.send_all(limit, WRITES, connections=8)
    sent = load.send_all(portal, doors.batches(world.doors, world.people), connections=8)
    if set(sent.statuses) != {200}:
        raise SystemExit(f"{kind}: batches: answers that are no success: {dict(sent.statuses)}")
    row = Row(
        kind,
        f"batches of {doors.BATCH}, people",
        8,
        sent.per_second * doors.BATCH,
        bare.per_second,
        sent.percentile(95),
        bare.percentile(95),
    )
    mark = "" if row.per_second >= doors.GOAL else "  below the goal"
    print(f"{kind:<11}{row.what:<24} {row.per_second:8.0f} people/s{mark}", flush=True)
    return row


def _row(
    kind: str, what: str, connections: int, rounds: list[tuple[load.Result, load.Result]]
) -> Row:
    wrong = Counter[int]()
    for _, result in rounds:
        wrong.update(result.statuses)
    wrong.pop(STATUS.get(what, 200), None)
    if wrong:
        raise SystemExit(f"{kind}: {what}: answers that are no success: {dict(wrong)}")
    limit, portal = rounds[_median([mine.per_second / bare.per_second for bare, mine in rounds])]
    row = Row(
        kind,
        what,
        connections,
        portal.per_second,
        limit.per_second,
        portal.percentile(95),
        limit.percentile(95),
    )
    mark = "" if row.ratio >= GOAL else "  below the goal"
    print(
        f"{kind:<11}{what:<12}{connections:>4} conn  {row.per_second:8.0f}/s"
        f"  limit {row.limit_per_second:8.0f}/s  ratio {row.ratio:5.2f}"
        f"  p95 {row.p95:7.1f} ms ({row.p95_ratio:4.1f} x){mark}",
        flush=True,
    )
    return row


def _median(ratios: list[float]) -> int:
    """Return the number of the round with the median ratio."""
    return sorted(range(len(ratios)), key=ratios.__getitem__)[len(ratios) // 2]


def main() -> None:
    """Measure and write down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.5, help="for each side in each round")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    rows: list[Row] = []
    for kind in ["sqlite", "postgresql"]:
        if options.only not in (None, kind):
            continue
        try:
            rows += measure(kind, options.seconds)
        except OperationalError as error:
            print(f"left out: {kind}: {str(error.orig).splitlines()[0]}")
    results = [{**row.__dict__, "ratio": row.ratio, "p95_ratio": row.p95_ratio} for row in rows]
    (HERE / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
