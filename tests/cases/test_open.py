"""Who may read a case beside the units that handle it: nobody, unless a secretary decides so."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.cases import policies, queries, services
from portal.cases.models import Case, CaseOpening, CaseState, Openness
from portal.database import db
from portal.people.models import Membership, Organisation, Person, Role, RoleGrant
from tests import factories
from tests.cases.conftest import SignedIn
from tests.factories import Street

SHANTOU = Organisation(id=2, path="/1/2/")
ONE, TWO, FAR = "/1/2/3/", "/1/2/4/", "/1/5/6/"
NEITHER, COMMUNITY, MEMBERS = (
    None,
    CaseOpening(openness=Openness.COMMUNITY, organisation=SHANTOU),
    CaseOpening(openness=Openness.MEMBERS, organisation=None),
)

# how it stands, where the reader belongs, whether the reader reads it
TABLE = [
    (NEITHER, [ONE], False),
    (COMMUNITY, [ONE], True),
    (COMMUNITY, [TWO], True),
    (COMMUNITY, [FAR], False),
    (COMMUNITY, [FAR, TWO], True),  # takes part there beside the own branch
    (COMMUNITY, [], False),
    (MEMBERS, [FAR], True),
    (MEMBERS, [], False),
]


@pytest.mark.parametrize(("opening", "belongs", "reads"), TABLE)
def test_who_reads_what_is_open(
    opening: CaseOpening | None, belongs: list[str], reads: bool
) -> None:
    case = Case(state=CaseState.WORKING, opening=opening)
    assert policies.is_open_to(Person(id=1, grants=[]), belongs, case) is reads
    administrator = Person(id=1, grants=[RoleGrant(role=Role.AUDITOR)])
    assert not policies.is_open_to(administrator, belongs, case)
    put_away = Case(state=CaseState.VOID, opening=opening)
    assert not policies.is_open_to(Person(id=1, grants=[]), belongs, put_away)


@pytest.mark.postgresql
def test_the_condition_says_what_the_policy_says(app: Flask, any_database: str) -> None:
    street = Street()
    today, yesterday = clock.today(), clock.today() - timedelta(days=1)
    away = db.session.scalars(select(Membership).where(Membership.person_id == street.b.id)).one()
    away.valid_to = yesterday
    db.session.add(
        Membership(
            person_id=street.d.id,
            organisation_id=street.branch_two.id,
            kind="participating",
            valid_from=date(2020, 1, 1),
        )
    )
    made = []
    for at in (street.branch_one, street.branch_far, street.street):
        for openness in Openness:
            case = factories.case(at, street.office)
            services.open_up(case=case, openness=openness, actor=street.office)
            made.append(case.id)
    factories.commit()
    seen_by = {}
    for name in ("a", "b", "c", "d", "secretary2", "visitor", "auditor"):
        who = db.session.get_one(Person, getattr(street, name).id)
        db.session.refresh(who, ["grants"])
        belongs = list(
            db.session.scalars(
                select(Organisation.path)
                .join(Membership, Membership.organisation_id == Organisation.id)
                .where(
                    Membership.person_id == who.id,
                    Membership.valid_to.is_(None) | (Membership.valid_to >= today),
                )
            )
        )
        wanted = {
            number for number in made if policies.is_open_to(who, belongs, queries.case(number))
        }
        found = set(db.session.scalars(select(Case.id).where(queries.open_to(who))))
        assert found == wanted, name
        kept = queries.readable_to_reader(who)
        readable = set(db.session.scalars(select(Case.id).where(kept.condition), kept.parameters))
        own = set(db.session.scalars(select(Case.id).where(queries.visible_to(who))))
        assert readable == wanted | own, name
        seen_by[name] = len(wanted)
    assert seen_by == {"a": 5, "b": 0, "c": 5, "d": 6, "secretary2": 5, "visitor": 0, "auditor": 0}


def test_a_secretary_opens_it_and_a_member_reads_how_it_stands(
    street: Street, as_: SignedIn, way: str
) -> None:
    case = factories.case(
        street.branch_one, street.branch, asker=services.Asker(name="测试居民", phone="13900000001")
    )
    factories.commit()
    address = f"/cases/{case.id}"
    page = as_("branch").get(address)
    assert page.by("data-openness", "units")
    assert as_("a").get(address).status == 404

    form = page.form("/openness")
    as_("branch").submit(form, htmx=way == "htmx", openness="community")
    page = as_("branch").get(address)
    assert page.by("data-openness", "community")
    assert "本社区的党员（汕头路社区党委）" in page.text
    assert "公开范围改为：本社区的党员" in page.text

    listed = as_("a").get("/cases/").links()["向党员公开的"]
    page = as_("a").get(listed)
    assert page.by("data-case", str(case.id))
    page = as_("a").get(address)
    assert case.words in page.text
    assert "测试居民" not in page.html
    assert street.branch.name not in page.text.split("公开的问题建议")[1]
    assert not [form for form in page.forms() if address in form.action]
    assert as_("d").get(address).status == 404, "another community"

    as_("branch").submit(form, htmx=way == "htmx", openness="members")
    assert as_("d").get(address).status == 200
    as_("branch").submit(form, htmx=way == "htmx", openness="units")
    assert queries.case(case.id).opening is None
    assert as_("a").get(address).status == 404


def test_what_is_open_is_no_work_of_another_community(street: Street, as_: SignedIn) -> None:
    case = factories.case(street.branch_one, street.branch)
    services.open_up(case=case, openness=Openness.MEMBERS, actor=street.branch)
    factories.commit()
    other = as_("secretary2")
    for address in ("/cases/?show=all", "/cases/board", "/cases/calendar", "/cases/waiting"):
        assert case.headline not in other.get(address).text, address
    assert case.headline in other.get("/cases/?show=public").text
    assert other.get(f"/cases/{case.id}/steps/accept").status == 404


def test_only_secretaries_decide_and_moving_it_takes_it_back(street: Street, as_: SignedIn) -> None:
    case = factories.case(street.branch_one, street.recorder)
    factories.commit()
    page = as_("recorder").get(f"/cases/{case.id}")
    assert not [form for form in page.forms() if form.action.endswith("/openness")]
    form = as_("office").get(f"/cases/{case.id}").form("/openness")
    as_("office").submit(form, openness="community")
    assert queries.case(case.id).openness is Openness.COMMUNITY
    edit = as_("office").get(f"/cases/{case.id}/edit").form("/edit")
    as_("office").submit(edit, organisation=str(street.branch_far.id))
    assert queries.case(case.id).openness is Openness.UNITS
