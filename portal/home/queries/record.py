"""What I was counted at."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, select

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceStatus, Roll
from portal.database import db
from portal.events.models import Event, EventKind
from portal.leaves.models import MakeUp
from portal.people.readers import Somebody


@dataclass(frozen=True)
class Attended:
    """One row of the reader's own record; provisional until the roll is confirmed."""

    event_id: int
    title: str
    kind: EventKind
    place: str
    starts_at: datetime
    status: AttendanceStatus
    is_confirmed: bool
    is_made_up: bool
    # Where people sign out, and both are known.
    arrived_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def year(self) -> int:
        """The year it belongs to, on China's calendar."""
        return clock.local(self.starts_at).year


def attended(person: Somebody) -> list[Attended]:
    """Return everything the person was counted at, latest first.

    Left out: rolls on which nothing has been said of the person yet, and those that do not
    expect the person (exempt).
    """
    rows = db.session.execute(
        select(
            Event.id,
            Event.title,
            Event.kind,
            Event.place,
            Event.starts_at,
            AttendanceEntry.status,
            Roll.confirmed_at.is_not(None),
            MakeUp.id.is_not(None),
            AttendanceEntry.arrived_at,
            case((Roll.signs_out, AttendanceEntry.left_at)),
        )
        .select_from(AttendanceEntry)
        .join(Event, Event.id == AttendanceEntry.event_id)
        .join(Roll, Roll.event_id == AttendanceEntry.event_id)
        .outerjoin(
            MakeUp, and_(MakeUp.event_id == Event.id, MakeUp.person_id == AttendanceEntry.person_id)
        )
        .where(
            AttendanceEntry.person_id == person.id,
            AttendanceEntry.status.not_in({AttendanceStatus.EXPECTED, AttendanceStatus.EXEMPT}),
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
    return [Attended(*row) for row in rows]
