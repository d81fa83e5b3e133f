"""Who is on an event's list, who waits, and how the list came about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.people.models import Membership, MembershipKind, Organisation, Person
from portal.people.queries import matches
from portal.signups.models import LIVE, Signup, SignupMove, SignupOrigin, SignupStatus
from portal.signups.queries.places import last_reason, position_in_queue
from portal.signups.queries.questions import told_answers

LATELY = timedelta(days=3)


@dataclass(frozen=True)
class Detail:
    """What the host's list says beside a name."""

    unit: str
    unit_path: str
    reason: str
    position: int
    # "午餐：面条", a line for each question that was answered.
    answers: str = ""


def signup(event_id: int, signup_id: int) -> Signup:
    """Return one sign-up of the event with its person; raise NotFoundError."""
    found = db.session.scalar(
        select(Signup)
        .where(Signup.id == signup_id, Signup.event_id == event_id)
        .options(joinedload(Signup.person))
    )
    if found is None:
        raise NotFoundError("没有找到这条报名。")
    return found


def confirmed_people(event_id: int) -> Sequence[Person]:
    """Return who has a place, in the order of signing up."""
    return db.session.scalars(
        select(Person)
        .join(Signup, Signup.person_id == Person.id)
        .where(Signup.event_id == event_id, Signup.status == SignupStatus.CONFIRMED)
        .order_by(Signup.id)
    ).all()


def live_signups(event_id: int, person_ids: Collection[int]) -> dict[int, Signup]:
    """Return the sign-ups that hold, by person."""
    rows = db.session.scalars(
        select(Signup).where(
            Signup.event_id == event_id,
            Signup.person_id.in_(person_ids),
            Signup.status.in_(LIVE),
        )
    )
    return {signup.person_id: signup for signup in rows}


def live_by_id(event_id: int, ids: Collection[int]) -> Sequence[Signup]:
    """Return those of these sign-ups that hold, in order of arrival, as they are now."""
    return db.session.scalars(
        select(Signup)
        .where(Signup.event_id == event_id, Signup.id.in_(ids), Signup.status.in_(LIVE))
        .order_by(Signup.id)
        .execution_options(populate_existing=True)
    ).all()


def all_live(event_id: int) -> Sequence[Signup]:
    """Return everybody on the list with their persons: those with a place first, by arrival."""
    return db.session.scalars(
        select(Signup)
        .where(Signup.event_id == event_id, Signup.status.in_(LIVE))
        .options(joinedload(Signup.person))
        .order_by(Signup.status, Signup.id)
    ).all()


def listed(event_id: int, status: SignupStatus, typed: str) -> Select[Signup]:
    """Select the sign-ups in one state, found by name, pinyin, initials or phone tail.

    In order of arrival; those who wait as the queue goes, those with an offer before them;
    those that were cancelled or turned down, latest first.
    """
    wanted = (
        select(Signup)
        .join(Person, Person.id == Signup.person_id)
        .where(Signup.event_id == event_id, Signup.status == status)
        .options(joinedload(Signup.person), joinedload(Signup.signed_up_by))
    )
    if typed:
        wanted = wanted.where(matches(typed))
    if status in {SignupStatus.CANCELLED, SignupStatus.DECLINED}:
        return wanted.order_by(Signup.cancelled_at.desc(), Signup.id.desc())
    if status is SignupStatus.WAITLISTED:
        return wanted.order_by(Signup.offer_ends_at.is_(None), Signup.precedence.desc(), Signup.id)
    return wanted.order_by(Signup.id)


def details(signups: Collection[Signup]) -> dict[int, Detail]:
    """Return unit, reason of the last move and place in the queue, by id of sign-up."""
    rows = db.session.execute(
        select(
            Signup.id,
            func.coalesce(Organisation.short_name, Person.work_unit),
            func.coalesce(Organisation.path, ""),
            last_reason(),
            position_in_queue(),
            told_answers(),
        )
        .join(Person, Person.id == Signup.person_id)
        .outerjoin(
            Membership,
            and_(
                Membership.person_id == Person.id,
                Membership.kind == MembershipKind.PRIMARY,
                Membership.valid_to.is_(None),
            ),
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Signup.id.in_([signup.id for signup in signups]))
    )
    return {row[0]: Detail(row[1], row[2], row[3] or "", row[4], row[5] or "") for row in rows}


def find_walk_in(
    event_id: int, *, name: str, unit: str, actor_id: int, since: datetime
) -> Signup | None:
    """Return the last walk-in of that name and unit whom the actor registered since then."""
    return db.session.scalar(
        select(Signup)
        .join(Person, Person.id == Signup.person_id)
        .where(
            Signup.event_id == event_id,
            Signup.origin == SignupOrigin.WALK_IN,
            Signup.status == SignupStatus.CONFIRMED,
            Signup.signed_up_by_id == actor_id,
            Signup.created_at >= since,
            Person.name == name,
            Person.work_unit == unit,
        )
        .order_by(Signup.id.desc())
        .limit(1)
    )


def walk_ins_of(event_id: int, person_id: int, *, status: SignupStatus) -> Sequence[Signup]:
    """Return somebody's registrations at the door that stand so, the first one first."""
    return db.session.scalars(
        select(Signup)
        .where(
            Signup.event_id == event_id,
            Signup.person_id == person_id,
            Signup.origin == SignupOrigin.WALK_IN,
            Signup.status == status,
        )
        .order_by(Signup.id)
    ).all()


def moves(event_id: int) -> Select[SignupMove]:
    """Select the log of the event's list, latest first."""
    return (
        select(SignupMove)
        .where(SignupMove.event_id == event_id)
        .options(
            joinedload(SignupMove.signup).joinedload(Signup.person),
            joinedload(SignupMove.moved_by),
        )
        .order_by(SignupMove.id.desc())
    )


@dataclass(frozen=True)
class MovedUp:
    """The last time the waiting list moved up: how many, when, and what freed the places."""

    number: int
    at: datetime
    cause: str


def moved_up_lately(event_id: int) -> MovedUp | None:
    """Return how the waiting list moved up last, if that was within three days."""
    promoted = (
        SignupMove.event_id == event_id,
        SignupMove.from_status == SignupStatus.WAITLISTED,
        SignupMove.to_status == SignupStatus.CONFIRMED,
    )
    latest = select(func.max(SignupMove.at)).where(*promoted).scalar_subquery()
    row = db.session.execute(
        select(func.count(), SignupMove.at, func.min(SignupMove.reason))
        .where(*promoted, SignupMove.at == latest, SignupMove.at > clock.now() - LATELY)
        .group_by(SignupMove.at)
    ).one_or_none()
    return MovedUp(row[0], row[1], row[2].partition("，")[0]) if row else None


def signed_up(event: Event) -> Select[Any]:
    """Select the ids of those on the list, whether they have a place or wait for one."""
    return select(Signup.person_id).where(Signup.event_id == event.list_id, Signup.status.in_(LIVE))
