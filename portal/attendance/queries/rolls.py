"""Questions about a roll as a whole, and what its list is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ScalarSelect,
    Select,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from portal.attendance.models import AttendanceEntry, Roll
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Audience, Event, EventInvitation
from portal.people.models import Organisation, Person
from portal.signups.models import SignupMove
from portal.statements import Ready
from portal.told import Told


@dataclass(frozen=True)
class Sources:
    """The roll of an event, if it was opened, and what its list would be drawn from now."""

    roll: Roll | None
    now: str


def sources(event_id: int, *, lock: bool = False) -> Sources:
    """Return the roll beside a mark of all that its list is drawn from, in one question.

    Every move of a sign-up is logged, every invitation is a row, every change of the event
    raises its version: the mark changes with each. Memberships are looked at again by time
    (`services.opening`). The roll comes with its event and host; or, with `lock`, alone, its
    row held until the transaction ends.
    """
    asked, told = (_SOURCES_LOCKED, _ALONE) if lock else (_SOURCES, _WHOLE)
    found = asked.rows_after_flush({"event_id": event_id})
    if not found:
        return Sources(None, "")
    marks, stored = found[0][:_MARKS], found[0][_MARKS:]
    return Sources(told.attached(tuple(stored), is_anew=lock), _joined(marks))


def sources_to_read(event_id: int) -> Sources:
    """Return the same for pages that only read: the roll is told, and never changed."""
    found = _SOURCES_READ.rows({"event_id": event_id})
    if not found:
        return Sources(None, "")
    marks, stored = found[0][:_MARKS], found[0][_MARKS:]
    return Sources(_READ.read(tuple(stored)), _joined(marks))


def _joined(marks: Sequence[Any]) -> str:
    return ".".join(str(mark or 0) for mark in marks)


def _marks() -> tuple[Any, ...]:
    event_id: BindParameter[int] = bindparam("event_id")
    # A session is drawn from the lists of its whole as well.
    whole = aliased(Event)
    list_id = (
        select(func.coalesce(whole.part_of_id, whole.id))
        .where(whole.id == event_id)
        .scalar_subquery()
    )
    moved = or_(SignupMove.event_id == event_id, SignupMove.event_id == list_id)
    last_move = _one(select(func.max(SignupMove.id)).where(moved))
    invited = select(EventInvitation.id).where(EventInvitation.event_id == list_id).subquery()
    changed = _one(select(whole.version).where(whole.id == list_id))
    return (
        last_move,
        _one(select(func.max(invited.c.id))),
        _one(select(func.count(invited.c.id))),
        Event.version,
        changed,
    )


def _one(statement: Select[int]) -> ScalarSelect[int]:
    return statement.scalar_subquery()


def roll(event_id: int) -> Roll:
    """Return the roll of an event; raise NotFoundError."""
    found = find_roll(event_id)
    if found is None:
        raise NotFoundError("这次活动还没有开始签到。")
    return found


def find_roll(event_id: int) -> Roll | None:
    """Return the roll of an event, None if nobody has opened it."""
    return db.session.scalar(select(Roll).where(Roll.event_id == event_id))


def find_event_of_short_code(code: str) -> int | None:
    """Return the event on whose wall a short code stands."""
    return db.session.scalar(select(Roll.event_id).where(Roll.short_code == code))


def rolls_with_short_code(person_id: int) -> Sequence[int]:
    """Return the rolls with a short code that the person may have meant to type."""
    on_roll = select(AttendanceEntry.event_id).where(AttendanceEntry.person_id == person_id)
    return db.session.scalars(
        select(Roll.id)
        .join(Event, Event.id == Roll.event_id)
        .where(
            Roll.short_code.is_not(None),
            or_(Event.audience == Audience.OPEN, Roll.event_id.in_(on_roll)),
        )
    ).all()


def _locked() -> Ready:
    """Select the marks and the roll alone, and hold its row."""
    return Ready(
        select(*_marks(), *_ALONE.columns)
        .join(Event, Event.id == Roll.event_id)
        .where(Roll.event_id == bindparam("event_id"))
        .with_for_update(of=Roll)
    )


def _of(told: Told[Roll]) -> Ready:
    """Select the marks, then what is told of the roll."""
    event, confirmed_by = told.related["event"], told.related["confirmed_by"].table
    host = event.related["host"].table
    return Ready(
        select(*_marks(), *told.columns)
        .join(Event, Event.id == Roll.event_id)
        .join(host, host.id == Event.host_id)
        .outerjoin(confirmed_by, confirmed_by.id == Roll.confirmed_by_id)
        .where(Roll.event_id == bindparam("event_id"))
    )


# What pages of the roll read of it, of its event, and of who has confirmed it.
_READ = Told(
    Roll,
    is_first=True,
    event=Told(Event, is_first=True, host=Told(Organisation)),
    confirmed_by=Told(Person, only=("id", "name")),
)
# The same to be changed: of whoever is found, all is known.
_WHOLE = Told(
    Roll,
    is_first=True,
    event=Told(Event, is_first=True, host=Told(Organisation)),
    confirmed_by=Told(Person),
)
_ALONE = Told(Roll, is_first=True)
_MARKS = len(_marks())
# Asked at every tap and every page of the roll: built once.
_SOURCES_READ, _SOURCES, _SOURCES_LOCKED = _of(_READ), _of(_WHOLE), _locked()
