"""What records put into a year archive: their minutes; and which of them are still drafts."""

from collections.abc import Sequence
from functools import partial
from typing import BinaryIO

from flask import Flask, url_for
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased, contains_eager

from portal import clock
from portal.archives import hooks
from portal.archives.hooks import Matter, Paper, Year
from portal.database import db
from portal.events.in_archives import folder_of
from portal.events.models import Event
from portal.people.models import Organisation
from portal.people.queries import begins_with
from portal.records import minutes_docx, queries
from portal.records.minutes_of import minutes_of
from portal.records.models import MeetingRecord, RecordState

_Host = aliased(Organisation)


def _papers(year: Year) -> Sequence[Paper]:
    return [
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
