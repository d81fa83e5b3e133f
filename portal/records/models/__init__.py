"""Tables of the records room."""

from portal.records.models.record import (
    Addendum,
    MeetingRecord,
    PreparedQuestion,
    RecordKind,
    RecordState,
)
from portal.records.models.statement import Statement, StatementKind, Supplement
from portal.records.models.summary import EventSummary, SummaryDraft
from portal.records.models.template import RecordTemplate
from portal.records.models.vote import (
    Progress,
    Resolution,
    ResolutionStep,
    Vote,
    VoteBasis,
    VoteMethod,
)

__all__ = [
    "Addendum",
    "EventSummary",
    "MeetingRecord",
    "PreparedQuestion",
    "Progress",
    "RecordKind",
    "RecordState",
    "RecordTemplate",
    "Resolution",
    "ResolutionStep",
    "Statement",
    "StatementKind",
    "SummaryDraft",
    "Supplement",
    "Vote",
    "VoteBasis",
    "VoteMethod",
]
