"""Who may sign up whom, and until when, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.events.models import Audience, Event, EventState
from portal.people.models import Membership, Organisation, Person, Role, RoleGrant
from portal.signups import policies
from portal.signups.models import Signup, SignupOrigin, SignupStatus

START = datetime(2026, 12, 3, 6, 30, tzinfo=UTC)  # 14:30 in China
DEADLINE = START - timedelta(days=1)
OPENING = START - timedelta(days=7)

STREET = Organisation(id=1, path="/S/")
COMMUNITY = Organisation(id=2, path="/S/C/")
BRANCH = Organisation(id=3, path="/S/C/B/")
ELSEWHERE = Organisation(id=4, path="/S/D/")


def an_event(**values: object) -> Event:
    return Event(
        **{
            "id": 1,
            "state": EventState.PUBLISHED,
            "audience": Audience.OPEN,
            "host": COMMUNITY,
            "starts_at": START,
            "ends_at": START + timedelta(hours=2),
            "signup_opens_at": OPENING,
            "signup_closes_at": DEADLINE,
            **values,
        }
    )


def somebody(role: Role | None = None, over: Organisation | None = None, number: int = 1) -> Person:
    grants = [RoleGrant(role=role, organisation=over)] if role else []
    return Person(id=number, grants=grants)


def of(organisation: Organisation) -> list[Membership]:
    return [Membership(organisation=organisation)]


@pytest.mark.parametrize(
    ("moment", "state", "takes"),
    [
        (OPENING - timedelta(seconds=1), EventState.PUBLISHED, False),
        (OPENING, EventState.PUBLISHED, True),
        (DEADLINE - timedelta(seconds=1), EventState.PUBLISHED, True),
        (DEADLINE, EventState.PUBLISHED, False),
        (START, EventState.PUBLISHED, False),
        (OPENING, EventState.DRAFT, False),
        (OPENING, EventState.POSTPONED, False),
        (OPENING, EventState.CANCELLED, False),
        (OPENING, EventState.ENDED, False),
        (OPENING, EventState.RECORDED, False),
        (OPENING, EventState.ARCHIVED, False),
    ],
)
def test_signing_up_has_its_time(moment: datetime, state: EventState, takes: bool) -> None:
    assert policies.takes_signups(an_event(state=state), moment) is takes


def test_without_a_deadline_signing_up_ends_at_the_start() -> None:
    event = an_event(signup_closes_at=None, signup_opens_at=None)
    assert policies.takes_signups(event, START - timedelta(seconds=1))
    assert not policies.takes_signups(event, START)


def test_a_deadline_after_the_start_is_the_start() -> None:
    event = an_event(signup_closes_at=START + timedelta(hours=1))
    assert policies.closes_at(event) == START


@pytest.mark.parametrize(
    ("moment", "by_itself", "by_host"),
    [
        (DEADLINE - timedelta(seconds=1), True, True),
        (DEADLINE, False, True),
        (START - timedelta(seconds=1), False, True),
        (START, False, False),
    ],
)
def test_the_list_moves_up_by_itself_until_the_deadline_and_by_the_host_until_the_start(
    moment: datetime, by_itself: bool, by_host: bool
) -> None:
    assert policies.moves_up_by_itself(an_event(), moment) is by_itself
    assert policies.may_be_moved_up(an_event(), moment) is by_host


@pytest.mark.parametrize("state", [state for state in EventState if state != "published"])
def test_nobody_moves_up_in_an_event_that_is_not_on(state: EventState) -> None:
    assert not policies.moves_up_by_itself(an_event(state=state), OPENING)
    assert not policies.may_be_moved_up(an_event(state=state), OPENING)


@pytest.mark.parametrize(
    ("status", "origin", "moment", "state", "can"),
    [
        (SignupStatus.CONFIRMED, SignupOrigin.SELF, OPENING, EventState.PUBLISHED, True),
        (SignupStatus.WAITLISTED, SignupOrigin.SELF, OPENING, EventState.PUBLISHED, True),
        (SignupStatus.PENDING, SignupOrigin.ON_BEHALF, OPENING, EventState.PUBLISHED, True),
        (SignupStatus.CANCELLED, SignupOrigin.SELF, OPENING, EventState.PUBLISHED, False),
        (SignupStatus.DECLINED, SignupOrigin.SELF, OPENING, EventState.PUBLISHED, False),
        (SignupStatus.CONFIRMED, SignupOrigin.SELF, DEADLINE, EventState.PUBLISHED, True),
        (SignupStatus.CONFIRMED, SignupOrigin.SELF, START, EventState.PUBLISHED, False),
        (SignupStatus.CONFIRMED, SignupOrigin.WALK_IN, START, EventState.PUBLISHED, True),
        (SignupStatus.CONFIRMED, SignupOrigin.WALK_IN, START, EventState.ENDED, True),
        (SignupStatus.CONFIRMED, SignupOrigin.WALK_IN, START, EventState.RECORDED, False),
    ],
)
def test_what_can_be_cancelled(
    status: SignupStatus, origin: SignupOrigin, moment: datetime, state: EventState, can: bool
) -> None:
    signup = Signup(status=status, origin=origin)
    assert policies.can_be_cancelled(signup, an_event(state=state), moment) is can


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (somebody(number=7), True),  # the person
        (somebody(number=8), True),  # who signed the person up
        (somebody(number=9), False),
        (somebody(Role.COMMUNITY_SECRETARY, COMMUNITY, 9), True),  # hosts the event
        (somebody(Role.OFFICE, STREET, 9), True),  # above the host
        (somebody(Role.COMMUNITY_SECRETARY, ELSEWHERE, 9), True),  # answers for the person
        (somebody(Role.RECORDER, BRANCH, 9), False),  # below the host, not of the person
        (somebody(Role.SITE_KEEPER, COMMUNITY, 9), False),
        (somebody(Role.SYSTEM_ADMINISTRATOR, None, 7), False),
    ],
)
def test_who_may_cancel_a_sign_up(actor: Person, may: bool) -> None:
    signup = Signup(person_id=7, signed_up_by_id=8)
    assert policies.may_cancel(actor, signup, an_event(), of(ELSEWHERE)) is may


@pytest.mark.parametrize(
    ("role", "over", "may"),
    [
        (Role.BRANCH_SECRETARY, BRANCH, True),
        (Role.RECORDER, BRANCH, True),
        (Role.COMMUNITY_SECRETARY, COMMUNITY, True),
        (Role.OFFICE, STREET, True),
        (Role.COMMUNITY_SECRETARY, ELSEWHERE, False),
        (Role.SITE_KEEPER, STREET, False),
        (Role.VISITING_CHIEF, STREET, False),
        (Role.SYSTEM_ADMINISTRATOR, None, False),
        (None, None, False),
    ],
)
def test_who_answers_for_the_people_of_a_branch(
    role: Role | None, over: Organisation | None, may: bool
) -> None:
    assert policies.may_answer_for(somebody(role, over), of(BRANCH)) is may


def test_nobody_answers_for_who_has_left() -> None:
    left = [Membership(organisation=BRANCH, valid_to=datetime(2020, 1, 1, tzinfo=UTC).date())]
    assert not policies.may_answer_for(somebody(Role.OFFICE, STREET), left)


@pytest.mark.parametrize(
    ("moment", "state", "takes"),
    [
        (datetime(2026, 12, 2, 15, 59, tzinfo=UTC), EventState.PUBLISHED, False),  # the eve
        (datetime(2026, 12, 2, 16, 0, tzinfo=UTC), EventState.PUBLISHED, True),  # 0:00 in China
        (START + timedelta(hours=1), EventState.PUBLISHED, True),
        (START + timedelta(days=3), EventState.ENDED, True),
        (START + timedelta(days=3), EventState.RECORDED, False),
        (START, EventState.CANCELLED, False),
    ],
)
def test_walk_ins_are_taken_from_the_morning_until_the_roll_is_confirmed(
    moment: datetime, state: EventState, takes: bool
) -> None:
    assert policies.takes_walk_ins(an_event(state=state), moment) is takes
