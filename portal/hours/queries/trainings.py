"""Other training: one, a person's, and what waits for a secretary."""

from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import clock, paging
from portal.attendance.models import AttendanceEntry
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.hours.kinds import TrainingState
from portal.hours.models import Training
from portal.people.models import Membership, MembershipKind, Organisation, Person
from portal.people.policies import SECRETARIES, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody

LIVE = (TrainingState.WAITING, TrainingState.CONFIRMED)


def _whole() -> Select[Training]:
    return select(Training).options(
        joinedload(Training.person)
        .selectinload(Person.memberships)
        .joinedload(Membership.organisation),
        joinedload(Training.entered_by),
        joinedload(Training.decided_by),
        joinedload(Training.material),
    )


def training(training_id: int) -> Training:
    """Return one, with person, relations and file; raise NotFoundError."""
    return _found(_whole().where(Training.id == training_id))


def training_to_change(training_id: int) -> Training:
    """Return one as `training` does, its row locked."""
    return _found(_whole().where(Training.id == training_id).with_for_update(of=Training))


def _found(wanted: Select[Training]) -> Training:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError("没有这条培训记录，或者不对您开放。")
    return found


def trainings_of(person: Somebody, year: int) -> Sequence[Training]:
    """Return a person's other training that touches the year, the latest first."""
    return db.session.scalars(
        select(Training)
        .where(
            Training.person_id == person.id,
            Training.starts_on <= date(year, 12, 31),
            Training.ends_on >= date(year, 1, 1),
        )
        .order_by(Training.starts_on.desc(), Training.id.desc())
    ).all()


def all_trainings_of(person: Somebody) -> Sequence[Training]:
    """Return all of a person's other training, in order of time."""
    return db.session.scalars(
        select(Training)
        .where(Training.person_id == person.id)
        .order_by(Training.starts_on, Training.id)
    ).all()


def waiting_for(person: Somebody, number: int) -> "paging.Page[Training]":
    """Return page `number` of what waits to be confirmed by the person, the oldest first."""
    below = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.kind == MembershipKind.PRIMARY,
            Membership.valid_to.is_(None),
            in_subtrees(scope(person, SECRETARIES)),
        )
    )
    wanted = (
        select(Training)
        .where(
            Training.state == TrainingState.WAITING,
            Training.person_id != person.id,
            Training.person_id.in_(below),
        )
        .order_by(Training.entered_at, Training.id)
        .options(joinedload(Training.person))
    )
    return paging.page_of(wanted, number)


def twin_of(
    person_id: int, title_key: str, starts_on: date, *, but: int | None = None
) -> Training | None:
    """Return the same training if it stands already: title, first day, person."""
    wanted = select(Training).where(
        Training.person_id == person_id,
        Training.title_key == title_key,
        Training.starts_on == starts_on,
        Training.state.in_(LIVE),
    )
    return db.session.scalar(wanted if but is None else wanted.where(Training.id != but))


def events_attended_on(person_id: int, day: date) -> Sequence[tuple[int, str]]:
    """Return the events that the person was at, by the roll, on a day: number and title."""
    begins = clock.from_local(datetime.combine(day, clock_time.min))
    ends = clock.from_local(datetime.combine(day, clock_time.max))
    rows: Any = db.session.execute(
        select(Event.id, Event.title)
        .join(AttendanceEntry, AttendanceEntry.event_id == Event.id)
        .where(
            AttendanceEntry.person_id == person_id,
            AttendanceEntry.has_come,
            Event.starts_at <= ends,
            Event.ends_at >= begins,
        )
    )
    return [(event_id, title) for event_id, title in rows]


def readable_ids(person: Somebody) -> Select[int]:
    """Select the files of trainings that are about the person, or that the person entered.

    Secretaries read them as files of their branch's library.
    """
    wanted: Select[Any] = select(Training.material_id)
    return wanted.where(
        Training.material_id.is_not(None),
        (Training.person_id == person.id) | (Training.entered_by_id == person.id),
    )


def with_file(material_id: int) -> Sequence[Training]:
    """Return the trainings that a file belongs to, with their persons and relations."""
    return db.session.scalars(_whole().where(Training.material_id == material_id)).all()
