"""Who may ask, decide and take back: truth tables."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.events.models import Event, EventState
from portal.leaves import policies
from portal.leaves.models import LeaveRequest, LeaveState
from portal.people.models import Membership, MembershipKind, Organisation, Person, Role, RoleGrant

NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHANTOU = Organisation(id=1, path="/1/")
ONE = Organisation(id=2, path="/1/2/")
FAR = Organisation(id=3, path="/3/")


def person(number: int, role: Role | None = None, over: Organisation | None = None) -> Person:
    grants = [RoleGrant(role=role, organisation=over)] if role else []
    return Person(id=number, grants=grants)


def request_of(who: Person, state: LeaveState = LeaveState.PENDING) -> LeaveRequest:
    event = Event(host=SHANTOU, host_id=1, starts_at=NINE, ends_at=NINE + HOUR)
    event.state = EventState.PUBLISHED
    return LeaveRequest(person_id=who.id, state=state, event=event)


def member_of(branch: Organisation) -> list[Membership]:
    return [Membership(organisation=branch, kind=MembershipKind.PRIMARY)]


@pytest.mark.parametrize(
    ("state", "moment", "takes"),
    [
        (EventState.DRAFT, NINE - HOUR, False),
        (EventState.PUBLISHED, NINE - 48 * HOUR, True),
        (EventState.PUBLISHED, NINE + HOUR, True),
        (EventState.ENDED, NINE + 2 * HOUR, True),
        (EventState.RECORDED, NINE + 7 * 24 * HOUR, True),
        (EventState.RECORDED, NINE + 7 * 24 * HOUR + HOUR, False),
        (EventState.ARCHIVED, NINE + 2 * HOUR, False),
        (EventState.CANCELLED, NINE - HOUR, False),
        (EventState.POSTPONED, NINE - HOUR, False),
    ],
)
def test_leave_is_asked_for_from_the_publication_until_a_week_after_the_end(
    state: EventState, moment: datetime, takes: bool
) -> None:
    event = Event(state=state, starts_at=NINE, ends_at=NINE + HOUR)
    assert policies.takes_requests(event, moment) is takes


@pytest.mark.parametrize(
    ("actor", "branch", "may"),
    [
        (person(1, Role.COMMUNITY_SECRETARY, SHANTOU), FAR, True),  # hosts the event
        (person(1, Role.BRANCH_SECRETARY, ONE), ONE, True),  # answers for the person
        (person(1, Role.BRANCH_SECRETARY, FAR), FAR, True),
        (person(1, Role.BRANCH_SECRETARY, FAR), ONE, False),
        (person(1, Role.SITE_KEEPER, SHANTOU), ONE, False),
        (person(1, Role.SYSTEM_ADMINISTRATOR), ONE, False),
        (person(1), ONE, False),
        (person(7, Role.COMMUNITY_SECRETARY, SHANTOU), ONE, False),  # one's own
    ],
)
def test_the_host_and_ones_own_organisation_decide_and_nobody_on_their_own(
    actor: Person, branch: Organisation, may: bool
) -> None:
    request = request_of(person(7))
    assert policies.may_decide(actor, request, member_of(branch)) is may
    granted = request_of(person(7), LeaveState.GRANTED)
    assert policies.may_take_back(actor, granted, member_of(branch)) is may


@pytest.mark.parametrize(
    ("state", "moment", "own", "other"),
    [
        (LeaveState.PENDING, NINE - HOUR, True, False),
        (LeaveState.PENDING, NINE + HOUR, True, False),
        (LeaveState.GRANTED, NINE - HOUR, True, False),
        (LeaveState.GRANTED, NINE, False, False),
        (LeaveState.REFUSED, NINE - HOUR, False, False),
        (LeaveState.WITHDRAWN, NINE - HOUR, False, False),
    ],
)
def test_one_withdraws_what_waits_and_what_was_granted_until_the_start(
    state: LeaveState, moment: datetime, own: bool, other: bool
) -> None:
    request = request_of(person(7), state)
    assert policies.may_withdraw(person(7), request, request.event, moment) is own
    assert policies.may_withdraw(person(8), request, request.event, moment) is other
