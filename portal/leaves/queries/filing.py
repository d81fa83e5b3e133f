"""What of leave and of lessons made up goes into a year archive."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.archives.hooks import Year
from portal.attendance.models import LEAVE, AttendanceEntry, AttendanceStatus
from portal.database import db
from portal.events.in_archives import held_in
from portal.events.models import Event
from portal.leaves.models import LeaveRequest, LeaveState, MakeUp
from portal.materials.models import Material

_MISSED = (*sorted(LEAVE), AttendanceStatus.ABSENT)
_DECIDED = (LeaveState.GRANTED, LeaveState.REFUSED)


class Filed(NamedTuple):
    """Somebody on the roll who missed the event: the leave, if any, and what was made up."""

    entry: AttendanceEntry
    leave: LeaveRequest | None
    made: MakeUp | None


def events_missed(year: Year) -> Sequence[Event]:
    """Return the events of the year that somebody missed, with their hosts, the earliest first."""
    missed = exists().where(
        AttendanceEntry.event_id == Event.id, AttendanceEntry.status.in_(_MISSED)
    )
    return db.session.scalars(
        select(Event)
        .join(Event.host)
        .where(held_in(year), missed)
        .order_by(Event.starts_at, Event.id)
        .options(contains_eager(Event.host))
    ).all()


def filed(event_id: int) -> list[Filed]:
    """Return all who missed the event, in the order of the roll; each with the latest decision."""
    latest = (
        select(func.max(LeaveRequest.id))
        .where(LeaveRequest.event_id == event_id, LeaveRequest.state.in_(_DECIDED))
        .group_by(LeaveRequest.person_id)
    )
    same = AttendanceEntry.person_id
    rows = db.session.execute(
        select(AttendanceEntry, LeaveRequest, MakeUp)
        .outerjoin(LeaveRequest, and_(LeaveRequest.person_id == same, LeaveRequest.id.in_(latest)))
        .outerjoin(MakeUp, and_(MakeUp.person_id == same, MakeUp.event_id == event_id))
        .where(
            AttendanceEntry.event_id == event_id,
            or_(AttendanceEntry.status.in_(_MISSED), MakeUp.id.is_not(None)),
        )
        .order_by(AttendanceEntry.unit_path, AttendanceEntry.stroke_key, same)
        .options(
            joinedload(LeaveRequest.decided_by),
            joinedload(MakeUp.confirmed_by),
            joinedload(MakeUp.material),
        )
    )
    return [Filed(*row) for row in rows]


def proofs(year: Year) -> Sequence[MakeUp]:
    """Return what was made up for events of the year and is proven by a file, with that."""
    return db.session.scalars(
        select(MakeUp)
        .join(MakeUp.event)
        .join(Event.host)
        .where(held_in(year), MakeUp.material_id.is_not(None))
        .order_by(Event.starts_at, Event.id, MakeUp.id)
        .options(
            contains_eager(MakeUp.event).contains_eager(Event.host),
            joinedload(MakeUp.person),
            joinedload(MakeUp.material).joinedload(Material.file),
        )
    ).all()
