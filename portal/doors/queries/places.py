"""Who was seen at the door, and where that person sits: in one question."""

from typing import Any

from sqlalchemy import and_, exists, or_, select

from portal.attendance.models import AttendanceEntry
from portal.database import db
from portal.seating.models import Seat, SeatGroup, SeatPlan
from portal.seating.queries import Place, whose_plan
from portal.signups.models import Signup, SignupStatus


def entry_with_place(event_id: int, person_id: int) -> tuple[AttendanceEntry | None, str]:
    """Return the row of the roll and the seat in words; staff see it before it is shown."""
    holds = or_(
        Seat.signup_id.is_(None),
        exists().where(Signup.id == Seat.signup_id, Signup.status == SignupStatus.CONFIRMED),
    )
    row: Any = db.session.execute(
        select(AttendanceEntry, SeatPlan.kind, SeatGroup.name, Seat.number)
        .select_from(AttendanceEntry)
        .outerjoin(
            Seat,
            and_(
                Seat.event_id == whose_plan(event_id),
                Seat.person_id == AttendanceEntry.person_id,
                holds,
            ),
        )
        .outerjoin(SeatGroup, SeatGroup.id == Seat.group_id)
        .outerjoin(SeatPlan, SeatPlan.id == SeatGroup.plan_id)
        .where(AttendanceEntry.event_id == event_id, AttendanceEntry.person_id == person_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None, ""
    entry, kind, group, number = row
    return entry, Place(kind, group, number).words if kind is not None else ""
