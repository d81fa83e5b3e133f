"""What a year archive holds of the lessons that were given: scripts and courseware, each once.

A lesson is filed as it was published when it was given: a later version is another paper.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import BinaryIO, NamedTuple

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.archives import hooks
from portal.archives.hooks import Paper, Year
from portal.database import db
from portal.events import script_docx
from portal.events.in_archives import copied, held_in
from portal.events.models import Event
from portal.lessons.models import LessonMaterial, LessonState, LessonVersion
from portal.materials.models import Material
from portal.materials.names import download_name
from portal.people.models import Organisation

# Whatever became of it later, it was public.
_WAS_PUBLIC = (LessonState.PUBLISHED, LessonState.ARCHIVED, LessonState.REPLACED)


class _Version(NamedTuple):
    id: int
    lesson_id: int
    number: int
    title: str
    settled_at: datetime | None


@dataclass
class _Given:
    """A version, and the events of the year at which it was given."""

    version: _Version
    events: list[Event] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return f"党课讲稿 {self.version.title}（第 {self.version.number} 稿）"


def _papers(year: Year) -> Sequence[Paper]:
    """Return the script and the files of each version that was given in the year."""
    given = _given(year)
    files: dict[int, list[LessonMaterial]] = {}
    for row in _files(given):
        files.setdefault(row.version_id, []).append(row)
    return [
        paper
        for one in given.values()
        for paper in (_script(one), *_courseware(one, files.get(one.version.id, ())))
    ]


def _given(year: Year) -> dict[int, _Given]:
    events = db.session.scalars(
        select(Event)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(held_in(year), Event.lesson_id.is_not(None))
        .order_by(Event.starts_at, Event.id)
        .options(contains_eager(Event.host))
    ).all()
    published = _published({event.lesson_id for event in events if event.lesson_id is not None})
    given: dict[int, _Given] = {}
    for event in events:
        versions = published.get(event.lesson_id or 0)
        if versions:
            version = _at(versions, event.starts_at)
            given.setdefault(version.id, _Given(version)).events.append(event)
    return given


def _published(lesson_ids: Collection[int]) -> dict[int, list[_Version]]:
    rows = db.session.execute(
        select(
            LessonVersion.id,
            LessonVersion.lesson_id,
            LessonVersion.number,
            LessonVersion.title,
            LessonVersion.settled_at,
        )
        .where(LessonVersion.lesson_id.in_(lesson_ids), LessonVersion.state.in_(_WAS_PUBLIC))
        .order_by(LessonVersion.lesson_id, LessonVersion.number)
    )
    found: dict[int, list[_Version]] = {}
    for row in rows:
        found.setdefault(row.lesson_id, []).append(_Version._make(row))
    return found


def _at(versions: Sequence[_Version], moment: datetime) -> _Version:
    """Return the version that was public at that moment; before the first, the first."""
    moments = [one.settled_at for one in versions[1:] if one.settled_at is not None]
    return versions[bisect_right(moments, moment)]


def _files(given: Collection[int]) -> Sequence[LessonMaterial]:
    return db.session.scalars(
        select(LessonMaterial)
        .where(LessonMaterial.version_id.in_(given))
        .order_by(LessonMaterial.version_id, LessonMaterial.position, LessonMaterial.id)
        .options(joinedload(LessonMaterial.material).joinedload(Material.file))
    ).all()


def _script(given: _Given) -> Paper:
    return Paper(
        folder=given.folder,
        name="讲稿.docx",
        label="党课讲稿",
        day=clock.local(given.events[0].starts_at).date(),
        about=given.version.title,
        write=partial(_write, given.version.id, tuple(_words(one) for one in given.events)),
        is_written=True,
    )


def _words(event: Event) -> str:
    day = clock.local(event.starts_at)
    place = f"，{event.place}" if event.place else ""
    return f"{day.month}月{day.day}日，{event.host.name}“{event.title}”{place}。"


def _write(version_id: int, givings: Sequence[str], file: BinaryIO) -> None:
    version = db.session.get(LessonVersion, version_id)
    if version is not None:
        script_docx.write(version, givings, file)


def _courseware(given: _Given, files: Collection[LessonMaterial]) -> Iterator[Paper]:
    for row in files:
        stored = row.material.file
        yield Paper(
            folder=given.folder,
            name=download_name(row.material.title, stored.extension),
            label="讲稿插图" if row.is_in_text else "课件",
            day=clock.local(given.events[0].starts_at).date(),
            about=given.version.title,
            write=partial(copied, stored.digest),
        )


_SOURCE = hooks.Source("lessons", _papers)


def init_app(_app: Flask) -> None:
    """Take part in year archives."""
    if _SOURCE not in hooks.sources:
        hooks.sources.append(_SOURCE)
