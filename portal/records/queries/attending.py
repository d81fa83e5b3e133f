"""Who came to a gathering, as its roll has it, and who may be found as a speaker."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select

from portal.attendance.models import (
    LEAVE,
    NOT_DUE,
    OUTSIDE,
    AttendanceEntry,
    AttendanceStatus,
    Roll,
)
from portal.attendance.rules import Balance, balance
from portal.database import db
from portal.people.models import Person, PersonKey
from portal.people.queries import begins_with, matches
from portal.records.models import MeetingRecord

Entry = AttendanceEntry
# A gathering with more people has microphones, not initials; the rest are found by typing.
MOST_SPEAKERS = 600


class Named(NamedTuple):
    """One person on the roll as the minutes name them."""

    person_id: int
    name: str
    unit_name: str
    post: str
    status: AttendanceStatus
    has_come: bool


@dataclass(frozen=True)
class Attendance:
    """Who came, who was on leave, who was absent, who sat in; read from the roll, never typed.

    A record of a branch below the host counts that branch's people alone.
    """

    is_confirmed: bool = False
    present: list[Named] = field(default_factory=list)
    leave: list[Named] = field(default_factory=list)
    absent: list[Named] = field(default_factory=list)
    exempt: list[Named] = field(default_factory=list)
    sitting_in: list[Named] = field(default_factory=list)
    numbers: Balance = field(default_factory=lambda: balance({}))

    @property
    def has_anybody(self) -> bool:
        """Whether anybody stands on the roll."""
        return bool(self.numbers.due or self.exempt or self.sitting_in)


def attendance(record: MeetingRecord) -> Attendance:
    """Return who came to the gathering of the record, in roster order."""
    rows = db.session.execute(
        _of_record(record)
        .with_only_columns(
            Entry.person_id,
            Entry.name,
            Entry.unit_name,
            Person.post,
            Entry.status,
            Entry.has_come,
            Roll.confirmed_at,
        )
        .join(Person, Person.id == Entry.person_id)
        .join(Roll, Roll.event_id == Entry.event_id)
        .order_by(Entry.unit_path, Entry.stroke_key, Entry.person_id)
    ).all()
    if not rows:
        return Attendance()
    groups: dict[str, list[Named]] = {
        name: [] for name in ("present", "leave", "absent", "exempt", "sitting_in")
    }
    counts: dict[AttendanceStatus, int] = {}
    for *columns, _confirmed in rows:
        one = Named._make(columns)
        counts[one.status] = counts.get(one.status, 0) + 1
        group = _group(one)
        if group:
            groups[group].append(one)
    return Attendance(
        is_confirmed=rows[0].confirmed_at is not None,
        numbers=balance(counts, others_come=len(groups["sitting_in"])),
        **groups,
    )


def _group(one: Named) -> str | None:
    if one.status in OUTSIDE:
        return "sitting_in" if one.has_come else None
    if one.status is AttendanceStatus.EXEMPT:
        return "exempt"
    if one.status in LEAVE:
        return "leave"
    return "present" if one.has_come else "absent"


class Listed(NamedTuple):
    """What a vote begins with: who stands on the due list, the exempt among them, and who came."""

    people: int
    present: int


def listed(record: MeetingRecord) -> Listed:
    """Return how many stand on the due list of the record's people, and how many came."""
    rows = db.session.execute(
        _of_record(record).with_only_columns(Entry.status, Entry.has_come)
    ).all()
    due = [
        row for row in rows if row.status not in NOT_DUE or row.status is AttendanceStatus.EXEMPT
    ]
    return Listed(len(due), sum(1 for row in due if row.has_come))


def _of_record(record: MeetingRecord) -> Select[Any]:
    wanted: Select[Any] = select(Entry).where(Entry.event_id == record.event_id)
    if record.organisation_id == record.event.host_id:
        return wanted
    return wanted.where(begins_with(Entry.unit_path, record.organisation.path))


class Speaker(NamedTuple):
    """Somebody on the roll, and what finds them: name, pinyin, initials."""

    person_id: int
    name: str
    post: str
    is_here: bool
    keys: tuple[str, ...] = ()


def speakers(record: MeetingRecord) -> list[Speaker]:
    """Return who may be found as a speaker, those who came first; guests too."""
    rows = db.session.execute(
        _speakers(record)
        .order_by(Entry.has_come.desc(), Entry.stroke_key, Entry.person_id)
        .limit(MOST_SPEAKERS)
    ).all()
    keys: dict[int, list[str]] = {}
    here = select(Entry.person_id).where(Entry.event_id == record.event_id)
    for person_id, key in db.session.execute(
        select(PersonKey.person_id, PersonKey.key).where(
            PersonKey.person_id.in_(here), PersonKey.key.not_like("#%")
        )
    ):
        keys.setdefault(person_id, []).append(key)
    return [_speaker(row)._replace(keys=tuple(keys.get(row.person_id, ()))) for row in rows]


def find_speakers(record: MeetingRecord, typed: str) -> Sequence[Speaker]:
    """Return those on the roll whom the typed name, pinyin or initials find."""
    exact = or_(Entry.name == typed, Entry.person_id.in_(select(Person.id).where(matches(typed))))
    rows = db.session.execute(
        _speakers(record).where(exact).order_by(Entry.has_come.desc(), Entry.stroke_key).limit(20)
    ).all()
    return [_speaker(row) for row in rows]


def _speakers(record: MeetingRecord) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Entry.person_id,
            Entry.name,
            Entry.unit_name,
            Person.post,
            Person.work_unit,
            Entry.has_come,
        )
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.event_id == record.event_id)
    )


def _speaker(row: Any) -> Speaker:
    return Speaker(
        row.person_id, row.name, f"{row.work_unit or row.unit_name}{row.post}", row.has_come
    )
