"""Entries of one person, entries of one event, and what has changed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select

from portal import paging
from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.database import db
from portal.events.models import Event
from portal.hours.kinds import hours_words
from portal.hours.models import HourChange, HourEntry
from portal.people import bound
from portal.people.models import Person
from portal.people.readers import Somebody

# In the log of a year; whoever has more changes reads the latest.
MOST_CHANGES = 50


def entries_of(person: Somebody) -> dict[int, list[HourEntry]]:
    """Return a person's entries by year, the latest first."""
    rows = db.session.scalars(
        select(HourEntry)
        .where(HourEntry.person_id == person.id)
        .order_by(HourEntry.day.desc(), HourEntry.id.desc())
    )
    found: dict[int, list[HourEntry]] = {}
    for entry in rows:
        found.setdefault(entry.year, []).append(entry)
    return found


def changes_of(person: Somebody, year: int) -> Sequence[HourChange]:
    """Return what has changed in a person's hours of a year, the latest first."""
    return db.session.scalars(
        select(HourChange)
        .where(HourChange.person_id == person.id, HourChange.year == year)
        .order_by(HourChange.id.desc())
        .limit(MOST_CHANGES)
    ).all()


def has_entry() -> ColumnElement[bool]:
    """Return the condition that the reader has hours of an event, see `events.hooks.Panel`."""
    return exists().where(HourEntry.event_id == Event.id, HourEntry.person_id == bound.reader().id)


def own_entry(event_id: int, person: Somebody) -> HourEntry | None:
    """Return what the person got for an event; of one that crosses a year the first part."""
    return db.session.scalar(
        select(HourEntry)
        .where(HourEntry.event_id == event_id, HourEntry.person_id == person.id)
        .order_by(HourEntry.year)
        .limit(1)
    )


class Credited(NamedTuple):
    """Somebody's hours for an event, beside how the roll has them."""

    person_id: int
    name: str
    unit_name: str
    status: AttendanceStatus | None
    halves: int
    is_confirmed: bool
    words: str
    make_up_id: int | None
    year: int

    @property
    def hours(self) -> str:
        """The hours as written."""
        return hours_words(self.halves)


def credited(event: Event, number: int) -> "paging.Page[Credited]":
    """Return page `number` of whom an event gives hours, in the order of the roll."""
    entry = AttendanceEntry
    wanted: Select[*tuple[Any, ...]] = (
        select(
            HourEntry.person_id,
            Person.name,
            func.coalesce(entry.unit_name, ""),
            entry.status,
            HourEntry.halves,
            HourEntry.is_confirmed,
            HourEntry.words,
            HourEntry.make_up_id,
            HourEntry.year,
        )
        .join(Person, Person.id == HourEntry.person_id)
        .outerjoin(
            entry,
            (entry.event_id == HourEntry.event_id) & (entry.person_id == HourEntry.person_id),
        )
        .where(HourEntry.event_id == event.id)
        .order_by(HourEntry.unit_path, Person.stroke_key, HourEntry.person_id, HourEntry.year)
    )
    return paging.page_of_rows(paging.paged(wanted), number, Credited._make, {})


class Given(NamedTuple):
    """What an event gives in all."""

    people: int
    halves: int
    waiting: int

    @property
    def hours(self) -> str:
        """The hours as written."""
        return hours_words(self.halves)


def given(event_id: int) -> Given:
    """Return to how many people the event gives hours, how many in all, how many not yet."""
    people, halves, waiting = db.session.execute(
        select(
            func.count(func.distinct(HourEntry.person_id)),
            func.coalesce(func.sum(HourEntry.halves), 0),
            func.count().filter(HourEntry.is_confirmed.is_(False)),
        ).where(HourEntry.event_id == event_id)
    ).one()
    return Given(people, int(halves), waiting)
