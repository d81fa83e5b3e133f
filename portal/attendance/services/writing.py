"""The one place that changes an entry: with its mark, and the roll's revision."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, update
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock, rows
from portal.attendance.models import (
    AWAY,
    AttendanceEntry,
    AttendanceMark,
    AttendanceStatus,
    Direction,
    Method,
    Roll,
)
from portal.database import db
from portal.people.models import Person

AT_ONCE = 500
# What is entered after the fact says nothing about when somebody came.
_WITHOUT_A_TIME = frozenset({Method.LATER, Method.CORRECTION})


class Leaving(NamedTuple):
    """When somebody left, whether by hand, and what it is made from."""

    left_at: datetime | None
    by_hand: bool = False
    last_seen_at: datetime | None = None
    last_seen_as: Direction | None = None

    @classmethod
    def of(cls, entry: AttendanceEntry) -> "Leaving":
        """Return what the entry says."""
        return cls(entry.left_at, entry.left_by_hand, entry.last_seen_at, entry.last_seen_as)

    @classmethod
    def as_before(cls, left_at: datetime | None) -> "Leaving":
        """Return the leaving that somebody had before what is taken back."""
        last_seen_as = Direction.OUT if left_at else None
        return cls(left_at, last_seen_at=left_at, last_seen_as=last_seen_as)


def write_mark(
    roll: Roll,
    entry: AttendanceEntry,
    *,
    status: AttendanceStatus,
    has_come: bool,
    method: Method,
    actor: Person | None,
    at: datetime | None = None,
    reason: str = "",
    client_id: str | None = None,
    batch: str | None = None,
    browser: str = "",
    leaving: Leaving | None = None,
) -> AttendanceMark:
    """Change the entry and note what it was, what it became, by whom, how and why.

    `at` is when the person came, if not now; who has come keeps the time of coming. Who is
    said not to be here is away from now on; what is taken back as a mistake has said nothing.
    Without `leaving` the time of leaving stays as it was; who is not here has not left.
    """
    now = clock.now()
    arrived_at, away_at = entry.arrived_at, entry.away_at
    if not has_come:
        is_mistake = method is Method.MERGED or (method is Method.UNDO and status not in AWAY)
        arrived_at, away_at = None, None if is_mistake else now
    elif not entry.has_come and method not in _WITHOUT_A_TIME:
        arrived_at = at or now
    stands = (leaving or Leaving.of(entry)) if has_come else Leaving(None)
    mark = AttendanceMark(
        event_id=roll.event_id,
        entry_id=entry.id,
        client_id=client_id,
        batch=batch,
        from_status=entry.status,
        to_status=status,
        from_has_come=entry.has_come,
        to_has_come=has_come,
        from_arrived_at=entry.arrived_at,
        from_left_at=entry.left_at,
        to_left_at=stands.left_at,
        method=method,
        is_correction=method is Method.CORRECTION,
        reason=reason,
        browser=browser,
        marked_by_id=actor.id if actor else None,
        at=now,
    )
    db.session.flush()
    rows.change(roll, revision=roll.revision + 1)
    rows.change(
        entry,
        status=status,
        has_come=has_come,
        arrived_at=arrived_at,
        away_at=away_at,
        left_at=stands.left_at,
        left_by_hand=stands.by_hand,
        last_seen_at=stands.last_seen_at,
        last_seen_as=stands.last_seen_as,
        method=method,
        device="",
        marked_by_id=mark.marked_by_id,
        marked_at=now,
        revision=roll.revision,
    )
    rows.put(mark)
    set_committed_value(mark, "entry", entry)
    return mark


def write_marks(
    roll: Roll,
    entries: Sequence[AttendanceEntry],
    *,
    status: AttendanceStatus,
    has_come: bool,
    method: Method,
    actor: Person,
    batch: str,
) -> None:
    """Change many listed entries of one status at once: two statements for 500 of them."""
    now = clock.now()
    roll.revision += 1
    changes: dict[str, Any] = {
        "status": status,
        "has_come": has_come,
        "arrived_at": now if has_come and method not in _WITHOUT_A_TIME else None,
        "method": method,
        "device": "",
        "marked_by_id": actor.id,
        "marked_at": now,
        "revision": roll.revision,
    }
    marks = [
        {
            "event_id": roll.event_id,
            "entry_id": entry.id,
            "batch": batch,
            "from_status": entry.status,
            "to_status": status,
            "from_has_come": entry.has_come,
            "to_has_come": has_come,
            "from_arrived_at": entry.arrived_at,
            "method": method,
            "marked_by_id": actor.id,
            "at": now,
        }
        for entry in entries
    ]
    for ids in in_portions([entry.id for entry in entries]):
        db.session.execute(
            update(AttendanceEntry)
            .where(AttendanceEntry.id.in_(ids))
            .values(**changes)
            .execution_options(synchronize_session=False)
        )
    for portion in in_portions(marks):
        db.session.execute(insert(AttendanceMark), portion)
    for entry in entries:
        db.session.expire(entry)
    db.session.flush()


def in_portions(things: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the things in lists that fit into one statement."""
    whole = list(things)
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]
