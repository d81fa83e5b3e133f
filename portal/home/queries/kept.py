"""What the portal keeps of me."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.database import db
from portal.events.models import Event, EventInvitation, EventState
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
from portal.signups.models import Signup


def whole_person(person: Person) -> Person:
    """Return the person with memberships, posts and their organisations."""
    return db.session.scalars(
        select(Person)
        .where(Person.id == person.id)
        .options(
            selectinload(Person.memberships).joinedload(Membership.organisation),
            selectinload(Person.posts).joinedload(Post.organisation),
            selectinload(Person.grants).joinedload(RoleGrant.organisation),
        )
        .execution_options(populate_existing=True)
    ).one()


def secretaries_of(branch: Organisation) -> Sequence[str]:
    """Return the names of those who are secretary of the branch today: they correct records."""
    today = clock.today()
    return db.session.scalars(
        select(Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == Role.BRANCH_SECRETARY,
            RoleGrant.organisation_id == branch.id,
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
        .order_by(Person.stroke_key)
    ).all()


def above(branch: Organisation) -> Sequence[str]:
    """Return the names of the organisation and those above it, from the branch up."""
    codes = branch.path.strip("/").split("/")
    return db.session.scalars(
        select(Organisation.name)
        .where(Organisation.code.in_(codes))
        .order_by(func.length(Organisation.path).desc())
    ).all()


def signups_of(person: Person) -> Sequence[Signup]:
    """Return every sign-up of the person, whatever became of it, with its event."""
    return db.session.scalars(
        select(Signup)
        .where(Signup.person_id == person.id)
        .order_by(Signup.id)
        .options(joinedload(Signup.event))
    ).all()


def invitations_of(person: Person) -> Sequence[tuple[str, datetime]]:
    """Return title of the event and moment of every invitation of the person."""
    rows = db.session.execute(
        select(Event.title, EventInvitation.invited_at)
        .join(Event, Event.id == EventInvitation.event_id)
        .where(EventInvitation.person_id == person.id, Event.state != EventState.DRAFT)
        .order_by(EventInvitation.id)
    )
    return [(title, at) for title, at in rows]


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
