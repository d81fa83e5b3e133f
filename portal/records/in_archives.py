"""What records put into a year archive: minutes, summaries, resolutions; what is still a draft."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import BinaryIO

from flask import Flask, url_for
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import contains_eager, selectinload

from portal import clock
from portal.archives import hooks
from portal.archives.hooks import Matter, Paper, Year
from portal.attendance import queries as rolls
from portal.database import alias_of, db
from portal.events import queries as events
from portal.events.in_archives import folder_of, held_in
from portal.events.models import Event
from portal.people.models import Organisation
from portal.people.queries import begins_with
from portal.records import minutes_docx, queries, resolutions_xlsx, summary, summary_docx
from portal.records.minutes_of import minutes_of
from portal.records.models import (
    EventSummary,
    MeetingRecord,
    RecordState,
    Resolution,
    ResolutionStep,
)

_Host = alias_of(Organisation)
# So many resolutions of a year are in memory at a time.
_AT_ONCE = 500


def _papers(year: Year) -> Sequence[Paper]:
    minutes = [
        Paper(
            folder=folder_of(record.event, year),
            name=f"纪要 {record.kind.label}{'（草稿，未确认）' if record.is_draft else ''}.docx",
            label="纪要",
            day=clock.local(record.starts_at).date(),
            about=record.title,
            write=partial(_minutes, record.id),
            is_written=True,
        )
        for record in _records(_in_year(year))
    ]
    return [*minutes, *_summaries(year), *_resolved(year)]


def _summaries(year: Year) -> Sequence[Paper]:
    rows = db.session.scalars(
        select(Event)
        .join(EventSummary, EventSummary.event_id == Event.id)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(held_in(year))
        .order_by(Event.starts_at, Event.id)
        .options(contains_eager(Event.host))
    )
    return [
        Paper(
            folder=folder_of(event, year),
            name="活动小结.docx",
            label="活动小结",
            day=clock.local(event.starts_at).date(),
            about=event.title,
            write=partial(_summary, event.id),
            is_written=True,
        )
        for event in rows
    ]


def _summary(event_id: int, file: BinaryIO) -> None:
    found = queries.find_summary(event_id)
    if found is None:
        return
    event = events.event(event_id)
    summary_docx.write(summary.paper(event, rolls.numbers(event_id), found), file)


def _resolved(year: Year) -> Sequence[Paper]:
    """Return the list of the year's resolutions, if there are any."""
    found = db.session.scalar(
        select(Organisation.name)
        .where(Organisation.path == year.path)
        .where(_resolutions_of(year).with_only_columns(Resolution.id).order_by(None).exists())
    )
    if found is None:
        return []
    return [
        Paper(
            folder="决议落实",
            name=f"{year.number}年决议落实清单.xlsx",
            label="决议落实",
            day=date(year.number, 12, 31),
            about=f"{year.number}年决议落实",
            write=partial(_list, f"{found}{year.number}年决议落实清单", year),
            is_written=True,
        )
    ]


def _list(title: str, year: Year, file: BinaryIO) -> None:
    steps = selectinload(Resolution.steps).joinedload(ResolutionStep.written_by)
    wanted = _resolutions_of(year).options(steps, contains_eager(MeetingRecord.organisation))
    rows = db.session.execute(wanted.execution_options(yield_per=_AT_ONCE))
    resolutions_xlsx.write(title, ((row[0], row[1]) for row in rows), file)


def _resolutions_of(year: Year) -> Select[*tuple[Resolution, MeetingRecord]]:
    return (
        select(Resolution, MeetingRecord)
        .join(MeetingRecord, MeetingRecord.id == Resolution.record_id)
        .join(MeetingRecord.organisation)
        .where(_in_year(year))
        .order_by(MeetingRecord.starts_at, MeetingRecord.id, Resolution.id)
    )


def _in_year(year: Year) -> ColumnElement[bool]:
    return and_(
        begins_with(Organisation.path, year.path),
        MeetingRecord.starts_at >= year.begins_at,
        MeetingRecord.starts_at < year.ends_at,
    )


def _records(condition: ColumnElement[bool], most: int | None = None) -> Sequence[MeetingRecord]:
    return db.session.scalars(
        select(MeetingRecord)
        .join(Organisation, Organisation.id == MeetingRecord.organisation_id)
        .join(MeetingRecord.event)
        .join(Event.host.of_type(_Host))
        .where(condition)
        .order_by(MeetingRecord.starts_at, MeetingRecord.id)
        .options(contains_eager(MeetingRecord.event).contains_eager(Event.host.of_type(_Host)))
        .limit(most)
    ).all()


def _minutes(record_id: int, file: BinaryIO) -> None:
    minutes_docx.write(minutes_of(queries.record(record_id)), file)


def _matters(path: str, most: int) -> Sequence[Matter]:
    drafts = and_(begins_with(Organisation.path, path), MeetingRecord.state == RecordState.DRAFT)
    return [
        Matter(
            label="记录还没有确认",
            title=record.title,
            day=clock.local(record.starts_at).date(),
            address=url_for("records.show", record_id=record.id),
        )
        for record in _records(drafts, most)
    ]


_SOURCE = hooks.Source("records", _papers)


def init_app(_app: Flask) -> None:
    """Take part in year archives."""
    if _SOURCE in hooks.sources:
        return
    hooks.sources.append(_SOURCE)
    hooks.matters.append(_matters)
