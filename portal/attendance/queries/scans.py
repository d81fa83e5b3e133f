"""What doors have sent: answers given, refusals, and what contradicts the roll."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, and_, bindparam, exists, func, select

from portal import paging
from portal.attendance.models import (
    REFUSED,
    AttendanceEntry,
    AttendanceMark,
    AttendanceScan,
    Method,
    Outcome,
)
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person

Entry, Mark, Scan = AttendanceEntry, AttendanceMark, AttendanceScan


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


def answers(event_id: int, client_ids: Collection[str]) -> Sequence[Any]:
    """Return (client_id, outcome, status, left_at) of those of these check-ins that came before."""
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


def sightings(event_id: int) -> Sequence[Any]:
    """Return (person_id, counted_at, method, direction) of every check-in that counted somebody."""
    return db.session.execute(
        select(Scan.person_id, Scan.counted_at, Scan.method, Scan.direction).where(
            Scan.event_id == event_id,
            Scan.person_id.is_not(None),
            Scan.outcome.not_in(sorted(REFUSED)),
        )
    ).all()


class LastScan(NamedTuple):
    """What a door has just seen: `is_last_word` while nobody has said anything else since."""

    client_id: str
    name: str | None
    unit_name: str | None
    outcome: Outcome
    status: str | None
    device: str
    received_at: datetime
    is_last_word: bool


def last_scans(event_id: int, *, method: Method, limit: int) -> Sequence[LastScan]:
    """Return what the doors have seen last, whichever door it was, the latest first."""
    asked = {"event_id": event_id, "method": method, "most": limit}
    return [LastScan._make(row) for row in db.session.execute(_LAST, asked)]


def find_scan(event_id: int, client_id: str) -> AttendanceScan | None:
    """Return the check-in that a door sent under this id."""
    return db.session.scalar(
        select(Scan).where(Scan.event_id == event_id, Scan.client_id == client_id)
    )


def find_mark_of_scan(scan: AttendanceScan) -> AttendanceMark | None:
    """Return the mark that a check-in made; None where it changed nothing."""
    return db.session.scalar(
        select(Mark)
        .join(Entry, Entry.id == Mark.entry_id)
        .where(
            Mark.event_id == scan.event_id,
            Entry.person_id == scan.person_id,
            Mark.at == scan.received_at,
            Mark.method == scan.method,
        )
    )


_EVENT: BindParameter[int] = bindparam("event_id")
# Asked at every batch: built once.
_ANSWERS = select(Scan.client_id, Scan.outcome, Scan.status, Scan.left_at).where(
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
    Entry.device,
    Entry.left_at,
    Entry.left_by_hand,
    Entry.last_seen_at,
    Entry.last_seen_as,
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
_LAST = (
    select(
        Scan.client_id,
        func.coalesce(Entry.name, Person.name),
        Entry.unit_name,
        Scan.outcome,
        Scan.status,
        Scan.device,
        Scan.received_at,
        and_(
            Scan.outcome == Outcome.RECORDED,
            func.coalesce(Entry.marked_at == Scan.received_at, False),
        ),
    )
    .outerjoin(Entry, (Entry.event_id == Scan.event_id) & (Entry.person_id == Scan.person_id))
    .outerjoin(Person, Person.id == Scan.person_id)
    .where(Scan.event_id == _EVENT, Scan.method == bindparam("method", type_=Scan.method.type))
    .order_by(Scan.id.desc())
    .limit(bindparam("most", type_=Integer))
)
