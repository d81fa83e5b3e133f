"""Who may ask for leave, decide on it, and write down what was made up: pure predicates."""

from collections.abc import Collection
from datetime import datetime, timedelta

from portal.attendance.policies import has_roll, may_run_roll
from portal.events.models import Event, EventState
from portal.leaves.models import LeaveRequest, LeaveState
from portal.people.models import Membership
from portal.people.policies import is_administrator, is_host_somewhere
from portal.people.readers import Somebody
from portal.signups.policies import may_answer_for

# DOMAIN 2.5: late requests are possible and marked so; after a week the roll has been filed.
ASKED_UNTIL = timedelta(days=7)


def takes_requests(event: Event, moment: datetime) -> bool:
    """From the publication until a week after the end, unless the records are filed."""
    return (
        has_roll(event)
        and event.state is not EventState.ARCHIVED
        and moment < event.ends_at + ASKED_UNTIL
    )


def may_host_leaves(person: Somebody, event: Event) -> bool:
    """Whoever runs the roll sees all requests and enters those that come by telephone."""
    return may_run_roll(person, event)


def may_open_tab(person: Somebody, event: Event) -> bool:
    """Hosts are offered the leaves of an event that can have a roll."""
    return has_roll(event) and may_host_leaves(person, event)


def may_decide_somewhere(person: Somebody) -> bool:
    """Those who run events for some organisation are asked about its people's leave."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_decide(
    person: Somebody, request: LeaveRequest, memberships: Collection[Membership]
) -> bool:
    """The host of the event, or who answers for the asking person; nobody on their own."""
    return person.id != request.person_id and (
        may_host_leaves(person, request.event) or may_answer_for(person, memberships)
    )


def may_withdraw(person: Somebody, request: LeaveRequest, event: Event, moment: datetime) -> bool:
    """Oneself: while it waits, and a granted one until its event begins."""
    if person.id != request.person_id:
        return False
    return request.state is LeaveState.PENDING or (
        request.state is LeaveState.GRANTED and moment < event.starts_at
    )


def may_take_back(
    person: Somebody, request: LeaveRequest, memberships: Collection[Membership]
) -> bool:
    """Who may decide may also take back a leave that was granted by mistake."""
    return request.state is LeaveState.GRANTED and may_decide(person, request, memberships)
