"""Forgetting why people could not come."""

from sqlalchemy import or_, select, update

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.events.models import Event
from portal.leaves.models import REASONS_KEPT, LeaveRequest


def forget_reasons() -> int:
    """Delete reasons and answers of requests for events that are long over; return how many.

    They may tell of somebody's health (DOMAIN 3.2); that there was a leave, and its kind, stays.
    """
    over = select(Event.id).where(Event.ends_at < clock.now() - REASONS_KEPT)
    gone = (
        update(LeaveRequest)
        .where(
            LeaveRequest.event_id.in_(over),
            or_(LeaveRequest.reason != "", LeaveRequest.decision_note != ""),
        )
        .values(reason="", decision_note="")
        .returning(LeaveRequest.id)
        .execution_options(synchronize_session=False)
    )
    number = len(db.session.execute(gone).all())
    if number:
        audit.record("leave.reasons_forgotten", "leaves", actor=None, count=number)
    return number
