"""Who may sign up, whom, and until when: pure predicates."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from portal import clock
from portal.events.models import Audience, Event, EventState
from portal.events.policies import may_host
from portal.people.models import Membership
from portal.people.policies import (
    HOSTS,
    holds,
    is_administrator,
    is_host_somewhere,
    may_edit_person,
)
from portal.people.readers import Somebody
from portal.signups.models import LIVE, Signup, SignupOrigin, SignupStatus
from portal.signups.rules import Rules


class Kept(Protocol):
    """A sign-up, or what somebody is told of it."""

    @property
    def status(self) -> SignupStatus: ...
    @property
    def origin(self) -> SignupOrigin: ...


# What a list still answers for: afterwards only corrections of the roll are made.
_OPEN_STATES = frozenset({EventState.PUBLISHED, EventState.ENDED})


def may_manage(person: Somebody, event: Event) -> bool:
    """Whoever hosts the event sees its list, removes with a reason, registers walk-ins."""
    return may_host(person, event)


def may_open_tab(person: Somebody, event: Event) -> bool:
    """Hosts are offered the list where people sign up: that of the whole, not of a session."""
    return event.part_of_id is None and may_manage(person, event)


def may_sign_up_others(person: Somebody) -> bool:
    """Those who run events for some organisation sign up its people."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_answer_for(actor: Somebody, memberships: Collection[Membership]) -> bool:
    """One answers for people who belong, by any relation open today, to one's part of the tree."""
    today = clock.today()
    return not is_administrator(actor) and any(
        membership.is_open_on(today) and holds(actor, HOSTS, membership.organisation)
        for membership in memberships
    )


def may_keep_helpers(actor: Somebody, keeping: Collection[Membership]) -> bool:
    """Who helps somebody to sign up is said by the secretaries who keep that record."""
    return may_edit_person(actor, keeping)


def may_sign_up_for(
    actor: Somebody, memberships: Collection[Membership], *, is_helper: bool
) -> bool:
    """Who answers for the person; or family or a neighbour, as the branch has written down."""
    return may_answer_for(actor, memberships) or (is_helper and not is_administrator(actor))


def may_cancel(
    actor: Somebody,
    signup: Signup,
    event: Event,
    memberships: Collection[Membership],
    *,
    is_helper: bool = False,
) -> bool:
    """Oneself; who hosts the event; who signed the person up, or may sign the person up."""
    if is_administrator(actor):
        return False
    return (
        actor.id in {signup.person_id, signup.signed_up_by_id}
        or may_manage(actor, event)
        or may_sign_up_for(actor, memberships, is_helper=is_helper)
    )


def takes_signups(event: Event, moment: datetime) -> bool:
    """Published, after the opening, before the deadline and the start; a session takes none."""
    if event.part_of_id is not None:
        return False
    opened = event.signup_opens_at is None or event.signup_opens_at <= moment
    return event.state is EventState.PUBLISHED and opened and moment < closes_at(event)


def closes_at(event: Event) -> datetime:
    """Return when signing up ends: the deadline, and in any case the start."""
    return event.signup_closes()


def moves_up_by_itself(event: Event, moment: datetime) -> bool:
    """The waiting list moves up by itself until sign-up closes: no surprise after that."""
    return event.state is EventState.PUBLISHED and moment < closes_at(event)


def may_be_moved_up(event: Event, moment: datetime) -> bool:
    """After the deadline the host may still move the list up, until the event begins."""
    return event.state is EventState.PUBLISHED and moment < event.starts_at


def can_be_cancelled(signup: Kept, event: Event, moment: datetime) -> bool:
    """Until the event begins; a walk-in registered by mistake until the roll is confirmed."""
    if signup.status not in LIVE:
        return False
    if signup.origin is SignupOrigin.WALK_IN:
        return event.state in _OPEN_STATES
    return moment < event.starts_at


def can_be_cancelled_alone(signup: Kept, rules: Rules, event: Event, moment: datetime) -> bool:
    """A place is given back without the host until the deadline; waiting ends at any time."""
    if signup.status is not SignupStatus.CONFIRMED or signup.origin is SignupOrigin.WALK_IN:
        return True
    return moment < rules.cancel_closes_at(event)


def may_answer_offer(actor: Somebody, signup: Signup, event: Event) -> bool:
    """Oneself; who signed the person up; who hosts the event, for somebody who called."""
    if is_administrator(actor):
        return False
    return actor.id in {signup.person_id, signup.signed_up_by_id} or may_manage(actor, event)


def offer_is_open(signup: Signup, event: Event, moment: datetime) -> bool:
    """An offer is answered until its end, and never after the event has begun."""
    if signup.offer_ends_at is None:
        return False
    return moment < min(signup.offer_ends_at, event.starts_at)


def takes_guests(event: Event) -> bool:
    """Whoever is on no roster may be signed up only where anybody may come."""
    return event.audience is Audience.OPEN


def takes_walk_ins(event: Event, moment: datetime) -> bool:
    """From the morning of the day of the event until its roll is confirmed."""
    on_the_day = clock.local(moment).date() >= clock.local(event.starts_at).date()
    return event.state in _OPEN_STATES and on_the_day
