"""How full an event is, and where one person stands with it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.database import db, one_of
from portal.events.models import Event
from portal.people.models import Membership, MembershipKind, Organisation, Person
from portal.people.readers import Somebody
from portal.signups.models import (
    LIVE,
    Signup,
    SignupHelper,
    SignupMove,
    SignupOrigin,
    SignupQuota,
    SignupRules,
    SignupStatus,
)
from portal.signups.queries.audience import admitted, is_expected_elsewhere, overlap_asked
from portal.signups.question_models import SignupQuestion
from portal.signups.rules import Rules, rules_of
from portal.statements import Ready


@dataclass(frozen=True)
class Counts:
    """How many people stand where; who has an open offer is `offered` and waits no more."""

    confirmed: int = 0
    waitlisted: int = 0
    cancelled: int = 0
    pending: int = 0
    declined: int = 0
    offered: int = 0

    @property
    def taken(self) -> int:
        """Return how many places are given or held for somebody."""
        return self.confirmed + self.offered

    def free(self, capacity: int | None) -> int | None:
        """Return how many places are left, never below 0; `capacity` None is no limit."""
        return None if capacity is None else max(0, capacity - self.taken)


class OwnSignup(NamedTuple):
    """What somebody is told of the own sign-up: plain values, nothing to change."""

    id: int
    status: SignupStatus
    origin: SignupOrigin
    offer_ends_at: datetime | None
    cancel_reason: str
    signed_up_by_name: str

    @property
    def is_offered(self) -> bool:
        """Whether a place is held for the person: see `Signup.is_offered`."""
        return self.status is SignupStatus.WAITLISTED and self.offer_ends_at is not None


class _Asked(NamedTuple):
    """A row of `_STANDING`; the columns of `OwnSignup` and those of the rules follow it."""

    confirmed: int
    waitlisted: int
    pending: int
    offered: int
    has_quotas: bool
    is_helper: bool
    is_expected_elsewhere: bool
    has_questions: bool
    position: int
    path: str | None
    reason: str | None


@dataclass(frozen=True)
class Standing:
    """Where one person stands with one event, how full it is, and by which rules."""

    counts: Counts
    mine: OwnSignup | None
    position: int
    is_admitted: bool
    rules: Rules = field(default_factory=Rules)
    has_quotas: bool = False
    # Whether the event asks something of those who sign up.
    has_questions: bool = False
    # Whether the person may sign up family or a neighbour.
    is_helper: bool = False
    # Whether the person is expected at another event at the same time.
    is_expected_elsewhere: bool = False
    # Why the latest sign-up stands where it does.
    reason: str = ""
    # The path of the person's own branch; those who stand the same are told the same.
    path: str = field(default="", compare=False)

    @property
    def state(self) -> str:
        """The value of `data-my-signup`."""
        return self.mine.status.value if self.mine else "none"


def standing(event: Event, person: Somebody) -> Standing:
    """Return where the person stands with the event; the latest sign-up counts."""
    asked = {"event_id": event.id, "person_id": person.id, **overlap_asked(event)}
    columns = _STANDING.rows(asked)[0]
    row = _Asked._make(columns[:_OF_EVENT])
    own, rules = columns[_OF_EVENT:_OF_SIGNUP], columns[_OF_SIGNUP:]
    mine = OwnSignup._make(own) if own[0] is not None else None
    waits = mine is not None and mine.status is SignupStatus.WAITLISTED and not mine.is_offered
    return Standing(
        counts=Counts(
            confirmed=row.confirmed,
            waitlisted=row.waitlisted,
            pending=row.pending,
            offered=row.offered,
        ),
        mine=mine,
        position=row.position if waits else 0,
        is_admitted=person.id in admitted(event, [person.id]),
        rules=Rules(*rules[1:]) if rules[0] is not None else Rules(),
        has_quotas=row.has_quotas,
        is_helper=row.is_helper,
        is_expected_elsewhere=row.is_expected_elsewhere,
        has_questions=row.has_questions,
        path=row.path or "",
        reason=row.reason or "",
    )


def overview(event_id: int) -> tuple[Counts, Rules, bool]:
    """Return how full the event is, its rules, and whether units have quotas."""
    row = db.session.execute(_OVERVIEW, {"event_id": event_id}).one()
    counts = Counts(*row[:6])
    return counts, rules_of(row.SignupRules), row.has_quotas


def _numbers() -> tuple[ColumnElement[int], ...]:
    return (
        _number_of(SignupStatus.CONFIRMED).label("confirmed"),
        _number_of(SignupStatus.WAITLISTED, is_offered=False).label("waitlisted"),
        _number_of(SignupStatus.CANCELLED).label("cancelled"),
        _number_of(SignupStatus.PENDING).label("pending"),
        _number_of(SignupStatus.DECLINED).label("declined"),
        _number_of(SignupStatus.WAITLISTED, is_offered=True).label("offered"),
    )


def _has_quotas() -> ColumnElement[bool]:
    return exists().where(SignupQuota.event_id == bindparam("event_id")).label("has_quotas")


def _is_helper() -> ColumnElement[bool]:
    return (
        exists()
        .where(SignupHelper.helper_id == bindparam("person_id"), SignupHelper.revoked_at.is_(None))
        .label("is_helper")
    )


def _overview() -> Select[*tuple[Any, ...]]:
    return (
        select(*_numbers(), _has_quotas(), SignupRules)
        .select_from(Event)
        .outerjoin(SignupRules, SignupRules.event_id == Event.id)
        .where(Event.id == bindparam("event_id"))
    )


def _standing() -> Select[*tuple[Any, ...]]:
    """The columns stand as `_Asked`, `OwnSignup` and `Rules` have them."""
    latest = (
        select(func.max(Signup.id))
        .where(Signup.event_id == bindparam("event_id"), Signup.person_id == bindparam("person_id"))
        .scalar_subquery()
    )
    path = (
        select(Organisation.path)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == bindparam("person_id"), *is_own_branch())
        .scalar_subquery()
    )
    confirmed, waitlisted, _, pending, _, offered = _numbers()
    return (
        select(
            *(confirmed, waitlisted, pending, offered),
            _has_quotas(),
            _is_helper(),
            is_expected_elsewhere().label("is_expected_elsewhere"),
            exists().where(SignupQuestion.event_id == bindparam("event_id")).label("has_questions"),
            position_in_queue().label("position"),
            path.label("path"),
            last_reason().label("reason"),
        )
        .add_columns(
            *(Signup.id, Signup.status, Signup.origin, Signup.offer_ends_at),
            *(Signup.cancel_reason, Person.name),
            SignupRules.id,
            *(getattr(SignupRules, one.name) for one in fields(Rules)),
        )
        .select_from(Event)
        .outerjoin(Signup, Signup.id == latest)
        .outerjoin(SignupRules, SignupRules.event_id == Event.id)
        .outerjoin(Person, Person.id == Signup.signed_up_by_id)
        .where(Event.id == bindparam("event_id"))
    )


def is_own_branch() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a membership is that of the person's own branch."""
    return Membership.kind == MembershipKind.PRIMARY, Membership.valid_to.is_(None)


def last_reason() -> ColumnElement[str]:
    """Return why a sign-up stands where it does: the sentence of its last move."""
    return (
        select(SignupMove.reason)
        .where(SignupMove.signup_id == Signup.id)
        .order_by(SignupMove.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def signup_of(event: Event, person: Somebody) -> Signup | None:
    """Return the person's latest sign-up to the event, whatever its state."""
    return db.session.scalar(
        select(Signup)
        .where(Signup.event_id == event.id, Signup.person_id == person.id)
        .order_by(Signup.id.desc())
        .limit(1)
    )


def my_signups(person: Somebody, *, upcoming: bool, limit: int = 50) -> Sequence[Signup]:
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


def events_signed_up_to(person: Somebody) -> Select[int]:
    """Select the ids of the events on whose list the person is or once was."""
    return select(Signup.event_id).where(Signup.person_id == person.id)


def counts(event_ids: Collection[int]) -> dict[int, Counts]:
    """Return how many stand where, for each of these events (all have an entry)."""
    numbers: dict[int, dict[str, int]] = {event_id: {} for event_id in event_ids}
    rows = _COUNTS.rows({"event_ids": list(event_ids)})
    for event_id, status, is_offered, number in rows:
        numbers[event_id]["offered" if is_offered else status.value] = number
    return {event_id: Counts(**found) if found else _NOBODY for event_id, found in numbers.items()}


def _number_of(status: SignupStatus, *, is_offered: bool | None = None) -> ColumnElement[int]:
    other = aliased(Signup)
    wanted = (
        select(func.count())
        .select_from(other)
        .where(other.event_id == bindparam("event_id"), other.status == status)
    )
    if is_offered is not None:
        wanted = wanted.where(other.offer_ends_at.is_not(None) == is_offered)
    return wanted.scalar_subquery()


def position_in_queue() -> ColumnElement[int]:
    """Return how many wait up to and including a sign-up, without those with an open offer."""
    other = aliased(Signup)
    return (
        select(func.count())
        .select_from(other)
        .where(
            other.event_id == Signup.event_id,
            other.status == SignupStatus.WAITLISTED,
            other.offer_ends_at.is_(None),
            or_(
                other.precedence > Signup.precedence,
                and_(other.precedence == Signup.precedence, other.id <= Signup.id),
            ),
        )
        .scalar_subquery()
    )


# How many columns of `_STANDING` come before those of the sign-up, and before the rules.
_OF_EVENT = len(_Asked._fields)
_OF_SIGNUP = _OF_EVENT + len(OwnSignup._fields)
_NOBODY = Counts()
# Asked at every event page, list and sign-up: built once.
_STANDING = Ready(_standing())
_OVERVIEW = _overview()
_IS_OFFERED = and_(Signup.status == SignupStatus.WAITLISTED, Signup.offer_ends_at.is_not(None))
_COUNTS = Ready(
    select(Signup.event_id, Signup.status, _IS_OFFERED, func.count())
    .where(one_of(Signup.event_id, "event_ids"))
    .group_by(Signup.event_id, Signup.status, _IS_OFFERED)
)
