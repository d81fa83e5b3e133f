"""What events put into a year archive: notices, what is attached; and what is still to come."""

from collections.abc import Sequence
from functools import partial
from typing import BinaryIO

from flask import Flask, url_for
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.archives import hooks
from portal.archives.hooks import Matter, Paper, Year
from portal.database import db
from portal.events import moves, notice_docx, queries
from portal.events.models import Event, EventMaterial, EventState
from portal.events.notice_of import notice_of
from portal.materials import settings
from portal.materials.models import Material
from portal.materials.names import download_name
from portal.materials.storage import PIECE
from portal.people.models import Organisation, Person
from portal.people.queries import begins_with

# What nobody has called over is held all the same, once its time is.
_HELD = (EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED)
_STILL = {
    EventState.DRAFT: "草稿，还没有发布",
    EventState.PUBLISHED: "已发布，还要举办",
    EventState.POSTPONED: "延期，时间待定",
}


def folder_of(event: Event, year: Year) -> str:
    """Return the folder of an event in the archive: 03-05 第一党支部 标题; its host is loaded.

    The archive of the host itself does not name the host.
    """
    day = clock.local(event.starts_at).date()
    host = "" if event.host.path == year.path else f"{event.host.short_name} "
    return f"{day:%m-%d} {host}{event.title}"


def held_in(year: Year) -> ColumnElement[bool]:
    """Return the condition that an event was held in the year; join its host for it.

    A draft, or what was called or put off, has no papers.
    """
    return and_(
        begins_with(Organisation.path, year.path),
        Event.starts_at >= year.begins_at,
        Event.starts_at < year.ends_at,
        or_(
            Event.state.in_(_HELD),
            and_(Event.state == EventState.PUBLISHED, Event.ends_at <= clock.now()),
        ),
    )


def _papers(year: Year) -> Sequence[Paper]:
    return [*_notices(year), *_attached(year)]


def _notices(year: Year) -> Sequence[Paper]:
    events = db.session.scalars(
        select(Event)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(held_in(year), Event.published_at.is_not(None), Event.part_of_id.is_(None))
        .order_by(Event.starts_at, Event.id)
        .options(contains_eager(Event.host))
    )
    return [
        Paper(
            folder=folder_of(event, year),
            name="通知.docx",
            label="通知",
            day=clock.local(event.starts_at).date(),
            about=event.title,
            write=partial(_notice, event.id),
            is_written=True,
        )
        for event in events
    ]


def _notice(event_id: int, file: BinaryIO) -> None:
    """Write the notice as it was posted, without what other rooms add on the day of printing."""
    notice_docx.write(notice_of(queries.event(event_id)), file)


def _attached(year: Year) -> Sequence[Paper]:
    rows = db.session.execute(
        select(EventMaterial, Event)
        .join(Event, Event.id == EventMaterial.event_id)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(held_in(year))
        .order_by(Event.starts_at, Event.id, EventMaterial.position)
        .options(
            joinedload(EventMaterial.material).joinedload(Material.file),
            contains_eager(Event.host),
        )
    )
    return [_paper(row[1], row[0].material, year) for row in rows]


def _paper(event: Event, material: Material, year: Year) -> Paper:
    return Paper(
        folder=folder_of(event, year),
        name=download_name(material.title, material.file.extension),
        label="附件",
        day=clock.local(event.starts_at).date(),
        about=event.title,
        write=partial(copied, material.file.digest),
    )


def copied(digest: str, file: BinaryIO) -> None:
    """Write a kept file piece by piece; nothing where it has gone meanwhile."""
    place = settings.files().path(digest)
    if not place.exists():
        return
    with place.open("rb") as source:
        while piece := source.read(PIECE):
            file.write(piece)


def _matters(path: str, most: int) -> Sequence[Matter]:
    now = clock.now()
    events = db.session.scalars(
        select(Event)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(begins_with(Organisation.path, path), Event.state.in_(_STILL), Event.ends_at > now)
        .order_by(Event.starts_at, Event.id)
        .limit(most)
    )
    return [
        Matter(
            label=_STILL[event.state],
            title=event.title,
            day=clock.local(event.starts_at).date(),
            address=url_for("events.show", event_id=event.id),
        )
        for event in events
    ]


def _recorded(year: Year) -> ColumnElement[bool]:
    return and_(held_in(year), Event.state == EventState.RECORDED)


def _count(year: Year) -> int:
    wanted = (
        select(func.count())
        .select_from(Event)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(_recorded(year))
    )
    return db.session.scalar(wanted) or 0


def _put_away(year: Year, actor: Person) -> int:
    events = db.session.scalars(
        select(Event)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(_recorded(year))
        .order_by(Event.id)
        .options(joinedload(Event.host))
    ).all()
    for event in events:
        moves.archive(event=event, actor=actor)
    return len(events)


_SOURCE = hooks.Source("events", _papers)


def init_app(_app: Flask) -> None:
    """Take part in year archives."""
    if _SOURCE in hooks.sources:
        return
    hooks.sources.append(_SOURCE)
    hooks.matters.append(_matters)
    hooks.shelves.append(hooks.Shelf("名册已确认的活动", _count, _put_away))
