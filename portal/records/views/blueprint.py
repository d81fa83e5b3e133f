"""The blueprint of records, and the ways in."""

from flask import Blueprint

from portal.events import queries as events
from portal.events.models import Event
from portal.people.access import current_reader, require
from portal.records import policies, queries
from portal.records.errors import RecordClosedError
from portal.records.models import MeetingRecord
from portal.records.services.writing import CLOSED

bp = Blueprint("records", __name__)


def hosted_event(event_id: int) -> Event:
    """Return an event whose records the reader keeps; refuse everybody else."""
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    require(policies.may_keep_for(reader, event.host), "只有主办方可以查看和书写这次活动的记录。")
    return event


def kept_record(record_id: int) -> MeetingRecord:
    """Return a record that the reader keeps; there is none for everybody else."""
    return queries.record_seen_by(current_reader(), record_id)


def open_record(record_id: int) -> MeetingRecord:
    """Return a draft that the reader may write on; raise RecordClosedError once it is confirmed."""
    record = kept_record(record_id)
    if not policies.can_be_written(record):
        raise RecordClosedError(CLOSED)
    return record
