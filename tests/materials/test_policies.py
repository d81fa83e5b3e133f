"""Who may do what with a material: truth tables, and the same answers from the database."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from portal.database import db
from portal.events.models import Audience, EventMaterial, EventState
from portal.materials import policies, queries
from portal.materials.models import Material
from portal.people.models import Person, RoleGrant
from tests import factories
from tests.factories import Street
from tests.materials.conftest import Put

EVERYBODY = {
    *("office", "secretary", "secretary2", "branch", "recorder", "keeper", "officer", "visitor"),
    *("sysadmin", "secadmin", "auditor", "a", "c", "d"),
}


def known(street: Street, name: str) -> Person:
    """The person as policies need it."""
    to_grants = selectinload(Person.grants).joinedload(RoleGrant.organisation)
    wanted = select(Person).where(Person.id == getattr(street, name).id).options(to_grants)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def allowed(street: Street, policy: object, material: Material) -> set[str]:
    return {name for name in EVERYBODY if policy(known(street, name), material)}  # type: ignore[operator]


@pytest.mark.parametrize(
    ("owner", "keepers", "users"),
    [
        (
            "street",
            {"office"},
            {"office", "secretary", "secretary2", "branch", "recorder"},
        ),
        ("shantou", {"office", "secretary"}, {"office", "secretary", "branch", "recorder"}),
        (
            "branch_one",
            {"office", "secretary", "branch", "recorder"},
            {"office", "secretary", "branch", "recorder"},
        ),
        ("branch_two", {"office", "secretary"}, {"office", "secretary"}),
        ("haikou", {"office", "secretary2"}, {"office", "secretary2"}),
    ],
)
def test_hosts_keep_what_lies_in_their_part_and_use_what_stands_above(
    any_database: str, street: Street, put: Put, owner: str, keepers: set[str], users: set[str]
) -> None:
    material = put(owner=getattr(street, owner), actor=street.office)
    assert allowed(street, policies.may_keep, material) == keepers
    assert allowed(street, policies.may_use, material) == users
    by_database = {
        name
        for name in EVERYBODY
        if queries.materials_usable_by(known(street, name), [material.id])
    }
    assert by_database == users


def test_a_site_keeper_keeps_own_files_and_reads_no_others(street: Street, put: Put) -> None:
    theirs, own = put(), put(b"own text", "x.txt", actor=street.keeper)
    keeper = known(street, "keeper")
    assert not policies.may_use(keeper, theirs)
    assert policies.may_keep(keeper, own)
    assert queries.materials_usable_by(keeper, [theirs.id, own.id]) == [own]


def test_an_officer_has_the_own_files_and_keeps_no_library(street: Street, put: Put) -> None:
    theirs, own = put(), put(b"own text", "x.txt", actor=street.officer)
    officer = known(street, "officer")
    assert not policies.may_use(officer, theirs)
    assert policies.may_use(officer, own)
    assert not policies.may_keep(officer, own)
    assert not policies.may_upload_for(officer, street.shantou)
    assert queries.materials_usable_by(officer, [theirs.id, own.id]) == [own]


def test_who_has_lost_the_duty_keeps_nothing(street: Street, put: Put) -> None:
    material = put(actor=street.branch, owner=street.branch_one)
    db.session.execute(delete(RoleGrant))
    db.session.commit()
    branch = known(street, "branch")
    assert not policies.may_keep(branch, material)


@pytest.mark.parametrize(
    ("audience", "state", "readers"),
    [
        (Audience.OPEN, EventState.PUBLISHED, EVERYBODY - {"sysadmin", "secadmin", "auditor"}),
        (Audience.INVITED, EventState.PUBLISHED, {"office", "secretary", "branch", "recorder"}),
        (Audience.OPEN, EventState.DRAFT, {"office", "secretary", "branch", "recorder"}),
    ],
)
def test_whoever_sees_the_event_reads_what_is_attached(
    any_database: str,
    street: Street,
    put: Put,
    audience: Audience,
    state: EventState,
    readers: set[str],
) -> None:
    event = factories.event(street.branch_one, street.branch, audience=audience, state=state)
    material = put(owner=street.branch_one, actor=street.branch)
    db.session.add(EventMaterial(event_id=event.id, material_id=material.id))
    db.session.commit()
    found = set()
    for name in EVERYBODY:
        person = known(street, name)
        is_shown = queries.is_shown(person, material)
        if policies.may_read(person, material, is_shown=is_shown):
            found.add(name)
    assert found == readers
