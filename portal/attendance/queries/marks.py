"""Who said what about whom: the marks, and codes that opened nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from portal.attendance.models import AttendanceEntry, AttendanceMark, CodeFailure, Method
from portal.database import db
from portal.errors import NotFoundError
from portal.people.readers import Somebody
from portal.statements import Ready

Mark = AttendanceMark


def mark(event_id: int, mark_id: int) -> AttendanceMark:
    """Return a mark of this event's roll; raise NotFoundError."""
    found = db.session.scalar(select(Mark).where(Mark.event_id == event_id, Mark.id == mark_id))
    if found is None:
        raise NotFoundError("没有找到这一步操作。")
    return found


def find_mark(event_id: int, client_id: str) -> AttendanceMark | None:
    """Return the mark that a request with this id made before."""
    return db.session.scalar(
        select(Mark).where(Mark.event_id == event_id, Mark.client_id == client_id)
    )


def last_mark_by(event_id: int, person_id: int, *, since: datetime) -> AttendanceMark | None:
    """Return the last mark that somebody made lately and that can still be taken back."""
    found = _LAST_MARK.rows({"event_id": event_id, "person_id": person_id})
    for mark_id, at, method, is_correction in found:
        if at >= since and method is not Method.UNDO and not is_correction:
            return db.session.get(Mark, mark_id, options=[joinedload(Mark.entry)])
    return None


def people_marked_with(mark: AttendanceMark) -> int:
    """Return how many people the act of this mark was about."""
    if mark.batch is None:
        return 1
    counted = select(func.count()).select_from(Mark).where(Mark.batch == mark.batch)
    return db.session.scalar(counted) or 0


def marks_together(mark: AttendanceMark) -> Sequence[AttendanceMark]:
    """Return the marks made in one act, those alone that are still the last of their entry."""
    same_act = Mark.batch == mark.batch if mark.batch else Mark.id == mark.id
    return db.session.scalars(
        select(Mark)
        .where(Mark.event_id == mark.event_id, same_act, Mark.id.in_(_last_marks(mark.event_id)))
        .options(joinedload(Mark.entry))
        .execution_options(populate_existing=True)
    ).all()


def _last_marks(event_id: int) -> Select[int]:
    return select(func.max(Mark.id)).where(Mark.event_id == event_id).group_by(Mark.entry_id)


def has_marks(event_id: int) -> bool:
    """Return whether anybody was ever marked on the roll."""
    return db.session.scalar(select(Mark.id).where(Mark.event_id == event_id).limit(1)) is not None


def history(entry: AttendanceEntry) -> Sequence[AttendanceMark]:
    """Return every mark of one person, the first one first."""
    return db.session.scalars(
        select(Mark)
        .where(Mark.entry_id == entry.id)
        .order_by(Mark.id)
        .options(joinedload(Mark.marked_by))
    ).all()


def corrections(event_id: int) -> Sequence[AttendanceMark]:
    """Return what was put right after the confirmation, with its reasons, oldest first."""
    return db.session.scalars(
        select(Mark)
        .where(Mark.event_id == event_id, Mark.is_correction)
        .order_by(Mark.id)
        .options(joinedload(Mark.entry), joinedload(Mark.marked_by))
    ).all()


def wrong_codes(person: Somebody, *, since: datetime) -> int:
    """Return how many codes of this person opened nothing since that moment."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(CodeFailure)
            .where(CodeFailure.person_id == person.id, CodeFailure.at > since)
        )
        or 0
    )


# Asked with every page of a roll: mostly it is too old to be taken back at a tap.
_LAST_MARK = Ready(
    select(Mark.id, Mark.at, Mark.method, Mark.is_correction)
    .where(Mark.event_id == bindparam("event_id"), Mark.marked_by_id == bindparam("person_id"))
    .order_by(Mark.id.desc())
    .limit(1)
)
