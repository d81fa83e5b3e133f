"""Who may, as truth tables: roles against one's own part of the tree and another's."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.people import policies
from portal.people.directory_queries import person_to_change
from portal.people.models import Membership, Organisation, Person, Role
from tests.factories import Street, commit, grant

EVERYBODY = (
    *("office", "secretary", "secretary2", "branch", "recorder", "keeper", "officer", "visitor"),
    *("sysadmin", "secadmin", "auditor", "a"),
)


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def reader(street: Street, who: str) -> Person:
    """Return somebody with grants, as a request has the reader."""
    return person_to_change(getattr(street, who).id)


def relations_of(person: Person) -> list[Membership]:
    return person_to_change(person.id).present_memberships(clock.today())


def those_who(street: Street, may: object) -> set[str]:
    return {who for who in EVERYBODY if may(reader(street, who))}  # type: ignore[operator]


def test_who_lists_people(street: Street) -> None:
    assert those_who(street, policies.may_list_people) == {
        *("office", "secretary", "secretary2", "branch", "recorder")
    }


def test_who_founds_organisations(street: Street) -> None:
    assert those_who(street, policies.may_found_organisations) == {"office", "sysadmin"}


def test_who_imports_organisations_and_who_imports_people(street: Street) -> None:
    assert those_who(street, policies.may_import_organisations) == {"office", "sysadmin"}
    assert those_who(street, policies.may_import_people) == {"office", "secretary", "secretary2"}


@pytest.mark.parametrize(
    ("place", "seeing", "keeping", "listing"),
    [
        (
            "branch_one",
            {"office", "secretary", "branch", "recorder", "sysadmin"},
            {"office", "secretary", "branch"},
            {"office", "secretary", "branch", "recorder"},
        ),
        (
            "branch_two",
            {"office", "secretary", "sysadmin"},
            {"office", "secretary"},
            {"office", "secretary"},
        ),
        (
            "branch_far",
            {"office", "secretary2", "sysadmin"},
            {"office", "secretary2"},
            {"office", "secretary2"},
        ),
        ("street", {"office", "sysadmin"}, {"office"}, {"office"}),
    ],
)
def test_who_sees_an_organisation_and_keeps_its_people(
    street: Street, place: str, seeing: set[str], keeping: set[str], listing: set[str]
) -> None:
    over: Organisation = getattr(street, place)
    assert those_who(street, lambda one: policies.may_see_organisation(one, over)) == seeing
    assert those_who(street, lambda one: policies.may_keep_people(one, over)) == keeping
    assert those_who(street, lambda one: policies.may_list_members(one, over)) == listing
    assert those_who(street, lambda one: policies.may_add_guest(one, over)) == listing
    assert those_who(street, lambda one: policies.may_keep_organisation(one, over)) == {
        *("office", "sysadmin")
    }


@pytest.mark.parametrize(
    ("whom", "seeing", "editing"),
    [
        (
            "a",
            {"office", "secretary", "branch", "recorder", "a"},
            {"office", "secretary", "branch"},
        ),
        ("c", {"office", "secretary"}, {"office", "secretary"}),
        ("d", {"office", "secretary2"}, {"office", "secretary2"}),
        ("officer", {"officer"}, set()),
    ],
)
def test_who_sees_and_edits_a_person(
    street: Street, whom: str, seeing: set[str], editing: set[str]
) -> None:
    person: Person = getattr(street, whom)
    held = relations_of(person)
    assert those_who(street, lambda one: policies.may_see_person(one, held, person)) == seeing
    assert those_who(street, lambda one: policies.may_see_phone(one, held, person)) == seeing
    assert those_who(street, lambda one: policies.may_edit_person(one, held)) == editing


def test_an_administrator_sees_no_business_data_whatever_other_duty(street: Street) -> None:
    grant(street.sysadmin, Role.OFFICE, street.street)
    commit()
    both = reader(street, "sysadmin")
    assert not policies.may_list_people(both)
    assert not policies.may_import_people(both)
    assert not policies.may_list_members(both, street.branch_one)
    assert not policies.may_see_person(both, relations_of(street.a), street.a)
    assert policies.may_see_organisation(both, street.branch_one)


def test_a_duty_that_has_ended_opens_nothing(street: Street) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for held in reader(street, "secretary").grants:
        held.valid_to = yesterday
    commit()
    former = reader(street, "secretary")
    assert not policies.may_list_people(former)
    assert not policies.may_keep_people(former, street.branch_one)


def test_the_primary_branch_keeps_the_record_and_the_last_one_of_who_left(street: Street) -> None:
    today = clock.today()
    person = person_to_change(street.d.id)
    db.session.add(
        Membership(
            person_id=person.id,
            organisation_id=street.branch_one.id,
            kind="participating",
            valid_from=date(2024, 1, 1),
        )
    )
    commit()
    person = person_to_change(street.d.id)
    assert len(person.present_memberships(today)) == 2
    assert [one.organisation_id for one in person.keeping_memberships(today)] == [
        street.branch_far.id
    ]
    person.memberships[0].valid_to = today - timedelta(days=5)
    commit()
    person = person_to_change(street.d.id)
    assert [one.organisation_id for one in person.keeping_memberships(today)] == [
        street.branch_one.id
    ]
    person.memberships[1].valid_to = today - timedelta(days=9)
    commit()
    person = person_to_change(street.d.id)
    assert [one.organisation_id for one in person.present_memberships(today)] == [
        street.branch_far.id
    ], "whoever was left last keeps the record"
