"""What the engine needs to know of people: where they were, what they made up, what else."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceStatus, Roll
from portal.attendance.policies import WITH_ROLL
from portal.database import db
from portal.events.models import Event
from portal.hours.defaults import CONVERSIONS, THRESHOLDS
from portal.hours.engine import (
    Attended,
    Conversions,
    Fact,
    Gathered,
    MadeUp,
    source_of_make_up,
)
from portal.hours.kinds import Source, TrainingState
from portal.hours.models import HourRule, HourThreshold, Training
from portal.hours.thresholds import Thresholds
from portal.leaves.models import MakeUp, MakeUpMethod
from portal.lessons.models import LessonVersion
from portal.people.models import Membership, MembershipKind, Organisation, Person, PersonKind

Entry = AttendanceEntry
_ALONE = frozenset({MakeUpMethod.SELF_STUDY, MakeUpMethod.RECORDING})
_BETWEEN_NAMES = str.maketrans(dict.fromkeys("、，,；;/（）()", " "))


def conversions() -> Conversions:
    """Return all rules: those that offices have entered, and those that the portal ships."""
    rows = db.session.scalars(select(HourRule).options(joinedload(HourRule.organisation)))
    return Conversions([*CONVERSIONS, *(row.conversion for row in rows)])


def thresholds() -> Thresholds:
    """Return all thresholds, shipped and entered."""
    rows = db.session.scalars(select(HourThreshold).options(joinedload(HourThreshold.organisation)))
    return Thresholds([*THRESHOLDS, *(row.threshold for row in rows)])


def span_of(year: int) -> tuple[datetime, datetime]:
    """Return the moments at which the year begins and ends in China."""
    return (
        clock.from_local(datetime(year, 1, 1)),  # noqa: DTZ001  read off a clock in China
        clock.from_local(datetime(year + 1, 1, 1)),  # noqa: DTZ001
    )


def facts_of(person_ids: Collection[int], year: int) -> dict[int, list[Fact]]:
    """Return all that the engine asks about these persons' hours in a year; four statements."""
    found: dict[int, list[Fact]] = {person_id: [] for person_id in person_ids}
    for person_id, attended in _attended(person_ids, year):
        found[person_id].append(attended)
    for person_id, made_up in _made_up(person_ids, year):
        found[person_id].append(made_up)
    for person_id, trained in _trained(person_ids, year):
        found[person_id].append(trained)
    return found


def _in_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _attended(person_ids: Collection[int], year: int) -> Iterable[tuple[int, Attended]]:
    """Those who came, by rolls of the year; and by rolls of what was made up in it."""
    first, last = _in_year(year)
    begins, ends = span_of(year)
    made_up = select(MakeUp.event_id).where(
        MakeUp.person_id.in_(person_ids), MakeUp.made_on.between(first, last)
    )
    rows = db.session.execute(
        select(
            Entry.person_id,
            Entry.name,
            Entry.unit_path,
            Entry.status,
            Entry.arrived_at,
            Entry.left_at,
            Roll.confirmed_at,
            Roll.early_grace,
            Event.id,
            Event.title,
            Event.kind,
            Event.starts_at,
            Event.ends_at,
            Event.lecturer,
        )
        .join(Event, Event.id == Entry.event_id)
        .join(Roll, Roll.event_id == Event.id)
        .join(Person, Person.id == Entry.person_id)
        .where(
            Entry.person_id.in_(person_ids),
            Entry.has_come,
            Person.kind == PersonKind.MEMBER,
            Event.state.in_(WITH_ROLL),
            # Of a whole that is held in sessions each session gives its own hours.
            Event.session_count == 0,
            or_(
                and_(Event.starts_at < ends, Event.ends_at > begins),
                Event.id.in_(made_up),
            ),
        )
    ).all()
    lecturers = _lecturers({(row.id, row.name, row.person_id) for row in rows if _is_named(row)})
    for row in rows:
        is_late = row.status is AttendanceStatus.LATE
        left_early = row.status is AttendanceStatus.LEFT_EARLY
        grace = timedelta(minutes=row.early_grace)
        has_left = row.left_at is not None and row.left_at < row.ends_at - grace
        yield (
            row.person_id,
            Attended(
                event=Gathered(
                    row.id, row.title, Source(row.kind.value), row.starts_at, row.ends_at
                ),
                path=row.unit_path,
                is_confirmed=row.confirmed_at is not None,
                # A busy host ticks after the fact: only of the late the time of coming counts.
                came_at=row.arrived_at if is_late else None,
                left_at=row.left_at if left_early or has_left else None,
                left_early=left_early,
                was_late=is_late,
                is_lecturer=(row.id, row.person_id) in lecturers,
            ),
        )


def _is_named(row: object) -> bool:
    """Return whether the event names somebody of that name as its lecturer."""
    name, lecturer = getattr(row, "name", ""), getattr(row, "lecturer", "")
    return bool(lecturer) and name in lecturer.translate(_BETWEEN_NAMES).split()


def _lecturers(named: Collection[tuple[int, str, int]]) -> set[tuple[int, int]]:
    """Return who of those named as lecturers of an event it is, as event and person.

    Where the lesson that is given says which person of that name, it is that one; else whoever
    bears the name alone on the event's roll.
    """
    if not named:
        return set()
    event_ids = {event_id for event_id, _name, _person in named}
    chosen: dict[tuple[int, str], set[int | None]] = {}
    for event_id, name, person_id in db.session.execute(
        select(Event.id, LessonVersion.lecturer_name, LessonVersion.lecturer_id)
        .join(LessonVersion, LessonVersion.lesson_id == Event.lesson_id)
        .where(Event.id.in_(event_ids), LessonVersion.lecturer_id.is_not(None))
    ):
        chosen.setdefault((event_id, name), set()).add(person_id)
    alone = {
        (event_id, name)
        for event_id, name in db.session.execute(
            select(Entry.event_id, Entry.name)
            .where(
                Entry.event_id.in_(event_ids),
                Entry.name.in_({name for _event, name, _person in named}),
            )
            .group_by(Entry.event_id, Entry.name)
            .having(func.count() == 1)
        )
    }
    return {
        (event_id, person_id)
        for event_id, name, person_id in named
        if person_id in chosen.get((event_id, name), ())
        or ((event_id, name) not in chosen and (event_id, name) in alone)
    }


def _made_up(person_ids: Collection[int], year: int) -> Iterable[tuple[int, MadeUp]]:
    rows = db.session.execute(
        select(
            MakeUp.id,
            MakeUp.person_id,
            MakeUp.method,
            MakeUp.made_on,
            MakeUp.credit_halves,
            Entry.unit_path,
            Event.id.label("event_id"),
            Event.title,
            Event.kind,
            Event.starts_at,
            Event.ends_at,
        )
        .join(Event, Event.id == MakeUp.event_id)
        .join(Person, Person.id == MakeUp.person_id)
        .outerjoin(
            Entry, and_(Entry.event_id == MakeUp.event_id, Entry.person_id == MakeUp.person_id)
        )
        .where(
            MakeUp.person_id.in_(person_ids),
            MakeUp.made_on.between(*_in_year(year)),
            Person.kind == PersonKind.MEMBER,
        )
    )
    for row in rows:
        event = Gathered(
            row.event_id, row.title, Source(row.kind.value), row.starts_at, row.ends_at
        )
        yield (
            row.person_id,
            MadeUp(
                make_up_id=row.id,
                event=event,
                source=source_of_make_up(is_alone=row.method in _ALONE),
                path=row.unit_path or "",
                made_on=row.made_on,
                halves=row.credit_halves,
                is_other_session=row.method is MakeUpMethod.OTHER_SESSION,
            ),
        )


def _trained(person_ids: Collection[int], year: int) -> Iterable[tuple[int, Fact]]:
    first, last = _in_year(year)
    trainings = db.session.scalars(
        select(Training).where(
            Training.person_id.in_(person_ids),
            Training.state.in_([TrainingState.WAITING, TrainingState.CONFIRMED]),
            Training.starts_on <= last,
            Training.ends_on >= first,
        )
    ).all()
    if not trainings:
        return
    paths = paths_of({one.person_id for one in trainings})
    for training in trainings:
        path = _path_on(paths.get(training.person_id, ()), training.starts_on)
        yield training.person_id, training.fact(path)


Belonging = tuple[date | None, date | None, str]


def paths_of(person_ids: Collection[int]) -> Mapping[int, list[Belonging]]:
    """Return where each person's primary branch was, from when, until when."""
    rows = db.session.execute(
        select(Membership.person_id, Membership.valid_from, Membership.valid_to, Organisation.path)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(person_ids), Membership.kind == MembershipKind.PRIMARY)
        .order_by(Membership.id)
    )
    found: dict[int, list[Belonging]] = {}
    for person_id, valid_from, valid_to, path in rows:
        found.setdefault(person_id, []).append((valid_from, valid_to, path))
    return found


def _path_on(belonged: Iterable[Belonging], day: date) -> str:
    """Return the branch of that day; of one that nobody knows the latest."""
    path = ""
    for valid_from, valid_to, at in belonged:
        path = at
        if (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to):
            break
    return path
