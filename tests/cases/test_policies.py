"""Who sees, works on and closes a case: truth tables, and the same rule as a condition."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases import policies, queries
from portal.cases.models import Case, CaseHelper, Move
from portal.database import db
from portal.materials.models import Material
from portal.people.models import Organisation, OrganisationKind, Person, Role, RoleGrant
from tests import factories
from tests.factories import Street

STREET = Organisation(id=1, path="/1/", kind=OrganisationKind.SUB_DISTRICT)
SHANTOU = Organisation(id=2, path="/1/2/", kind=OrganisationKind.COMMUNITY)
ONE = Organisation(id=3, path="/1/2/3/", kind=OrganisationKind.BRANCH)
TWO = Organisation(id=4, path="/1/2/4/", kind=OrganisationKind.BRANCH)
FAR = Organisation(id=5, path="/1/5/", kind=OrganisationKind.COMMUNITY)
WATER = Organisation(id=6, path="/6/", kind=OrganisationKind.UNIT)
POWER = Organisation(id=7, path="/7/", kind=OrganisationKind.UNIT)


def person(number: int, role: Role | None = None, over: Organisation | None = None) -> Person:
    grants = [RoleGrant(role=role, organisation=over)] if role else []
    return Person(id=number, grants=grants)


def case(lead: Organisation = ONE, **values: object) -> Case:
    helpers = [CaseHelper(organisation=TWO)]
    usual = {"lead_person_id": 80, "opened_by_id": 90}
    return Case(organisation=ONE, lead=lead, helpers=helpers, **usual, **values)


# who, lead unit, sees, works, supervises
TABLE = [
    (person(1, Role.RECORDER, ONE), ONE, True, True, False),
    (person(1, Role.BRANCH_SECRETARY, ONE), ONE, True, True, True),
    (person(1, Role.COMMUNITY_SECRETARY, SHANTOU), ONE, True, True, True),
    (person(1, Role.OFFICE, STREET), ONE, True, True, True),
    (person(1, Role.BRANCH_SECRETARY, TWO), ONE, True, False, False),  # helps
    (person(1, Role.COMMUNITY_SECRETARY, FAR), ONE, False, False, False),
    (person(1, Role.COMMUNITY_SECRETARY, FAR), FAR, True, True, False),  # its own lead
    (person(1, Role.SITE_KEEPER, SHANTOU), ONE, False, False, False),
    (person(80, Role.OFFICER, STREET), ONE, True, True, False),  # named
    (person(80), ONE, True, True, False),
    (person(90, Role.VISITING_CHIEF, STREET), ONE, True, False, False),  # took it down
    (person(90), ONE, False, False, False),  # no longer in office
    (person(1, Role.OFFICER, STREET), ONE, False, False, False),  # a street is nobody's unit
    (person(1, Role.OFFICER, WATER), WATER, True, True, False),
    (person(1, Role.OFFICER, POWER), WATER, False, False, False),
    (person(1, Role.SYSTEM_ADMINISTRATOR), ONE, False, False, False),
    (person(1, Role.AUDITOR), ONE, False, False, False),
    (person(1), ONE, False, False, False),
]


@pytest.mark.parametrize(("who", "lead", "sees", "works", "supervises"), TABLE)
def test_who_sees_works_and_supervises(
    who: Person, lead: Organisation, sees: bool, works: bool, supervises: bool
) -> None:
    about = case(lead)
    assert policies.may_see(who, about) is sees
    assert policies.may_work(who, about) is works
    assert policies.may_supervise(who, about) is supervises
    for move in (Move.ACCEPT, Move.RETURN, Move.SETTLE, Move.EXPLAIN, Move.ASK_EXTENSION):
        assert policies.may_move(who, about, move) is works
    for move in (Move.ASSIGN, Move.CLOSE, Move.REDO, Move.REOPEN, Move.VOID):
        assert policies.may_move(who, about, move) is supervises
    assert policies.may_move(who, about, Move.SUPPLEMENT) is sees
    assert not policies.may_move(who, about, Move.REGISTER)


# who, lead unit, attaches papers, takes off another's, takes off the own one
PAPERS = [
    (person(1, Role.RECORDER, ONE), ONE, True, True, True),
    (person(1, Role.BRANCH_SECRETARY, ONE), ONE, True, True, True),
    (person(1, Role.RECORDER, ONE), FAR, False, False, False),  # the lead is elsewhere
    (person(1, Role.BRANCH_SECRETARY, ONE), FAR, True, True, True),  # supervises
    (person(1, Role.BRANCH_SECRETARY, TWO), ONE, True, False, True),  # helps
    (person(1, Role.COMMUNITY_SECRETARY, FAR), ONE, False, False, False),
    (person(1, Role.OFFICER, WATER), WATER, True, False, True),  # its own lead
    (person(1, Role.OFFICER, WATER), ONE, True, False, True),  # helps
    (person(1, Role.OFFICER, POWER), WATER, False, False, False),  # another unit's
    (person(1, Role.OFFICER, STREET), ONE, False, False, False),
    (person(80, Role.OFFICER, STREET), ONE, True, False, True),  # named
    (person(80, Role.SITE_KEEPER, SHANTOU), ONE, True, False, True),  # named
    (person(90, Role.OFFICER, STREET), ONE, True, True, True),  # took it down
    (person(90), ONE, False, False, False),  # no longer in office
    (person(1, Role.SITE_KEEPER, SHANTOU), ONE, False, False, False),
    (person(80, Role.AUDITOR), ONE, False, False, False),
    (person(1), ONE, False, False, False),
]


@pytest.mark.parametrize(("who", "lead", "attaches", "any_paper", "own_paper"), PAPERS)
def test_who_attaches_papers_and_takes_them_off(
    who: Person, lead: Organisation, attaches: bool, any_paper: bool, own_paper: bool
) -> None:
    about = case(lead)
    about.helpers.append(CaseHelper(organisation=WATER))
    others = Material(organisation=ONE, uploaded_by_id=777)
    own = Material(organisation=ONE, uploaded_by_id=who.id)
    assert policies.may_attach(who, about) is attaches
    assert policies.may_take_off(who, about, others) is any_paper
    assert policies.may_take_off(who, about, own) is own_paper


def test_an_administrator_sees_none_whatever_other_duty_there_is() -> None:
    who = Person(
        id=80,
        grants=[
            RoleGrant(role=Role.AUDITOR),
            RoleGrant(role=Role.OFFICE, organisation=STREET),
        ],
    )
    about = case()
    assert not policies.may_see(who, about)
    assert not policies.may_work(who, about)
    assert not policies.may_supervise(who, about)


def test_nobody_decides_on_the_extension_that_they_asked_for() -> None:
    secretary = person(1, Role.COMMUNITY_SECRETARY, SHANTOU)
    assert policies.may_move(secretary, case(asked_by_id=2), Move.EXTEND)
    assert not policies.may_move(secretary, case(asked_by_id=1), Move.EXTEND)
    assert not policies.may_move(secretary, case(asked_by_id=1), Move.REFUSE_EXTENSION)


def test_the_helping_unit_reports_and_does_no_more() -> None:
    helper = person(1, Role.BRANCH_SECRETARY, TWO)
    assert policies.may_move(helper, case(), Move.REPORT)
    assert not policies.may_move(helper, case(), Move.SETTLE)


@pytest.mark.postgresql
def test_the_condition_sees_what_the_policy_sees(app: Flask, any_database: str) -> None:
    street = Street()
    water = factories.organisation("水务分公司", kind=OrganisationKind.UNIT)
    worker = factories.person("部门测试乙")
    factories.grant(worker, Role.OFFICER, water)
    one, two, far = street.branch_one, street.branch_two, street.branch_far
    made = [
        factories.case(one, street.secretary),
        factories.case(far, street.secretary2),
        factories.case(one, street.office, lead=far),
        factories.case(two, street.visitor, lead=water),
        factories.case(far, street.secretary2, lead_person_id=street.officer.id),
        factories.case(far, street.secretary2, helpers=(two,)),
        factories.case(one, street.secretary, lead_person_id=street.a.id),
    ]
    factories.commit()
    numbers = [case.id for case in made]
    people = [
        getattr(street, name)
        for name in (
            *("office", "secretary", "secretary2", "branch", "recorder", "keeper", "officer"),
            *("visitor", "sysadmin", "secadmin", "auditor", "a", "b", "d"),
        )
    ]
    seen_by = {}
    for who in [*people, worker]:
        reader = db.session.get_one(Person, who.id, populate_existing=True)
        db.session.refresh(reader, ["grants"])
        for grant in reader.grants:
            db.session.refresh(grant, ["organisation"])
        wanted = {number for number in numbers if policies.may_see(reader, queries.case(number))}
        found = set(db.session.scalars(select(Case.id).where(queries.visible_to(reader))))
        kept = queries.visible_to_reader(reader)
        assert found == wanted, who.name
        again = db.session.scalars(select(Case.id).where(kept.condition), kept.parameters)
        assert set(again) == wanted, who.name
        seen_by[who.name] = len(wanted)
    assert seen_by["办公室测试甲"] == 7
    assert seen_by["书记测试乙"] == 4
    assert seen_by["部门测试乙"] == 1
    assert seen_by["审计测试甲"] == 0
