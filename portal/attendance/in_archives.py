"""What the roll puts into a year archive: the sign-in sheet of each event that was held."""

from collections.abc import Sequence
from functools import partial
from typing import BinaryIO

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal import clock
from portal.archives import hooks
from portal.archives.hooks import Matter, Paper, Year
from portal.attendance import queries, sheet_xlsx
from portal.attendance.models import Roll
from portal.attendance.sheet import sheet
from portal.database import db
from portal.events import queries as events
from portal.events.in_archives import folder_of, held_in
from portal.events.models import Event, EventState
from portal.people.models import Organisation
from portal.people.queries import begins_with


def _papers(year: Year) -> Sequence[Paper]:
    rows = db.session.execute(
        select(Event, Roll.confirmed_at)
        .join(Roll, Roll.event_id == Event.id)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(held_in(year))
        .order_by(Event.starts_at, Event.id)
        .options(contains_eager(Event.host))
    )
    return [
        Paper(
            folder=folder_of(event, year),
            name="签到表.xlsx" if confirmed_at else "签到表（名册未确认）.xlsx",
            label="签到表",
            day=clock.local(event.starts_at).date(),
            about=event.title,
            write=partial(_sheet, event.id),
            is_written=True,
        )
        for event, confirmed_at in rows
    ]


def _sheet(event_id: int, file: BinaryIO) -> None:
    roll = queries.find_roll(event_id)
    if roll is None:
        return
    people = queries.people_of_sheet(event_id)
    numbers = queries.numbers(event_id)
    sheet_xlsx.write(sheet(events.event(event_id), roll, people, numbers), file)


def _matters(path: str, most: int) -> Sequence[Matter]:
    rows = db.session.scalars(
        select(Event)
        .join(Roll, Roll.event_id == Event.id)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(
            begins_with(Organisation.path, path),
            Roll.confirmed_at.is_(None),
            Event.ends_at <= clock.now(),
            Event.state.in_((EventState.PUBLISHED, EventState.ENDED)),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(most)
    )
    return [
        Matter(
            label="名册还没有确认",
            title=event.title,
            day=clock.local(event.starts_at).date(),
            address=url_for("attendance.roll", event_id=event.id),
        )
        for event in rows
    ]


_SOURCE = hooks.Source("attendance", _papers)


def init_app(_app: Flask) -> None:
    """Take part in year archives."""
    if _SOURCE in hooks.sources:
        return
    hooks.sources.append(_SOURCE)
    hooks.matters.append(_matters)
