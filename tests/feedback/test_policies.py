"""Who runs, answers, writes: as tables."""

import pytest

from portal.events.models import Event, EventState
from portal.feedback import policies
from portal.people.models import Organisation, Person, Role, RoleGrant

STREET = Organisation(id=1, path="/S/")
COMMUNITY = Organisation(id=2, path="/S/C/")
BRANCH = Organisation(id=3, path="/S/C/B/")
ELSEWHERE = Organisation(id=4, path="/S/D/")
ASKABLE = {EventState.PUBLISHED, EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED}


def somebody(*held: tuple[Role, Organisation | None]) -> Person:
    return Person(id=1, grants=[RoleGrant(role=role, organisation=over) for role, over in held])


@pytest.mark.parametrize(
    ("person", "may"),
    [
        (somebody((Role.OFFICE, STREET)), True),
        (somebody((Role.COMMUNITY_SECRETARY, COMMUNITY)), True),
        (somebody((Role.RECORDER, COMMUNITY)), True),
        (somebody((Role.BRANCH_SECRETARY, BRANCH)), False),
        (somebody((Role.COMMUNITY_SECRETARY, ELSEWHERE)), False),
        (somebody((Role.SITE_KEEPER, COMMUNITY)), False),
        (somebody((Role.OFFICE, STREET), (Role.AUDITOR, None)), False),
        (somebody((Role.SYSTEM_ADMINISTRATOR, None)), False),
        (somebody(), False),
    ],
)
def test_hosts_and_those_above_run_feedback_and_keep_templates(person: Person, may: bool) -> None:
    event = Event(state=EventState.RECORDED, host=COMMUNITY)
    assert policies.may_run(person, event) is may
    assert policies.may_open_tab(person, event) is may
    assert policies.may_keep_template(person, COMMUNITY) is may


@pytest.mark.parametrize("state", EventState)
def test_only_what_takes_place_is_asked_about(state: EventState) -> None:
    event = Event(state=state, host=COMMUNITY)
    assert policies.can_be_asked_about(event) is (state in ASKABLE)
    assert policies.may_open_tab(somebody((Role.OFFICE, STREET)), event) is (state in ASKABLE)
    assert policies.may_answer(event, has_come=True) is (state in ASKABLE)
    assert not policies.may_answer(event, has_come=False)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        (somebody((Role.RECORDER, BRANCH)), True),
        (somebody((Role.OFFICER, STREET)), False),
        (somebody((Role.RECORDER, BRANCH), (Role.SECURITY_ADMINISTRATOR, None)), False),
        (somebody(), False),
    ],
)
def test_those_who_run_events_write_templates(person: Person, may: bool) -> None:
    assert policies.may_write_templates(person) is may
