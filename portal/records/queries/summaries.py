"""The closing summary of a gathering, and what it begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.attendance.models import Roll
from portal.database import db
from portal.events import agenda, agenda_rows
from portal.events.models import Event, EventState
from portal.records.models import (
    EventSummary,
    MeetingRecord,
    Resolution,
    Statement,
    SummaryDraft,
    Vote,
)
from portal.records.queries.books import records_of


@dataclass(frozen=True)
class Held:
    """What was written at a gathering, in all its records together."""

    agenda: Sequence[str]
    records: Sequence[MeetingRecord]
    statements: Sequence[Statement]
    votes: Sequence[Vote]
    resolutions: Sequence[Resolution]


def find_summary(event_id: int) -> EventSummary | None:
    """Return the summary of a gathering with who wrote it, if there is one."""
    return db.session.scalar(
        select(EventSummary)
        .where(EventSummary.event_id == event_id)
        .options(joinedload(EventSummary.written_by))
    )


@dataclass(frozen=True)
class InWriting:
    """A summary as its form finds it: what was kept, and what was typed since and not kept."""

    kept: EventSummary | None
    draft: SummaryDraft | None

    @property
    def latest(self) -> EventSummary | SummaryDraft | None:
        """The words that whoever goes on writing begins with."""
        return self.draft or self.kept


def summary_in_writing(event_id: int) -> InWriting:
    """Return the summary of a gathering and its draft, each with who wrote it."""
    row = db.session.execute(
        select(EventSummary, SummaryDraft)
        .select_from(Event)
        .outerjoin(EventSummary, EventSummary.event_id == Event.id)
        .outerjoin(SummaryDraft, SummaryDraft.event_id == Event.id)
        .where(Event.id == event_id)
        .options(joinedload(EventSummary.written_by), joinedload(SummaryDraft.written_by))
    ).one()
    return InWriting(kept=row[0], draft=row[1])


def held(event: Event) -> Held:
    """Return what was written at the gathering: five questions, however much it is."""
    of_event = select(MeetingRecord.id).where(MeetingRecord.event_id == event.id)
    rows = agenda_rows.rows(event.id)
    return Held(
        agenda=[row.title for row in rows] or [item.text for item in agenda.items(event.agenda)],
        records=records_of(event.id),
        statements=db.session.scalars(
            select(Statement)
            .where(Statement.event_id == event.id)
            .order_by(Statement.record_id, Statement.position)
        ).all(),
        votes=db.session.scalars(
            select(Vote).where(Vote.record_id.in_(of_event)).order_by(Vote.id)
        ).all(),
        resolutions=db.session.scalars(
            select(Resolution).where(Resolution.record_id.in_(of_event)).order_by(Resolution.id)
        ).all(),
    )


def not_summed_up(*, since: datetime, until: datetime) -> Sequence[int]:
    """Return the events whose roll was confirmed in that time and that have no summary."""
    kept = select(EventSummary.id).where(EventSummary.event_id == Event.id)
    return db.session.scalars(
        select(Event.id)
        .join(Roll, Roll.event_id == Event.id)
        .where(
            Event.state == EventState.RECORDED,
            Event.starts_at >= since,
            Roll.confirmed_at >= since,
            Roll.confirmed_at < until,
            ~kept.exists(),
        )
        .order_by(Event.starts_at, Event.id)
    ).all()
