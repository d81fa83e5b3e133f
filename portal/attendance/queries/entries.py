"""Who is on the list of a roll."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from portal import paging
from portal.attendance.models import (
    LEAVE,
    MISSING,
    NOT_DUE,
    OUTSIDE,
    PRESENT,
    AttendanceEntry,
    AttendanceStatus,
    Method,
    Roll,
    is_unsaid,
)
from portal.database import as_stored, db, remembered, stored_moment
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.people import bound
from portal.people.models import Person
from portal.people.queries import matches
from portal.people.readers import Somebody
from portal.statements import Ready, plain_rows
from portal.told import Told

Entry = AttendanceEntry


class Show(StrEnum):
    """Which rows of the roll are shown."""

    ALL = ""
    DUE = "due"
    MISSING = "missing"
    PRESENT = "present"
    LEAVE = "leave"
    OTHERS = "others"

    @property
    def label(self) -> str:
        """Chinese word on the chip."""
        return {
            "": "全部",
            "due": "应到",
            "missing": "未到",
            "present": "已到",
            "leave": "请假",
            "others": "列席等",
        }[self.value]


_SHOWN: Mapping[Show, ColumnElement[bool]] = MappingProxyType(
    {
        Show.DUE: Entry.status.not_in(NOT_DUE),
        Show.MISSING: Entry.status.in_(MISSING),
        Show.PRESENT: or_(Entry.status.in_(PRESENT), Entry.has_come),
        Show.LEAVE: Entry.status.in_(LEAVE),
        Show.OTHERS: Entry.status.in_(NOT_DUE),
    }
)


def entries(
    event_id: int | BindParameter[int], *, typed: str = "", show: Show = Show.ALL
) -> Select[AttendanceEntry]:
    """Select rows of the roll by unit and stroke order, found by name, pinyin or phone tail."""
    wanted = (
        select(Entry)
        .where(Entry.event_id == event_id)
        .order_by(Entry.unit_path, Entry.stroke_key, Entry.person_id)
    )
    if show in _SHOWN:
        wanted = wanted.where(_SHOWN[show])
    if typed.strip():
        wanted = wanted.where(Entry.person_id.in_(_found(typed)))
    return wanted


# Rows of some rolls that are called at the same time, as they read now, are kept.
MOST_ROWS = 8_000
MOST_PAGES = 150


@dataclass(frozen=True, eq=False, slots=True)
class RollRow:
    """What a row of the roll says; the same object for as long as it says the same."""

    person_id: int
    name: str
    unit_name: str
    phone_tail: str
    status: AttendanceStatus
    is_listed: bool
    is_walk_in: bool
    has_come: bool
    arrived_at: datetime | None
    device: str
    method: Method | None
    left_at: datetime | None = None

    @classmethod
    def of(cls, entry: AttendanceEntry) -> "RollRow":
        """Return the row of an entry."""
        return cls(*(getattr(entry, name) for name in ROLL_COLUMNS))


ROLL_COLUMNS = tuple(one.name for one in fields(RollRow))


def page_of_rows(event_id: int, number: int, *, typed: str, show: Show) -> "paging.Page[RollRow]":
    """Return page `number` of the roll: see `entries`."""
    asked = {"event_id": event_id}
    ready = _rows(show)
    wanted: Select[Any] | Ready = ready
    if typed.strip():
        wanted = ready.statement.where(Entry.person_id.in_(_found(typed)))
    return paging.page_of_rows(wanted, number, lambda row: _read(tuple(row)), asked, plain_rows)


def page_as_known(roll: Roll, number: int, show: Show) -> "paging.Page[RollRow]":
    """Return page `number` of a roll as `page_of_rows` does; read again once it has changed.

    Only in a transaction that reads: a roll's revision grows with every change of its entries,
    so rows that were read at a revision hold for as long as it stands.
    """
    known: dict[Any, paging.Page[RollRow]] = remembered("roll pages")
    if len(known) > MOST_PAGES:
        known.clear()  # other threads keep what they have found, and read again
    key = (roll.event_id, roll.code_secret, roll.revision, show, number)
    found = known.get(key)
    if found is None:
        found = known[key] = page_of_rows(roll.event_id, number, typed="", show=show)
    return found


@lru_cache(maxsize=MOST_ROWS)
def _read(stored: tuple[Any, ...]) -> RollRow:
    """Read a line of the roll: once, however often it is asked for while it stays the same."""
    row = RollRow(*stored)
    return replace(
        row,
        status=AttendanceStatus(row.status),
        is_listed=bool(row.is_listed),
        is_walk_in=bool(row.is_walk_in),
        has_come=bool(row.has_come),
        arrived_at=stored_moment(row.arrived_at),
        left_at=stored_moment(row.left_at),
        method=Method(row.method) if row.method else None,
    )


@cache
def _rows(show: Show) -> Ready:
    columns = [as_stored(getattr(Entry, name)) for name in ROLL_COLUMNS]
    whole = entries(bindparam("event_id", type_=Integer), show=show)
    return Ready(paging.paged(whole.with_only_columns(*columns)))


def _found(typed: str) -> Select[int]:
    return select(Person.id).where(matches(typed))


def entry(event_id: int, person_id: int) -> AttendanceEntry:
    """Return somebody's row; raise NotFoundError."""
    found = find_entry(event_id, person_id)
    if found is None:
        raise NotFoundError("名册上没有这个人。")
    return found


def find_entry(event_id: int, person_id: int) -> AttendanceEntry | None:
    """Return somebody's row as it is now, None if the person is not on the roll."""
    rows = _ENTRY.rows_after_flush({"event_id": event_id, "person_id": person_id})
    return _WHOLE.attached(tuple(rows[0]), is_anew=True) if rows else None


class OwnEntry(NamedTuple):
    """What somebody is told of the own row."""

    status: AttendanceStatus
    is_listed: bool
    has_come: bool
    arrived_at: datetime | None
    confirmed_at: datetime | None
    left_at: datetime | None
    signs_out: bool

    @property
    def is_open(self) -> bool:
        """Whether nothing has been said about the person yet."""
        return is_unsaid(self.status, has_come=self.has_come)


def is_on_the_roll() -> ColumnElement[bool]:
    """Return the condition on `Event` that the reader of `people.bound` has a row on its roll."""
    return exists().where(Entry.event_id == Event.id, Entry.person_id == bound.reader().id)


def own_entry(event_id: int, person: Somebody) -> OwnEntry | None:
    """Return what somebody's row says, and since when it is confirmed; None if there is none."""
    rows = _OWN_ENTRY.rows({"event_id": event_id, "person_id": person.id})
    return OwnEntry._make(rows[0]) if rows else None


def open_entries(event_id: int) -> Sequence[AttendanceEntry]:
    """Return those on the due list of whom nothing has been said yet."""
    wanted = entries(event_id).where(Entry.status == AttendanceStatus.EXPECTED)
    return db.session.scalars(wanted).all()


def entries_who_came(event_id: int) -> Sequence[AttendanceEntry]:
    """Return everybody who is or was here."""
    return db.session.scalars(select(Entry).where(Entry.event_id == event_id, Entry.has_come)).all()


def arrivals(event_id: int, *, limit: int) -> Sequence[AttendanceEntry]:
    """Return who came last, the latest first."""
    return db.session.scalars(
        select(Entry)
        .where(Entry.event_id == event_id, Entry.arrived_at.is_not(None), Entry.has_come)
        .order_by(Entry.arrived_at.desc(), Entry.id.desc())
        .limit(limit)
    ).all()


def attendance_of(
    person: Somebody, *, limit: int = 50
) -> Sequence[tuple[AttendanceEntry, Event, Roll]]:
    """Return somebody's own attendance, latest event first.

    Before `Roll.confirmed_at` it is provisional. Those of whom nothing was said yet, and who
    need not come, are left out.
    """
    rows = db.session.execute(
        select(Entry, Event, Roll)
        .join(Event, Event.id == Entry.event_id)
        .join(Roll, Roll.event_id == Entry.event_id)
        .where(
            Entry.person_id == person.id,
            or_(
                Entry.status.not_in({AttendanceStatus.EXPECTED, *NOT_DUE}),
                and_(Entry.status.in_(OUTSIDE), Entry.has_come),
            ),
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(limit)
        .options(joinedload(Event.host))
    )
    return [(mine, event, roll) for mine, event, roll in rows]


def events_on_whose_roll(person: Somebody) -> Select[int]:
    """Select the ids of the events whose roll names the person: whoever is counted sees them."""
    return select(Entry.event_id).where(Entry.person_id == person.id)


def people_of_sheet(event_id: int) -> list[tuple[AttendanceEntry, str, str]]:
    """Return the roll in roster order, each entry with the post and the masked phone."""
    wanted = entries(event_id).join(Person, Person.id == Entry.person_id).add_columns(Person)
    return [(row, person.post, person.phone_masked) for row, person in db.session.execute(wanted)]


# Asked at every tap: built once.
_OF_PERSON = (Entry.event_id == bindparam("event_id"), Entry.person_id == bindparam("person_id"))
_WHOLE = Told(Entry, is_first=True)
_ENTRY = Ready(select(*_WHOLE.columns).where(*_OF_PERSON))
_OWN_ENTRY = Ready(
    select(
        Entry.status,
        Entry.is_listed,
        Entry.has_come,
        Entry.arrived_at,
        Roll.confirmed_at,
        Entry.left_at,
        Roll.signs_out,
    )
    .join(Roll, Roll.event_id == Entry.event_id)
    .where(*_OF_PERSON)
)
