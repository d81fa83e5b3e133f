"""How full an event is, and where one person stands with it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person
from portal.signups.models import LIVE, Signup, SignupStatus
from portal.signups.queries.audience import admitted


@dataclass(frozen=True)
class Counts:
    """How many people stand where; `capacity` None is no limit."""

    confirmed: int = 0
    waitlisted: int = 0
    cancelled: int = 0

    def free(self, capacity: int | None) -> int | None:
        """Return how many places are left, never below 0; None is no limit."""
        return None if capacity is None else max(0, capacity - self.confirmed)


@dataclass(frozen=True)
class Standing:
    """Where one person stands with one event, and how full it is."""

    counts: Counts
    mine: Signup | None
    position: int
    is_admitted: bool

    @property
    def state(self) -> str:
        """The value of `data-my-signup`."""
        return self.mine.status.value if self.mine else "none"


def standing(event: Event, person: Person) -> Standing:
    """Return where the person stands with the event; the latest sign-up counts."""
    row = db.session.execute(_STANDING, {"event_id": event.id, "person_id": person.id}).one()
    counts = Counts(confirmed=row[0], waitlisted=row[1])
    mine: Signup | None = row[3]
    is_waiting = mine is not None and mine.status is SignupStatus.WAITLISTED
    return Standing(
        counts=counts,
        mine=mine,
        position=row[2] if is_waiting else 0,
        is_admitted=person.id in admitted(event, [person.id]),
    )


def _standing() -> Select[*tuple[Any, ...]]:
    latest = (
        select(func.max(Signup.id))
        .where(Signup.event_id == bindparam("event_id"), Signup.person_id == bindparam("person_id"))
        .scalar_subquery()
    )
    return (
        select(
            _number_of(SignupStatus.CONFIRMED),
            _number_of(SignupStatus.WAITLISTED),
            position_in_queue().label("position"),
            Signup,
        )
        .select_from(Event)
        .outerjoin(Signup, Signup.id == latest)
        .where(Event.id == bindparam("event_id"))
        .options(joinedload(Signup.signed_up_by))
    )


def signup_of(event: Event, person: Person) -> Signup | None:
    """Return the person's latest sign-up to the event, whatever its state."""
    return db.session.scalar(
        select(Signup)
        .where(Signup.event_id == event.id, Signup.person_id == person.id)
        .order_by(Signup.id.desc())
        .limit(1)
    )


def my_signups(person: Person, *, upcoming: bool, limit: int = 50) -> Sequence[Signup]:
    """Return the person's sign-ups that hold, with event and host.

    Upcoming: not yet over, soonest first. Past: those with a place, latest first.
    """
    now = clock.now()
    wanted = (
        select(Signup)
        .join(Event, Event.id == Signup.event_id)
        .where(Signup.person_id == person.id)
        .options(joinedload(Signup.event).joinedload(Event.host))
        .limit(limit)
    )
    if upcoming:
        wanted = wanted.where(Signup.status.in_(LIVE), Event.ends_at >= now)
        return db.session.scalars(wanted.order_by(Event.starts_at, Signup.id)).all()
    wanted = wanted.where(Signup.status == SignupStatus.CONFIRMED, Event.ends_at < now)
    return db.session.scalars(wanted.order_by(Event.starts_at.desc(), Signup.id)).all()


def positions(signups: Iterable[Signup]) -> dict[int, int]:
    """Return the place in its waiting list, from 1, by id of each sign-up that waits."""
    waiting = [signup.id for signup in signups if signup.status is SignupStatus.WAITLISTED]
    if not waiting:
        return {}
    rows = db.session.execute(select(Signup.id, position_in_queue()).where(Signup.id.in_(waiting)))
    return {row[0]: row[1] for row in rows}


def events_signed_up_to(person: Person) -> Select[int]:
    """Select the ids of the events on whose list the person is or once was."""
    return select(Signup.event_id).where(Signup.person_id == person.id)


def counts(event_ids: Collection[int]) -> dict[int, Counts]:
    """Return how many stand where, for each of these events (all have an entry)."""
    numbers: dict[int, dict[str, int]] = {event_id: {} for event_id in event_ids}
    rows = db.session.execute(_COUNTS, {"event_ids": list(event_ids)})
    for event_id, status, number in rows:
        numbers[event_id][status.value] = number
    return {event_id: Counts(**found) for event_id, found in numbers.items()}


def _number_of(status: SignupStatus) -> ColumnElement[int]:
    other = aliased(Signup)
    return (
        select(func.count())
        .select_from(other)
        .where(other.event_id == bindparam("event_id"), other.status == status)
        .scalar_subquery()
    )


def position_in_queue() -> ColumnElement[int]:
    """Return how many wait up to and including a sign-up."""
    other = aliased(Signup)
    return (
        select(func.count())
        .select_from(other)
        .where(
            other.event_id == Signup.event_id,
            other.status == SignupStatus.WAITLISTED,
            other.id <= Signup.id,
        )
        .scalar_subquery()
    )


# Asked at every event page, list and sign-up: built once.
_STANDING = _standing()
_COUNTS = (
    select(Signup.event_id, Signup.status, func.count())
    .where(
        Signup.event_id.in_(bindparam("event_ids", expanding=True)),
        Signup.status.in_(
            [SignupStatus.CONFIRMED, SignupStatus.WAITLISTED, SignupStatus.CANCELLED]
        ),
    )
    .group_by(Signup.event_id, Signup.status)
)
