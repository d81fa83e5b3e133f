"""Confirmed minutes as those read them who were there: not only those who keep them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal import paging
from portal.attendance.models import OUTSIDE, AttendanceEntry
from portal.database import alias_of, db
from portal.events.models import Event
from portal.people import bound
from portal.people.models import Organisation
from portal.people.readers import Somebody
from portal.records.models import MeetingRecord, RecordKind, RecordState
from portal.records.policies import KEPT_CLOSED, Stood

_Book = alias_of(Organisation, name="book")


class ReadableRecord(NamedTuple):
    """What a list says of minutes that may be read."""

    id: int
    title: str
    kind: RecordKind
    starts_at: datetime
    organisation: str


def stood(record: MeetingRecord, person: Somebody) -> Stood | None:
    """Return how the person stands on the roll of the gathering; None where they do not."""
    row = db.session.execute(
        select(AttendanceEntry.status, AttendanceEntry.has_come, AttendanceEntry.unit_path).where(
            AttendanceEntry.event_id == record.event_id, AttendanceEntry.person_id == person.id
        )
    ).one_or_none()
    return Stood._make(row) if row is not None else None


def _readable(reader: Any) -> Select[*tuple[Any, ...]]:
    """Select the records that `reader`, an id or what stands for one, may read: `may_read`."""
    entry = AttendanceEntry
    return (
        select(
            MeetingRecord.id,
            MeetingRecord.title,
            MeetingRecord.kind,
            MeetingRecord.starts_at,
            _Book.short_name,
        )
        .join(entry, entry.event_id == MeetingRecord.event_id)
        .join(_Book, _Book.id == MeetingRecord.organisation_id)
        .join(Event, Event.id == MeetingRecord.event_id)
        .where(
            entry.person_id == reader,
            MeetingRecord.state == RecordState.CONFIRMED,
            MeetingRecord.kind.not_in(KEPT_CLOSED),
            or_(entry.has_come, entry.status.not_in(OUTSIDE)),
            or_(MeetingRecord.organisation_id == Event.host_id, _is_within(entry.unit_path)),
        )
    )


def _is_within(path: Any) -> ColumnElement[bool]:
    return func.substr(path, 1, func.length(_Book.path)) == _Book.path


def readable_records(person: Somebody, number: int) -> "paging.Page[ReadableRecord]":
    """Return page `number` of the confirmed minutes that the person may read, the latest first."""
    wanted = _readable(person.id).order_by(MeetingRecord.starts_at.desc(), MeetingRecord.id.desc())
    return paging.page_of_rows(paging.paged(wanted), number, ReadableRecord._make, {})


def readable_of(event_id: int, person: Somebody) -> list[ReadableRecord]:
    """Return the minutes of one gathering that the person may read."""
    wanted = _readable(person.id).where(MeetingRecord.event_id == event_id)
    rows = db.session.execute(wanted.order_by(MeetingRecord.id))
    return [ReadableRecord._make(row) for row in rows]


def has_minutes_to_read() -> ColumnElement[bool]:
    """Return the condition on `Event` that its reader stands on the roll and minutes are there."""
    confirmed = select(MeetingRecord.id).where(
        MeetingRecord.event_id == Event.id, MeetingRecord.state == RecordState.CONFIRMED
    )
    listed = select(AttendanceEntry.id).where(
        AttendanceEntry.event_id == Event.id, AttendanceEntry.person_id == bound.reader().id
    )
    return and_(
        confirmed.correlate(Event).exists(),
        listed.correlate(Event).exists(),
    )
