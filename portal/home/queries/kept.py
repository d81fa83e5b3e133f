"""What the portal keeps of me."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.bookings.models import Booking
from portal.cases.models import Case
from portal.database import db
from portal.events.models import Event, EventInvitation, EventState
from portal.exercises.models import Exercise, ExerciseEntry, ExerciseRun
from portal.people.models import (
    Account,
    LoginSession,
    Membership,
    Organisation,
    Person,
    Post,
    Role,
    RoleGrant,
)
from portal.people.readers import Somebody
from portal.records.models import Statement
from portal.signups.models import Signup


def whole_person(person: Somebody) -> Person:
    """Return the person with memberships, posts and their organisations."""
    found = db.session.scalars(
        select(Person)
        .where(Person.id == person.id)
        .options(
            selectinload(Person.memberships).joinedload(Membership.organisation),
            selectinload(Person.posts).joinedload(Post.organisation),
            joinedload(Person.exemptions),
            selectinload(Person.grants).joinedload(RoleGrant.organisation),
        )
        .execution_options(populate_existing=True)
    )
    return found.unique().one()


def around(branch: Organisation) -> tuple[list[str], list[str]]:
    """Return the names of the branch and those above it, and of who is its secretary today.

    These see what is kept of its members; the secretaries put it right.
    """
    today = clock.today()
    codes = branch.path.strip("/").split("/")
    heads = and_(
        RoleGrant.organisation_id == Organisation.id,
        Organisation.id == branch.id,
        RoleGrant.role == Role.BRANCH_SECRETARY,
        or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
    )
    rows = db.session.execute(
        select(Organisation.name, Person.name)
        .outerjoin(RoleGrant, heads)
        .outerjoin(Person, Person.id == RoleGrant.person_id)
        .where(Organisation.code.in_(codes))
        .order_by(func.length(Organisation.path).desc(), Person.stroke_key)
    ).all()
    return list(dict.fromkeys(row[0] for row in rows)), [row[1] for row in rows if row[1]]


def signups_of(person: Somebody) -> Sequence[Signup]:
    """Return every sign-up of the person, whatever became of it, with its event."""
    return db.session.scalars(
        select(Signup)
        .where(Signup.person_id == person.id)
        .order_by(Signup.id)
        .options(joinedload(Signup.event))
    ).all()


def invitations_of(person: Somebody) -> Sequence[tuple[str, datetime]]:
    """Return title of the event and moment of every invitation of the person."""
    rows = db.session.execute(
        select(Event.title, EventInvitation.invited_at)
        .join(Event, Event.id == EventInvitation.event_id)
        .where(EventInvitation.person_id == person.id, Event.state != EventState.DRAFT)
        .order_by(EventInvitation.id)
    )
    return [(title, at) for title, at in rows]


class OwnEntry(NamedTuple):
    """A form that a person has filled in: what is typed into it is forgotten on a day."""

    exercise: str
    event: str
    started_at: datetime
    handed_in_at: datetime | None
    forgotten_on: date


def exercise_entries_of(person: Somebody) -> list[OwnEntry]:
    """Return the exercises that the person has begun and that are not forgotten yet."""
    rows = db.session.execute(
        select(
            Exercise.title,
            Event.title,
            ExerciseEntry.started_at,
            ExerciseEntry.handed_in_at,
            ExerciseRun.delete_on,
        )
        .join(ExerciseRun, ExerciseRun.id == ExerciseEntry.run_id)
        .join(Exercise, Exercise.id == ExerciseRun.exercise_id)
        .join(Event, Event.id == ExerciseRun.event_id)
        .where(ExerciseEntry.person_id == person.id, ExerciseRun.deleted_at.is_(None))
        .order_by(ExerciseEntry.id)
    )
    return [OwnEntry._make(row) for row in rows]


def statements_of(person: Somebody) -> Sequence[Statement]:
    """Return what the person said at meetings, word for word, and what was put beside it."""
    return db.session.scalars(
        select(Statement)
        .where(Statement.speaker_id == person.id)
        .order_by(Statement.id)
        .options(selectinload(Statement.supplements))
    ).all()


def cases_asked_by(person: Somebody) -> Sequence[Case]:
    """Return the cases that the person asked under the own name and that are not forgotten."""
    return db.session.scalars(
        select(Case)
        .where(Case.asker_id == person.id)
        .order_by(Case.id)
        .options(joinedload(Case.opening))
    ).all()


def visits_asked_by(person: Somebody) -> Sequence[Booking]:
    """Return the visits that the person asked for, whatever became of them, with their sites."""
    return db.session.scalars(
        select(Booking)
        .where(Booking.asked_by_id == person.id)
        .order_by(Booking.starts_at, Booking.id)
        .options(joinedload(Booking.site))
    ).all()


def sessions_of(account: Account, *, limit: int = 100) -> Sequence[LoginSession]:
    """Return the account's latest sessions, latest first."""
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account.id)
        .order_by(LoginSession.id.desc())
        .limit(limit)
    ).all()


def find_calendar_owner(number: str) -> Account | None:
    """Return the account whose calendar address bears this number, with person and grants."""
    return db.session.scalar(
        select(Account)
        .where(Account.calendar_token == number)
        .options(
            joinedload(Account.person)
            .selectinload(Person.grants)
            .joinedload(RoleGrant.organisation)
        )
    )
