"""Registering those who come without having signed up."""

from dataclasses import dataclass
from datetime import timedelta

from portal import clock
from portal.audit import services as audit
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people.models import Participation, Person
from portal.people.naming import name_fault, written_name
from portal.people.services.persons import Facts, create_person
from portal.signups import policies, queries, seats
from portal.signups.errors import SignupRefusedError
from portal.signups.models import LIVE, Signup, SignupOrigin, SignupStatus
from portal.signups.services.rows import log_move, new_row, write

# Nobody says and types the next name in so short a time.
PRESSED_TWICE = timedelta(seconds=5)
NOT_NOW = "现场登记在活动当天进行，名册确认后就不能再登记。"


@dataclass(frozen=True)
class WalkIn:
    """A registered walk-in: whether the person was on the list, and whether it is over full."""

    signup: Signup
    was_signed_up: bool
    is_over_capacity: bool


def register_walk_in(*, event: Event, person: Person, actor: Person) -> WalkIn:
    """Put somebody who came without a place on the list, over capacity too.

    Who waits gets the place; who has one keeps it. Raises SignupRefusedError before the day
    of the event and once its roll is confirmed.
    """
    standing = seats.look(event, lambda: queries.standing(event, person))
    if not policies.takes_walk_ins(event, clock.now()):
        raise SignupRefusedError(NOT_NOW)
    mine = queries.signup_of(event, person) if standing.mine is not None else None
    if mine is not None and mine.status is SignupStatus.CONFIRMED:
        return WalkIn(mine, was_signed_up=True, is_over_capacity=False)
    number = standing.counts.taken + (0 if mine is not None and mine.is_offered else 1)
    is_over = event.capacity is not None and number > event.capacity
    over = f"，超出名额（{number}/{event.capacity}）" if is_over else ""
    before = mine.status if mine is not None and mine.status in LIVE else None
    if mine is not None and before is not None:
        mine.status = SignupStatus.CONFIRMED
        mine.confirmed_at = clock.now()
        mine.offer_ends_at = None
        log_move(mine, before, reason=f"本人到场，由{before.label}转为已报名{over}", actor=actor)
    else:
        mine = new_row(
            event=event,
            person=person,
            actor=actor,
            origin=SignupOrigin.WALK_IN,
            status=SignupStatus.CONFIRMED,
        )
        write([mine])
        log_move(mine, None, reason=f"现场登记{over}", actor=actor)
    audit.record(
        "signup.walk_in",
        mine,
        actor=actor,
        event_id=event.id,
        person_id=person.id,
        over_capacity=is_over,
    )
    return WalkIn(mine, was_signed_up=before is not None, is_over_capacity=is_over)


def register_guest(*, event: Event, name: str, unit: str, phone: str, actor: Person) -> WalkIn:
    """Register somebody from outside the roster (event with host): a name suffices.

    The same name with the same phone is the same person; the same name and unit without one,
    by the same actor within some seconds, is the same press of the button. Raises
    InvalidInputError for a name that is none, SignupRefusedError as `register_walk_in`.
    """
    name = written_name(name).name
    fault = name_fault(name)
    if fault is not None:
        raise InvalidInputError(f"{fault}。", field="name")
    if not policies.takes_walk_ins(event, clock.now()):
        raise SignupRefusedError(NOT_NOW)
    pressed_twice = None if phone else _just_registered(event, name, unit, actor)
    if pressed_twice is not None:
        return WalkIn(pressed_twice, was_signed_up=True, is_over_capacity=False)
    guest = queries.find_by_name_and_phone(name, phone) or create_person(
        facts=Facts(name=name, phone=phone, work_unit=unit),
        organisation=event.host,
        participation=Participation.GUEST,
        since=clock.today(),
        actor=actor,
    )
    return register_walk_in(event=event, person=guest, actor=actor)


def take_back_walk_in(*, event: Event, person_id: int, into: str, actor: Person) -> None:
    """End a registration at the door of somebody who turned out to be on the list already."""
    for signup in queries.walk_ins_of(event.id, person_id, status=SignupStatus.CONFIRMED):
        signup.status, signup.cancelled_at = SignupStatus.CANCELLED, clock.now()
        signup.cancel_reason = f"就是名册上的{into}，并入"
        log_move(signup, SignupStatus.CONFIRMED, reason=signup.cancel_reason, actor=actor)


def restore_walk_in(*, event: Event, person_id: int, actor: Person) -> None:
    """Take back `take_back_walk_in`: the person was somebody else after all."""
    for signup in queries.walk_ins_of(event.id, person_id, status=SignupStatus.CANCELLED)[-1:]:
        signup.status, signup.cancelled_at = SignupStatus.CONFIRMED, None
        signup.cancel_reason = ""
        reason = "撤销合并，仍按现场登记"
        log_move(signup, SignupStatus.CANCELLED, reason=reason, actor=actor)


def _just_registered(event: Event, name: str, unit: str, actor: Person) -> Signup | None:
    since = clock.now() - PRESSED_TWICE
    return queries.find_walk_in(event.id, name=name, unit=unit, actor_id=actor.id, since=since)
