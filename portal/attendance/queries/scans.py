"""What doors have sent: answers given, refusals, and what contradicts the roll."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, exists, select

from portal import paging
from portal.attendance.models import (
    REFUSED,
    AttendanceEntry,
    AttendanceScan,
    Method,
    Outcome,
)
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person

Entry, Scan = AttendanceEntry, AttendanceScan


class RefusedScan(NamedTuple):
    """A check-in after which nobody was counted; no name where it led to nobody."""

    id: int
    person_id: int | None
    name: str | None
    given: str
    outcome: Outcome
    method: Method
    reported_at: datetime
    received_at: datetime
    is_clamped: bool
    device: str


class Contradiction(NamedTuple):
    """Somebody whom one said not to be here and a door has seen, whichever came first."""

    person_id: int
    name: str
    status: str
    has_come: bool
    away_at: datetime
    seen_at: datetime
    device: str


def answers(event_id: int, client_ids: Collection[str]) -> Sequence[Any]:
    """Return (client_id, outcome, status) of those of these check-ins that came before."""
    asked = {"event_id": event_id, "client_ids": list(client_ids)}
    return db.session.execute(_ANSWERS, asked).all()


def standings(event_id: int, people: Collection[int]) -> Sequence[Any]:
    """Return person, entry and the parts of `merging.Standing` of these people on the roll."""
    if not people:
        return []
    return db.session.execute(_STANDINGS, {"event_id": event_id, "people": list(people)}).all()


def existing(people: Collection[int]) -> set[int]:
    """Return those of these numbers that are somebody's."""
    if not people:
        return set()
    return set(db.session.scalars(_EXISTING, {"people": list(people)}))


def refused_scans(event_id: int, number: int) -> "paging.Page[RefusedScan]":
    """Return page `number` of the check-ins after which nobody was counted, the latest first."""
    return paging.page_of_rows(_REFUSED, number, RefusedScan._make, {"event_id": event_id})


def has_refused_scans(event_id: int) -> bool:
    """Return whether any check-in was refused."""
    return bool(db.session.scalar(_ANY_REFUSED, {"event_id": event_id}))


def scans_of(person: Person) -> Sequence[tuple[AttendanceScan, str]]:
    """Return when a door has seen somebody, with the title of the event, the first time first."""
    rows = db.session.execute(
        select(Scan, Event.title)
        .join(Event, Event.id == Scan.event_id)
        .where(Scan.person_id == person.id)
        .order_by(Scan.id)
    )
    return [(scan, title) for scan, title in rows]


def contradicted(event_id: int) -> Sequence[Contradiction]:
    """Return whom a door has seen and somebody said not to be here (`merging`, rule 3)."""
    rows = db.session.execute(_CONTRADICTED, {"event_id": event_id})
    return [Contradiction._make(row) for row in rows]


_EVENT: BindParameter[int] = bindparam("event_id")
# Asked at every batch: built once.
_ANSWERS = select(Scan.client_id, Scan.outcome, Scan.status).where(
    Scan.event_id == _EVENT, Scan.client_id.in_(bindparam("client_ids", expanding=True))
)
_STANDINGS = select(
    Entry.person_id,
    Entry.id,
    Entry.status,
    Entry.is_listed,
    Entry.has_come,
    Entry.arrived_at,
    Entry.away_at,
    Entry.method,
    Entry.marked_by_id,
).where(Entry.event_id == _EVENT, Entry.person_id.in_(bindparam("people", expanding=True)))
_EXISTING = select(Person.id).where(Person.id.in_(bindparam("people", expanding=True)))
_IS_REFUSED = (Scan.event_id == _EVENT, Scan.outcome.in_(sorted(REFUSED)))
_ANY_REFUSED = select(exists(select(Scan.id).where(*_IS_REFUSED)))
_OF_REFUSED: list[Any] = [
    Person.name if name == "name" else getattr(Scan, name) for name in RefusedScan._fields
]
_REFUSED = paging.paged(
    select(*_OF_REFUSED)
    .select_from(Scan)
    .outerjoin(Person, Person.id == Scan.person_id)
    .where(*_IS_REFUSED)
    .order_by(Scan.id.desc())
)
_CONTRADICTED = (
    select(
        Entry.person_id,
        Entry.name,
        Entry.status,
        Entry.has_come,
        Entry.away_at,
        Scan.counted_at,
        Scan.device,
    )
    .join(Scan, (Scan.event_id == Entry.event_id) & (Scan.person_id == Entry.person_id))
    .where(
        Entry.event_id == _EVENT,
        Entry.away_at.is_not(None),
        Scan.outcome.in_([Outcome.RECORDED, Outcome.ALREADY]),
    )
    .order_by(Entry.name, Scan.counted_at, Scan.id)
)
