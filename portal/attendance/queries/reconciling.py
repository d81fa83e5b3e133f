"""What is looked at before a roll is confirmed: everything of one event, in four statements."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import joinedload

from portal.attendance.models import (
    AttendanceEntry,
    AttendanceMark,
    AttendanceScan,
    HeadCount,
    Method,
    Roll,
)
from portal.attendance.reconciling import Findings, Line, Said, Scan, findings
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person


def to_reconcile(event: Event, roll: Roll, *, closes_after: timedelta) -> Findings:
    """Return what does not fit together on the roll of the event."""
    asked = {"event_id": event.id}
    return findings(
        [Line._make(row) for row in db.session.execute(_LINES, asked)],
        [Scan._make(row) for row in db.session.execute(_SCANS, asked)],
        [Said._make(row) for row in db.session.execute(_SAID, asked)],
        ends_at=event.ends_at,
        closes_at=event.ends_at + closes_after,
        early_before=_early_before(event, roll),
    )


def leavings_to_judge(event: Event, roll: Roll) -> Sequence[Line]:
    """Return who left before the end, and nobody has said how that counts."""
    return to_reconcile(event, roll, closes_after=timedelta(0)).left_early


def _early_before(event: Event, roll: Roll) -> datetime | None:
    """Return before when it is early to leave; None where people do not sign out."""
    if not roll.signs_out:
        return None
    return event.ends_at - timedelta(minutes=roll.early_grace)


def last_head_count(event_id: int) -> HeadCount | None:
    """Return what was counted in the room last."""
    return db.session.scalar(
        select(HeadCount)
        .where(HeadCount.event_id == event_id)
        .order_by(HeadCount.id.desc())
        .limit(1)
        .options(joinedload(HeadCount.counted_by))
    )


_EVENT: BindParameter[int] = bindparam("event_id")
_Entry, _Mark, _Scan = AttendanceEntry, AttendanceMark, AttendanceScan
_LINES = (
    select(
        _Entry.id.label("entry_id"),
        *(getattr(_Entry, name) for name in Line._fields if name != "entry_id"),
    )
    .where(_Entry.event_id == _EVENT)
    .order_by(_Entry.unit_path, _Entry.stroke_key, _Entry.person_id)
)
_SCANS = (
    select(*(Person.name if name == "name" else getattr(_Scan, name) for name in Scan._fields))
    .select_from(_Scan)
    .outerjoin(Person, Person.id == _Scan.person_id)
    .where(_Scan.event_id == _EVENT)
    .order_by(_Scan.id)
)
_SAID = (
    select(*(Person.name if name == "by_name" else getattr(_Mark, name) for name in Said._fields))
    .select_from(_Mark)
    .outerjoin(Person, Person.id == _Mark.marked_by_id)
    .where(
        _Mark.event_id == _EVENT,
        or_(
            ~_Mark.to_has_come,
            _Mark.method.in_([Method.CHECKED, Method.MERGED, Method.UNDO, Method.LEAVING]),
            _Mark.browser != "",
        ),
    )
    .order_by(_Mark.id)
)
