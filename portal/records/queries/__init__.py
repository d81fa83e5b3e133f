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
from portal.records.queries.readable import (
    ReadableRecord,
    has_minutes_to_read,
    readable_of,
    readable_records,
    stood,
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
from portal.records.queries.summaries import (
    Held,
    InWriting,
    find_summary,
    held,
    not_summed_up,
    summary_in_writing,
)
from portal.records.queries.templates import template_kept_by, templates_for, templates_seen_by

__all__ = [
    "Attendance",
    "Filters",
    "Held",
    "InWriting",
    "ListedRecord",
    "ReadableRecord",
    "Speaker",
    "StatementRow",
    "addenda",
    "attendance",
    "events_to_record",
    "find_by_client",
    "find_speakers",
    "find_summary",
    "has_minutes_to_read",
    "held",
    "listed",
    "not_summed_up",
    "open_resolutions",
    "page_of_records",
    "page_of_statements",
    "prepared",
    "readable_of",
    "readable_records",
    "record",
    "record_seen_by",
    "records_of",
    "resolution",
    "resolutions",
    "speakers",
    "statement",
    "statement_seen_by",
    "statements_of",
    "stood",
    "summary_in_writing",
    "template_kept_by",
    "templates_for",
    "templates_seen_by",
    "vote",
    "votes",
]
