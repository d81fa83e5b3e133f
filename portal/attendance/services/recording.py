"""What doors send: up to 500 check-ins in one act, however many doors there are.

The roll's row is held, everything is read in a few statements, decided without the database
(`merging`), and written in one statement a table. Each check-in is kept with its answer, so
that a door which did not hear the answer may send it again.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update

from portal import clock
from portal.attendance import drawing, policies, queries
from portal.attendance.merging import Seen, Standing, Window, merged
from portal.attendance.models import (
    AttendanceEntry,
    AttendanceMark,
    AttendanceScan,
    AttendanceStatus,
    Direction,
    Method,
    Outcome,
    Roll,
)
from portal.attendance.rules import Timing
from portal.attendance.services.opening import open_roll
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Audience, Event
from portal.people.models import Person
from portal.rows import change, put_each
from portal.signups import policies as signup_policies
from portal.signups import seats
from portal.signups import services as signups
from portal.statements import Act

MOST_AT_ONCE = 500
_GIVEN_KEPT = 24

_ENTRY = AttendanceEntry.metadata.tables["attendance_entry"]
_LEAVING = ("left_at", "last_seen_at", "last_seen_as")
_CHANGED = (
    "status",
    "has_come",
    "arrived_at",
    *_LEAVING,
    "method",
    "device",
    "marked_by_id",
    "marked_at",
    "revision",
)


class CheckIn(NamedTuple):
    """One person as a door saw them: by number, or by a pass that was looked up already.

    `given` is what was presented, so far as it may be kept; `is_bad_pass` that it leads to
    nobody, or not any more.
    """

    client_id: str
    person_id: int | None
    at: datetime
    method: Method
    given: str = ""
    is_bad_pass: bool = False
    direction: Direction | None = None


class Result(NamedTuple):
    """The answer to one check-in; no status where nobody is counted.

    And when the person left, where people sign out and it is known.
    """

    client_id: str
    outcome: Outcome
    status: AttendanceStatus | None
    left_at: datetime | None = None


@dataclass
class _Entry:
    """An entry while the batch is decided."""

    id: int
    now: Standing


@dataclass
class _Written:
    """What the batch comes to, row by row."""

    scans: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    entries: dict[int, Standing] = field(default_factory=dict)
    # Of whom nothing that is shown has changed: when they were seen last.
    seen_again: dict[int, Standing] = field(default_factory=dict)
    walk_ins: int = 0


def record(
    *,
    event: Event,
    items: Sequence[CheckIn],
    actor: Person,
    timing: Timing,
    device: str = "",
) -> list[Result]:
    """Record what a door saw; return an answer to each check-in, in their order.

    `actor` answers for the door: whoever is signed in there, or made the token of `device`.
    The same `client_id` again gets the same answer. One bad check-in spoils no other. Who is
    not on the roll of an open event is a walk-in on its day; elsewhere nobody is let in
    (`not_expected`), and the host finds them in the list of refused check-ins.
    Raises InvalidInputError for more than 500 at once.
    """
    if len(items) > MOST_AT_ONCE:
        raise InvalidInputError(f"一次最多 {MOST_AT_ONCE} 条签到。", field="checkins")
    roll = open_roll(event=event, actor=actor) if policies.has_roll(event) else None
    if roll is None:
        seats.hold(event)
    results = _answered(event, items)
    fresh = {item.client_id: item for item in items if item.client_id not in results}
    if fresh:
        results |= _record(event, roll, list(fresh.values()), actor, device, timing)
    return [results[item.client_id] for item in items]


def _answered(event: Event, items: Iterable[CheckIn]) -> dict[str, Result]:
    rows = queries.answers(event.id, [item.client_id for item in items])
    return {row[0]: Result(*row) for row in rows}


def _record(
    event: Event,
    roll: Roll | None,
    items: Sequence[CheckIn],
    actor: Person,
    device: str,
    timing: Timing,
) -> dict[str, Result]:
    now = clock.now()
    window = Window.of(event.starts_at, timing, roll.stay if roll else None)
    is_open = roll is not None and roll.confirmed_at is None and now >= window.opens_at
    people = {item.person_id for item in items if item.person_id is not None}
    entries = _entries(event, people) if is_open else {}
    known = people & entries.keys() | queries.existing(people - entries.keys())
    written = _Written()
    if is_open and roll is not None:
        entries |= _let_in(event, roll, known - entries.keys(), actor, written)
    by_id = None if device else actor.id
    for item in items:
        outcome = _refusal(item, known, entries, is_open=is_open)
        counted_at = window.clamped(item.at, now) if is_open else min(item.at, now)
        status = left_at = None
        if outcome is None and item.person_id is not None:
            entry = entries[item.person_id]
            seen = Seen(counted_at, item.method, by_id, device, item.direction)
            outcome, after = merged(entry.now, seen, window)
            status, left_at = after.status, after.left_at
            _note(written, event, entry, seen, after, now)
        written.scans.append(
            {
                "event_id": event.id,
                "client_id": item.client_id,
                "person_id": item.person_id if item.person_id in known else None,
                "given": item.given[-_GIVEN_KEPT:],
                "method": item.method,
                "reported_at": item.at,
                "counted_at": counted_at,
                "is_clamped": counted_at != item.at,
                "direction": item.direction,
                "outcome": outcome,
                "status": status,
                "left_at": left_at,
            }
        )
    _write(event, roll, written, actor, device, now)
    return {
        row["client_id"]: Result(*(row[name] for name in Result._fields)) for row in written.scans
    }


def _refusal(
    item: CheckIn, known: Collection[int], entries: Collection[int], *, is_open: bool
) -> Outcome | None:
    """Return why nobody is counted, None if somebody is; the pass is judged first."""
    if item.is_bad_pass:
        return Outcome.BAD_PASS
    if item.person_id not in known:
        return Outcome.UNKNOWN
    if not is_open:
        return Outcome.CLOSED
    return None if item.person_id in entries else Outcome.NOT_EXPECTED


def _entries(event: Event, people: Collection[int]) -> dict[int, _Entry]:
    rows = queries.standings(event.id, people)
    return {row[0]: _Entry(row[1], Standing._make(row[2:])) for row in rows}


def _let_in(
    event: Event, roll: Roll, people: Collection[int], actor: Person, written: _Written
) -> dict[int, _Entry]:
    """Put those who came to an open event without a place on its lists; nobody elsewhere."""
    may_come = event.audience is Audience.OPEN and signup_policies.takes_walk_ins(
        event, clock.now()
    )
    if not people or not may_come:
        return {}
    had_waited = signups.register_arrivals(event=event, people=people, actor=actor)
    listed = had_waited if roll.frozen_at is None else set[int]()
    drawn = drawing.at_the_door(event, people, listed=listed)
    rows = [
        {
            **columns,
            "event_id": event.id,
            "is_walk_in": person_id not in listed,
            "has_come": False,
            "revision": roll.revision,
        }
        for person_id, columns in drawn.items()
    ]
    ids = db.session.execute(insert(_ENTRY).returning(_ENTRY.c.person_id, _ENTRY.c.id), rows)
    written.walk_ins = len(rows)
    return {
        person_id: _Entry(
            entry_id,
            Standing(
                status=drawn[person_id]["status"],
                is_listed=drawn[person_id]["is_listed"],
                has_come=False,
                arrived_at=None,
                away_at=None,
                method=None,
                marked_by_id=None,
            ),
        )
        for person_id, entry_id in ids
    }


def _note(
    written: _Written, event: Event, entry: _Entry, seen: Seen, after: Standing, now: datetime
) -> None:
    """Keep what has changed, with a mark of it if anything that is shown has."""
    before = entry.now
    if after == before:
        return
    was_only_seen = before._replace(
        last_seen_at=after.last_seen_at, last_seen_as=after.last_seen_as
    )
    if was_only_seen != after:
        written.marks.append(_mark(event, entry, seen, after, now))
        written.entries[entry.id] = after
    elif entry.id in written.entries:
        written.entries[entry.id] = after
    else:
        written.seen_again[entry.id] = after
    entry.now = after


def _mark(
    event: Event, entry: _Entry, seen: Seen, after: Standing, now: datetime
) -> dict[str, Any]:
    before = entry.now
    return {
        "event_id": event.id,
        "entry_id": entry.id,
        "from_status": before.status,
        "to_status": after.status,
        "from_has_come": before.has_come,
        "to_has_come": after.has_come,
        "from_arrived_at": before.arrived_at,
        "from_left_at": before.left_at,
        "to_left_at": after.left_at,
        # The entry keeps the door where the person arrived, the mark the one it was made at.
        "method": seen.method,
        "is_correction": False,
        "reason": "",
        "device": seen.device,
        "marked_by_id": seen.by_id,
        "at": now,
    }


def _write(
    event: Event,
    roll: Roll | None,
    written: _Written,
    actor: Person,
    device: str,
    now: datetime,
) -> None:
    batch = secrets.token_hex(16)
    of_batch = {
        "batch": batch,
        "received_at": now,
        "device": device,
        "received_by_id": actor.id,
    }
    db.session.flush()
    put_each(AttendanceScan, (row | of_batch for row in written.scans))
    if roll is not None and written.marks:
        change(roll, revision=roll.revision + 1)
        put_each(AttendanceMark, written.marks)
        _UPDATE_ENTRY.do_each(
            [
                {
                    "entry_id": entry_id,
                    "to_status": after.status,
                    "to_has_come": after.has_come,
                    "to_arrived_at": after.arrived_at,
                    **_leaving(after),
                    "to_method": after.method,
                    "to_device": after.device,
                    "to_marked_by_id": after.marked_by_id,
                    "to_marked_at": now,
                    "to_revision": roll.revision,
                }
                for entry_id, after in written.entries.items()
            ],
        )
    if written.seen_again:
        _UPDATE_SEEN.do_each(
            [
                {"entry_id": entry_id, **_leaving(after)}
                for entry_id, after in written.seen_again.items()
                if entry_id not in written.entries
            ],
        )
    counted = Counter(row["outcome"].value for row in written.scans)
    audit.record(
        "attendance.received",
        roll or event,
        actor=actor,
        event=event.id,
        batch=batch,
        device=device,
        walk_ins=written.walk_ins,
        **counted,
    )


def _leaving(after: Standing) -> dict[str, Any]:
    return {f"to_{name}": getattr(after, name) for name in _LEAVING}


def _update(*names: str) -> Act:
    new = {name: bindparam(f"to_{name}", type_=_ENTRY.c[name].type) for name in names}
    return Act(update(_ENTRY).where(_ENTRY.c.id == bindparam("entry_id")).values(new))


# Sent by every door, many times a second: built once.
_UPDATE_ENTRY, _UPDATE_SEEN = _update(*_CHANGED), _update(*_LEAVING)
