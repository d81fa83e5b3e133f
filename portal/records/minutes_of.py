"""The minutes of one record, asked for with all that belongs to it."""

from portal.records import queries
from portal.records.minutes import Minutes, minutes
from portal.records.models import MeetingRecord


def minutes_of(record: MeetingRecord, *, says_why: bool = True) -> Minutes:
    """Return the minutes of a record as `queries.record` loads it; see `minutes`."""
    return minutes(
        record,
        attendance=queries.attendance(record),
        rows=queries.statements_of(record),
        votes=queries.votes(record),
        resolutions=queries.resolutions(record),
        addenda=queries.addenda(record),
        says_why=says_why,
    )
