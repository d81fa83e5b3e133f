"""Lists are walked within an index, searches narrowed by marks: nothing is lost, nothing added."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.cases import policies, queries, services
from portal.cases.filters import Filters, Show
from portal.cases.marks import marks_of
from portal.cases.models import (
    CallBackMethod,
    Case,
    CaseKind,
    CaseState,
    Counting,
    Openness,
    Satisfaction,
)
from portal.cases.on_search import find
from portal.cases.queries import boards, lists, marked
from portal.cases.queries.visible import gathered
from portal.cases.services import Answer
from portal.database import db
from portal.errors import ConflictError
from portal.people.models import Organisation, OrganisationKind, Person, Role
from portal.search import asking
from portal.search.models import SearchEntry
from tests import factories
from tests.cases.conftest import SignedIn, again
from tests.factories import Street
from tests.page import text_of

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
CONTENT = Answer(CallBackMethod.PHONE, True, Satisfaction.SATISFIED, "好了")
READERS = (
    *("office", "secretary", "secretary2", "branch", "recorder", "keeper", "officer"),
    *("visitor", "a", "b", "c", "d"),
)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Say how many cases are few enough to be gathered; statements are built anew."""

    def built_anew() -> None:
        lists._chosen.cache_clear()
        lists._listed.cache_clear()

    def are(number: int) -> None:
        monkeypatch.setattr(lists, "_FEW", number)
        built_anew()

    yield are
    built_anew()


def moved_about(street: Street, number: int) -> list[int]:
    """Cases that were given, helped with, opened up, edited, closed, called off, at random."""
    chance = random.Random(number)
    water = factories.organisation("水务分公司", kind=OrganisationKind.UNIT)
    factories.grant(street.visitor, Role.OFFICER, water)
    places = [street.branch_one, street.branch_two, street.branch_far, street.haikou, water]
    made = []
    for _ in range(number):
        case = factories.case(
            chance.choice(places[:4]),
            chance.choice([street.office, street.visitor, street.branch]),
            lead=chance.choice(places),
            lead_person_id=chance.choice([None, street.officer.id, street.a.id]),
            helpers=tuple(chance.sample(places, chance.randrange(3))),
            words=chance.choice(["路灯不亮", "路灯太亮", "停车难"]),
        )
        for _step in range(5):
            move(case, street, chance, places)
        made.append(case.id)
    factories.commit()
    return made


def move(case: Case, street: Street, chance: random.Random, places: Sequence[Organisation]) -> None:
    by = street.office

    def edit() -> None:
        facts = replace(
            services.facts_of(case),
            organisation=chance.choice(places[:4]),
            helpers=(chance.choice(places),),
        )
        services.edit(case=case, facts=facts, version=case.version, actor=by)

    def assign() -> None:
        person = chance.choice([None, street.b.id])
        lead = chance.choice(places)
        services.assign(case=case, lead=lead, lead_person_id=person, words="", actor=by)

    acts: list[Callable[[], object]] = [
        *(edit, assign),
        lambda: services.open_up(case=case, openness=chance.choice([*Openness]), actor=by),
        lambda: services.settle(case=case, words="好了", actor=by),
        lambda: services.close(case=case, answer=CONTENT, actor=by),
        lambda: services.reopen(case=case, words="又坏了", actor=by),
    ]
    if chance.random() < 0.05:
        acts = [lambda: services.void(case=case, words="重复", actor=by)]
    try:
        chance.choice(acts)()
    except ConflictError:
        assert case.state in CaseState


def reader_of(person_id: int) -> Person:
    reader = db.session.get_one(Person, person_id, populate_existing=True)
    db.session.refresh(reader, ["grants"])
    for grant in reader.grants:
        db.session.refresh(grant, ["organisation"])
    return reader


@pytest.mark.postgresql
def test_whatever_was_done_marks_and_lists_follow_the_rule(
    app: Flask, any_database: str, few: Callable[[int], None]
) -> None:
    street = Street()
    numbers = moved_about(street, 30)
    cases = {number: queries.case(number) for number in numbers}
    assert {case.state for case in cases.values()} >= {CaseState.CLOSED, CaseState.VOID}
    kept = select(SearchEntry.object_id, SearchEntry.tokens).where(SearchEntry.kind == "case")
    for number, tokens in db.session.execute(kept).all():
        own = [f"m{mark}" for mark in marks_of(cases[number])]
        assert [one for one in tokens.split() if one[0] == "m"] == own, number
    for name, person_id in [(name, getattr(street, name).id) for name in READERS]:
        reader = reader_of(person_id)
        wanted = {number for number in numbers if policies.may_see(reader, cases[number])}
        seen = queries.visible_to_reader(reader)
        ids = db.session.scalars(gathered(seen.sight), seen.parameters)
        assert set(ids) == wanted, name
        for most in (0, 1_000):
            few(most)
            for show in (Show.ALL, Show.CLOSED, Show.VOID, Show.OPEN):
                assert_listed(reader, show, wanted, cases)
        assert_on_board(reader, [cases[number] for number in wanted])
        words = select(Case.id).where(queries.visible_to(reader) | queries.open_to(reader))
        lamps = set(db.session.scalars(words.where(Case.words.like("路灯%"))))
        assert {one.id for one in find(reader, "路灯", 100, 0).rows} == lamps, name


def assert_on_board(reader: Person, wanted: list[Case]) -> None:
    for column, (*_, states) in zip(queries.board(reader), boards._COLUMNS_OF_BOARD, strict=True):
        there = [case for case in wanted if case.state in states]
        is_over = CaseState.CLOSED in states
        there.sort(key=lambda one: (one.closed_at if is_over else one.due_at, one.id))
        first = [case.id for case in (reversed(there) if is_over else there)][: boards.CARDS]
        assert [card.id for card in column.cards] == first
        assert column.total == len(there)


def assert_listed(reader: Person, show: Show, wanted: set[int], cases: dict[int, Case]) -> None:
    states = {
        Show.ALL: set(CaseState),
        Show.CLOSED: {CaseState.CLOSED},
        Show.VOID: {CaseState.VOID},
        Show.OPEN: set(CaseState) - {CaseState.CLOSED, CaseState.VOID},
    }[show]
    expected = {number for number in wanted if cases[number].state in states}

    def order(number: int) -> tuple[Any, int]:
        case = cases[number]
        keys = {Show.ALL: case.id, Show.OPEN: case.due_at}
        return keys.get(show, case.closed_at), number

    page = queries.page_of_list(reader, Filters(show=show), 1)
    in_order = sorted(expected, key=order, reverse=show is not Show.OPEN)
    assert [one.id for one in page.rows] == in_order
    exported = queries.cases_to_export(reader, Filters(show=show))
    assert [one.id for one in exported] == in_order
    found = queries.page_of_list(reader, Filters(q="路灯", show=show), 1)
    lamps = {number for number in expected if cases[number].words.startswith("路灯")}
    assert {one.id for one in found.rows} == lamps


@pytest.mark.postgresql
def test_with_many_organisations_nothing_is_narrowed_and_the_same_is_found(
    app: Flask, any_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_MARKS", 2)
    street = Street()
    seen = factories.case(street.branch_one, street.branch, words="路灯不亮")
    factories.case(street.branch_far, street.secretary2, words="路灯不亮")
    factories.commit()
    marked._narrowed.cache_clear()
    try:
        reader = reader_of(street.secretary.id)
        assert [one.id for one in find(reader, "路灯", 10, 0).rows] == [seen.id]
    finally:
        marked._narrowed.cache_clear()


def test_filters_narrow_what_is_found_by_words(street: Street, as_: SignedIn) -> None:
    question = factories.case(street.branch_one, street.branch, words="路灯不亮")
    factories.case(street.branch_one, street.branch, words="路灯太亮", kind=CaseKind.COMPLAINT)
    factories.case(street.branch_two, street.secretary, words="路灯歪了")
    factories.commit()
    browser = as_("secretary")
    for show in ("open", "all"):
        asked = f"/cases/?q=路灯&show={show}&kind=question"
        page = browser.get(f"{asked}&org={street.branch_one.id}&source=visit")
        assert [row.get("data-case") for row in page.by("data-case")] == [str(question.id)]
        assert len(browser.get(asked).by("data-case")) == 2
        assert not browser.get(f"{asked}&source=hotline").by("data-case")
    assert not browser.get("/cases/", show="closed", org="999999").by("data-case")


def test_found_by_words_the_latest_comes_first_and_among_the_open_what_is_due(
    street: Street, as_: SignedIn
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        factories.case(street.branch_one, street.branch, words="路灯一")
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        soon = (1, Counting.HOURS)
        factories.case(street.branch_one, street.branch, words="路灯二", due=soon)
    factories.commit()

    def titles(show: str = "open") -> list[str]:
        page = as_("secretary").get("/cases/", q="路灯", show=show)
        return [text_of(one) for one in page.by("class", "title")]

    assert titles() == ["路灯二", "路灯一"]
    assert titles(show="all") == ["路灯二", "路灯一"]
    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        factories.case(street.branch_one, street.branch, words="路灯三")
        factories.commit()
    assert titles() == ["路灯二", "路灯一", "路灯三"]
    assert titles(show="all") == ["路灯三", "路灯二", "路灯一"]
    assert titles(show="red") == ["路灯二", "路灯一", "路灯三"]


def test_pages_of_what_was_found_follow_each_other(street: Street, as_: SignedIn) -> None:
    numbers = [factories.case(street.branch_one, street.branch).id for _ in range(53)]
    factories.commit()
    browser = as_("secretary")
    for asked in ("show=all", "show=all&q=楼道", "q=楼道", "show=open"):
        pages = [browser.get(f"/cases/?{asked}&page={at}") for at in (1, 2, 3)]
        found = [row.get("data-case") for page in pages for row in page.by("data-case")]
        assert sorted(found, key=str) == sorted(map(str, numbers))
        assert len(pages[1].by("data-case")) == 3
        assert "这一页之后没有了" in pages[2].text


def test_the_board_counts_as_far_as_99(
    street: Street, as_: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        factories.case(street.branch_one, street.branch)
    factories.commit()
    monkeypatch.setattr(boards, "MOST_COUNTED", 3)
    monkeypatch.setattr(boards, "CARDS", 2)
    boards._board.cache_clear()
    try:
        page = as_("secretary").get("/cases/board")
    finally:
        boards._board.cache_clear()
    assert text_of(page.by("data-count", "to_accept")[0]) == "3+"
    column = page.by("data-column", "to_accept")[0]
    assert "看全部待受理" in text_of(column)
    assert len(page.by("data-case")) == 2


def test_a_day_of_the_calendar_opens_all_that_is_due_on_it(street: Street, as_: SignedIn) -> None:
    with time_machine.travel(MONDAY, tick=False):
        cases = [
            factories.case(street.branch_one, street.branch, words=f"第{at}件") for at in range(5)
        ]
        hidden = factories.case(street.branch_far, street.secretary2, words="海口路的事")
        settled = factories.case(street.branch_one, street.branch, words="办完的事")
        services.settle(case=settled, words="好了", actor=street.branch)
        factories.commit()
        browser = as_("secretary")
        page = browser.get("/cases/calendar")
        day = "2026-03-09"
        assert page.links()["共 5 件，3月9日到期"] == f"/cases/calendar?day={day}#day"
        assert page.text.count("第0件") == 2, "on the sheet and in the list of small screens"
        assert "第4件" not in page.text
        found = browser.get("/cases/calendar", day=day)
        rows = found.by("id", "results")[0]
        assert all(f"第{at}件" in text_of(rows) for at in range(5))
        for page in (found, browser.get("/cases/calendar")):
            assert hidden.words not in page.text
            assert settled.words not in page.text
        assert "这一天没有到期的事" in browser.get("/cases/calendar", day="2026-03-10").text
        assert not browser.get("/cases/calendar", day="今天").by("id", "results")
    assert again(cases[0]).state is CaseState.REGISTERED
