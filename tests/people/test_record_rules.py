"""Rules of the record below the pages: dated relations, the tree's limits, panels of others."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.database import db
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.people import directory_queries, tree_queries
from portal.people.hooks import PersonPanel, person_panels
from portal.people.imports.services import file_facts, import_people, read_people
from portal.people.models import (
    EndReason,
    ExemptReason,
    MembershipKind,
    Organisation,
    OrganisationKind,
    Participation,
    Person,
)
from portal.people.readers import Somebody
from portal.people.services import exemptions, organisations, relations
from tests.factories import Street, commit, organisation
from tests.page import Browser
from tests.people.imports.sheets import workbook
from tests.people.worlds import again, entered


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


# ------------------------------------------------------------------ dated relations

NUMBERS = itertools.count(1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["transfer", "join", "end", "import"]),
        st.sampled_from(["branch_one", "branch_two", "branch_far"]),
        st.integers(min_value=-400, max_value=90),
    ),
    max_size=8,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_is_entered_there_is_one_primary_branch_at_a_time(
    street: Street, steps: list[tuple[str, str, int]]
) -> None:
    phone = f"199{next(NUMBERS):08d}"
    person = entered("某某", street.branch_one, by=street.office, phone=phone)
    for step, place, days in steps:
        try:
            take(again(person), step, getattr(street, place), days, street.office)
            commit()
        except (ConflictError, InvalidInputError):
            db.session.rollback()
    primary = [one for one in again(person).memberships if one.kind is MembershipKind.PRIMARY]
    assert len([one for one in primary if one.valid_to is None]) <= 1
    first, last = date(2019, 12, 1), clock.today() + timedelta(days=100)
    for offset in range(0, (last - first).days, 7):
        day = first + timedelta(days=offset)
        assert len([one for one in primary if one.is_open_on(day)]) <= 1, day


def take(person: Person, step: str, to: Organisation, days: int, actor: Person) -> None:
    """Take one step as a page would, or an import with that branch in its only row."""
    day = clock.today() + timedelta(days=days)
    present = relations.primary_of(person)
    if step == "transfer":
        relations.transfer(
            person=person,
            membership_id=present.id if present else None,
            to=to,
            day=day,
            actor=actor,
        )
    elif step == "import":
        import_people(
            read_people(
                workbook(("姓名", "手机号", "所在党支部"), (person.name, person.phone, to.name))
            ),
            file=file_facts("花名册.xlsx", b""),
            actor=actor,
        )
    elif step == "join":
        relations.join(
            person=person,
            organisation=to,
            participation=Participation.FLOATING,
            since=day,
            actor=actor,
        )
    else:
        open_ones = [one for one in person.memberships if one.valid_to is None]
        if open_ones:
            relations.end_membership(
                person=person,
                membership=open_ones[0],
                reason=EndReason.MOVED_OUT,
                day=day,
                actor=actor,
            )


def test_a_participant_who_is_transferred_there_is_no_participant_any_more(
    street: Street,
) -> None:
    person = again(entered("某某", street.branch_one, by=street.office))
    relations.join(
        person=person,
        organisation=street.branch_two,
        participation=Participation.FLOATING,
        since=date(2024, 1, 1),
        actor=street.office,
    )
    relations.transfer(
        person=person,
        membership_id=person.memberships[0].id,
        to=street.branch_two,
        day=date(2025, 1, 1),
        actor=street.office,
    )
    commit()
    open_ones = [one for one in again(person).memberships if one.valid_to is None]
    assert [(one.kind, one.organisation_id) for one in open_ones] == [
        (MembershipKind.PRIMARY, street.branch_two.id)
    ]


def test_days_that_cannot_be_are_refused(street: Street) -> None:
    person = again(entered("某某", street.branch_one, by=street.office))
    membership = person.memberships[0]
    held = relations.add_post(
        person=person,
        organisation=street.branch_one,
        title="组织委员",
        since=date(2024, 1, 1),
        actor=street.office,
    )
    for day in (date(1900, 1, 1), clock.today() + timedelta(days=200)):
        with pytest.raises(InvalidInputError):
            relations.end_post(person=person, post=held, day=day, actor=street.office)
    with pytest.raises(InvalidInputError, match="任职开始"):
        relations.end_post(person=person, post=held, day=date(2023, 1, 1), actor=street.office)
    with pytest.raises(InvalidInputError, match="这条关系开始"):
        relations.end_membership(
            person=person,
            membership=membership,
            reason=EndReason.LEFT,
            day=date(2019, 1, 1),
            actor=street.office,
        )
    relations.end_post(person=person, post=held, day=date(2025, 1, 1), actor=street.office)
    with pytest.raises(ConflictError):
        relations.end_post(person=person, post=held, day=date(2025, 1, 1), actor=street.office)
    with pytest.raises(InvalidInputError, match="不能晚于今天"):
        exemptions.set_exemption(
            person=person,
            reason=ExemptReason.FRAIL,
            since=clock.today() + timedelta(days=1),
            actor=street.office,
        )


def test_an_organisation_takes_nobody_before_it_is_founded(street: Street) -> None:
    young = organisation("新党支部", street.shantou, valid_from=clock.today())
    with pytest.raises(InvalidInputError, match="还没有成立"):
        entered("某某", young, by=street.office, since=date(2020, 1, 1))


def test_who_is_not_there_is_not_found(street: Street) -> None:
    for ask in (directory_queries.person, directory_queries.person_to_change):
        with pytest.raises(NotFoundError):
            ask(999_999)
    for look in (tree_queries.lineage, tree_queries.organisation_to_change):
        with pytest.raises(NotFoundError):
            look(999_999)


# ------------------------------------------------------------------ the tree


def described(name: str, kind: OrganisationKind) -> organisations.Description:
    return organisations.Description(name=name, short_name="", kind=kind)


def test_a_path_never_grows_beyond_its_column(street: Street) -> None:
    parent = street.street
    for number in range(9):
        parent = organisation(
            f"单位{number}", parent, kind=OrganisationKind.UNIT, code=f"{number}" + "U" * 39
        )
    with pytest.raises(InvalidInputError, match="层级太多"):
        organisations.create_organisation(
            description=described("再一层", OrganisationKind.UNIT),
            parent=parent,
            code="L" * 40,
            since=None,
            actor=street.office,
        )
    low = organisation("低", street.street, kind=OrganisationKind.UNIT, code="X" * 40)
    commit()
    with pytest.raises(InvalidInputError, match="移到那里层级太多"):
        organisations.change_organisation(
            organisation=tree_queries.organisation_to_change(low.id),
            description=described("低", OrganisationKind.UNIT),
            renaming=organisations.Renaming(clock.today()),
            parent=parent,
            version=low.version,
            actor=street.office,
        )


def test_the_two_trees_do_not_mix(street: Street) -> None:
    grid = organisations.create_organisation(
        description=described("一号网格", OrganisationKind.GRID),
        parent=None,
        code="G1",
        since=None,
        actor=street.sysadmin,
    )
    commit()
    with pytest.raises(InvalidInputError, match="两棵树"):
        organisations.change_organisation(
            organisation=tree_queries.organisation_to_change(grid.id),
            description=described("一号网格", OrganisationKind.GRID),
            renaming=organisations.Renaming(clock.today()),
            parent=street.street,
            version=grid.version,
            actor=street.sysadmin,
        )
    with pytest.raises(InvalidInputError, match="写编码"):
        organisations.create_organisation(
            description=described("二号网格", OrganisationKind.GRID),
            parent=None,
            code="",
            since=None,
            actor=street.sysadmin,
        )


def test_what_is_closed_closes_once_and_takes_nothing_below_it(street: Street) -> None:
    empty = organisation("空党支部", street.shantou, valid_from=date(2024, 1, 1))
    close = organisations.close_organisation
    with pytest.raises(InvalidInputError, match="晚于成立"):
        close(organisation=empty, day=date(2023, 1, 1), reason="", actor=street.office)
    close(organisation=empty, day=date(2025, 1, 1), reason="", actor=street.office)
    with pytest.raises(ConflictError, match="已经撤并"):
        close(organisation=empty, day=date(2025, 1, 1), reason="", actor=street.office)
    with pytest.raises(InvalidInputError, match="已经撤并"):
        organisations.create_organisation(
            description=described("第1党小组", OrganisationKind.GROUP),
            parent=empty,
            code="",
            since=None,
            actor=street.office,
        )


# ------------------------------------------------------------------ panels of the rooms above


@pytest.fixture
def panel() -> Iterator[list[int]]:
    """A panel that only the person's own reading shows; the ids it was asked about."""
    asked: list[int] = []

    def context(person: Person, reader: Somebody) -> dict[str, object] | None:
        asked.append(person.id)
        return {"sentence": "来自别的房间"} if reader.id == person.id else None

    added = PersonPanel("errors/alert.html", context)
    person_panels.append(added)
    yield asked
    person_panels.remove(added)


def test_a_panel_is_asked_only_for_those_who_may_see_the_person(
    street: Street, browser: Browser, panel: list[int]
) -> None:
    browser.sign_in("secretary")
    assert browser.get(f"/people/{street.d.id}").status == 404
    assert panel == []
    assert browser.get(f"/people/{street.a.id}").status == 200
    assert panel == [street.a.id]
