"""Questions about records: what they say, who came, who speaks, what was voted on."""

from portal.records.queries.attending import (
    Attendance,
    Speaker,
    attendance,
    find_speakers,
    listed,
    speakers,
)
from portal.records.queries.books import (
    Filters,
    ListedRecord,
    events_to_record,
    page_of_records,
    records_of,
)
from portal.records.queries.decisions import (
    addenda,
    open_resolutions,
    resolution,
    resolutions,
    vote,
    votes,
)
from portal.records.queries.records import prepared, record, record_seen_by
from portal.records.queries.statements import (
    StatementRow,
    find_by_client,
    page_of_statements,
    statement,
    statement_seen_by,
    statements_of,
)

__all__ = [
    "Attendance",
    "Filters",
    "ListedRecord",
    "Speaker",
    "StatementRow",
    "addenda",
    "attendance",
    "events_to_record",
    "find_by_client",
    "find_speakers",
    "listed",
    "open_resolutions",
    "page_of_records",
    "page_of_statements",
    "prepared",
    "record",
    "record_seen_by",
    "records_of",
    "resolution",
    "resolutions",
    "speakers",
    "statement",
    "statement_seen_by",
    "statements_of",
    "vote",
    "votes",
]
