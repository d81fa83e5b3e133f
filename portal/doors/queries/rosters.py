"""What a door is told: the event, and of each person no more than it needs to let them in."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.database import db
from portal.events.models import Event


class RosterRow(NamedTuple):
    """One person on the roll."""

    person_id: int
    name: str
    unit: str
    status: AttendanceStatus
    has_come: bool
    # The last four digits of the phone.
    tail: str
    left_at: datetime | None


def event_of_door(event_id: int) -> Event | None:
    """Return the event with its host, None if there is none."""
    return db.session.scalar(_EVENT, {"event_id": event_id})


def roster(event_id: int) -> Sequence[RosterRow]:
    """Return everybody on the roll, in its order."""
    return [RosterRow._make(row) for row in db.session.execute(_ROSTER, {"event_id": event_id})]


_EVENT = select(Event).where(Event.id == bindparam("event_id")).options(joinedload(Event.host))
_ROSTER = (
    select(
        AttendanceEntry.person_id,
        AttendanceEntry.name,
        AttendanceEntry.unit_name,
        AttendanceEntry.status,
        AttendanceEntry.has_come,
        AttendanceEntry.phone_tail,
        AttendanceEntry.left_at,
    )
    .where(AttendanceEntry.event_id == bindparam("event_id"))
    .order_by(AttendanceEntry.unit_path, AttendanceEntry.stroke_key, AttendanceEntry.person_id)
)
