"""Questions about rolls: how many are where, who is on the list, who said what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import contains_eager, joinedload

from portal.attendance.models import (
    LEAVE,
    MISSING,
    NOT_DUE,
    OUTSIDE,
    PRESENT,
    AttendanceEntry,
    AttendanceMark,
    AttendanceStatus,
    CodeFailure,
    Method,
    Roll,
)
from portal.attendance.rules import Balance, balance
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event, EventInvitation
from portal.people.models import Person
from portal.people.queries import matches
from portal.signups.models import SignupMove

Entry, Mark = AttendanceEntry, AttendanceMark


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


@dataclass(frozen=True)
class Sources:
    """The roll of an event, if it was opened, and what its list would be drawn from now."""

    roll: Roll | None
    now: str


def sources(event_id: int, *, lock: bool = False) -> Sources:
    """Return the roll beside a mark of all that its list is drawn from, in one question.

    Every move of a sign-up is logged, every invitation is a row, every change of the event
    raises its version: the mark changes with each. Memberships are looked at again by time
    (`services.opening`). The roll comes with its event and host; or, with `lock`, alone, its
    row held until the transaction ends.
    """
    asked = _SOURCES_LOCKED if lock else _SOURCES
    found = db.session.execute(asked, {"event_id": event_id}).one_or_none()
    if found is None:
        return Sources(None, "")
    roll, *marks = found
    return Sources(roll, ".".join(str(mark or 0) for mark in marks))


def _sources(*, lock: bool) -> Select[*tuple[Any, ...]]:
    event_id: BindParameter[int] = bindparam("event_id")
    last_move = _one(select(func.max(SignupMove.id)).where(SignupMove.event_id == event_id))
    invited = select(EventInvitation.id).where(EventInvitation.event_id == event_id).subquery()
    asked = (
        select(
            Roll,
            last_move,
            _one(select(func.max(invited.c.id))),
            _one(select(func.count(invited.c.id))),
            Event.version,
        )
        .join(Event, Event.id == Roll.event_id)
        .where(Roll.event_id == event_id)
    )
    if lock:
        return asked.with_for_update(of=Roll).execution_options(populate_existing=True)
    return asked.options(
        contains_eager(Roll.event).joinedload(Event.host), joinedload(Roll.confirmed_by)
    )


def _one(statement: Select[int]) -> ScalarSelect[int]:
    return statement.scalar_subquery()


def roll(event_id: int) -> Roll:
    """Return the roll of an event; raise NotFoundError."""
    found = find_roll(event_id)
    if found is None:
        raise NotFoundError("这次活动还没有开始签到。")
    return found


def find_roll(event_id: int) -> Roll | None:
    """Return the roll of an event, None if nobody has opened it."""
    return db.session.scalar(select(Roll).where(Roll.event_id == event_id))


def numbers(event_id: int) -> Balance:
    """Return the four numbers of a roll and those beside them."""
    return numbers_of([event_id]).get(event_id) or balance({})


def numbers_of(event_ids: Sequence[int]) -> dict[int, Balance]:
    """Return the numbers of many rolls in one question; events without entries are left out."""
    rows = db.session.execute(_NUMBERS, {"event_ids": list(event_ids)})
    counts: dict[int, dict[AttendanceStatus, int]] = {}
    others: dict[int, int] = {}
    for event_id, status, people, here in rows:
        counts.setdefault(event_id, {})[status] = people
        if status in OUTSIDE:
            others[event_id] = others.get(event_id, 0) + here
    return {
        event_id: balance(by_status, others_come=others.get(event_id, 0))
        for event_id, by_status in counts.items()
    }


def entries(event_id: int, *, typed: str = "", show: Show = Show.ALL) -> Select[AttendanceEntry]:
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
    return db.session.scalar(_ENTRY, {"event_id": event_id, "person_id": person_id})


def own_entry(event_id: int, person: Person) -> tuple[AttendanceEntry, Roll] | None:
    """Return somebody's row with the roll it stands on, None if there is none."""
    asked = {"event_id": event_id, "person_id": person.id}
    row = db.session.execute(_OWN_ENTRY, asked).one_or_none()
    return (row[0], row[1]) if row else None


def open_entries(event_id: int) -> Sequence[AttendanceEntry]:
    """Return those on the due list of whom nothing has been said yet."""
    wanted = entries(event_id).where(Entry.status == AttendanceStatus.EXPECTED)
    return db.session.scalars(wanted).all()


def arrivals(event_id: int, *, limit: int) -> Sequence[AttendanceEntry]:
    """Return who came last, the latest first."""
    return db.session.scalars(
        select(Entry)
        .where(Entry.event_id == event_id, Entry.arrived_at.is_not(None), Entry.has_come)
        .order_by(Entry.arrived_at.desc(), Entry.id.desc())
        .limit(limit)
    ).all()


def mark(event_id: int, mark_id: int) -> AttendanceMark:
    """Return a mark of this event's roll; raise NotFoundError."""
    found = db.session.scalar(select(Mark).where(Mark.event_id == event_id, Mark.id == mark_id))
    if found is None:
        raise NotFoundError("没有找到这一步操作。")
    return found


def find_mark(event_id: int, client_id: str) -> AttendanceMark | None:
    """Return the mark that a request with this id made before."""
    return db.session.scalar(
        select(Mark).where(Mark.event_id == event_id, Mark.client_id == client_id)
    )


def last_mark_by(event_id: int, person_id: int, *, since: datetime) -> AttendanceMark | None:
    """Return the last mark that somebody made lately and that can still be taken back."""
    mark = db.session.scalar(_LAST_MARK, {"event_id": event_id, "person_id": person_id})
    if mark is None or mark.at < since or mark.method is Method.UNDO or mark.is_correction:
        return None
    return mark


def people_marked_with(mark: AttendanceMark) -> int:
    """Return how many people the act of this mark was about."""
    if mark.batch is None:
        return 1
    counted = select(func.count()).select_from(Mark).where(Mark.batch == mark.batch)
    return db.session.scalar(counted) or 0


def marks_together(mark: AttendanceMark) -> Sequence[AttendanceMark]:
    """Return the marks made in one act, those alone that are still the last of their entry."""
    same_act = Mark.batch == mark.batch if mark.batch else Mark.id == mark.id
    return db.session.scalars(
        select(Mark)
        .where(Mark.event_id == mark.event_id, same_act, Mark.id.in_(_last_marks(mark.event_id)))
        .options(joinedload(Mark.entry))
        .execution_options(populate_existing=True)
    ).all()


def _last_marks(event_id: int) -> Select[int]:
    return select(func.max(Mark.id)).where(Mark.event_id == event_id).group_by(Mark.entry_id)


def history(entry: AttendanceEntry) -> Sequence[AttendanceMark]:
    """Return every mark of one person, the first one first."""
    return db.session.scalars(
        select(Mark)
        .where(Mark.entry_id == entry.id)
        .order_by(Mark.id)
        .options(joinedload(Mark.marked_by))
    ).all()


def corrections(event_id: int) -> Sequence[AttendanceMark]:
    """Return what was put right after the confirmation, with its reasons, oldest first."""
    return db.session.scalars(
        select(Mark)
        .where(Mark.event_id == event_id, Mark.is_correction)
        .order_by(Mark.id)
        .options(joinedload(Mark.entry), joinedload(Mark.marked_by))
    ).all()


def attendance_of(
    person: Person, *, limit: int = 50
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


def events_on_whose_roll(person: Person) -> Select[int]:
    """Select the ids of the events whose roll names the person: whoever is counted sees them."""
    return select(Entry.event_id).where(Entry.person_id == person.id)


def wrong_codes(person: Person, *, since: datetime) -> int:
    """Return how many codes of this person opened nothing since that moment."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(CodeFailure)
            .where(CodeFailure.person_id == person.id, CodeFailure.at > since)
        )
        or 0
    )


def people_of_sheet(event_id: int) -> list[tuple[AttendanceEntry, str, str]]:
    """Return the roll in roster order, each entry with the post and the masked phone."""
    wanted = entries(event_id).join(Person, Person.id == Entry.person_id).add_columns(Person)
    return [(row, person.post, person.phone_masked) for row, person in db.session.execute(wanted)]


# Asked at every tap and every page of the roll: built once.
_SOURCES, _SOURCES_LOCKED = _sources(lock=False), _sources(lock=True)
_OF_PERSON = (Entry.event_id == bindparam("event_id"), Entry.person_id == bindparam("person_id"))
_ENTRY = select(Entry).where(*_OF_PERSON).execution_options(populate_existing=True)
_OWN_ENTRY = select(Entry, Roll).join(Roll, Roll.event_id == Entry.event_id).where(*_OF_PERSON)
_NUMBERS = (
    select(Entry.event_id, Entry.status, func.count(), func.count().filter(Entry.has_come))
    .where(Entry.event_id.in_(bindparam("event_ids", expanding=True)))
    .group_by(Entry.event_id, Entry.status)
)
_LAST_MARK = (
    select(Mark)
    .where(Mark.event_id == bindparam("event_id"), Mark.marked_by_id == bindparam("person_id"))
    .order_by(Mark.id.desc())
    .limit(1)
    .options(joinedload(Mark.entry))
)
