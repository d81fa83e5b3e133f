"""Figures by organisation, by person and by event: each adds up and opens its rows."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from portal.events.models import Audience, Event
from tests import factories
from tests.attendance.conftest import HOUR, NINE, Gathering, at, gathering
from tests.page import Browser, Page, text_of

__all__ = ["at", "gathering"]

At = Callable[[datetime], None]


def held(gathering: Gathering, *came: str, **values: Any) -> Event:
    """A lesson for both branches of 汕头路 that is over and confirmed."""
    event = gathering.lesson(gathering.branch_one, gathering.branch_two, **values)
    gathering.open(event)
    for who in came:
        gathering.mark(event, getattr(gathering, who), "present")
    gathering.confirm(event)
    return event


def count(page: Page, name: str) -> int:
    return int(text_of(page.by("data-count", name)[0]).replace(",", ""))


def test_the_table_adds_up_and_every_figure_opens_its_rows(
    gathering: Gathering, app: Flask, at: At, any_database: str
) -> None:
    at(NINE + 2 * HOUR)
    held(gathering, "a", "c")
    held(gathering, "a")
    secretary = Browser(app).sign_in("secretary")
    page = secretary.get("/reports/", period="2026")
    due, present = count(page, "due"), count(page, "present")
    assert present == 3
    lines = page.by("data-organisation")
    assert [text_of(next(line.iter("th"))) for line in lines] == [
        "汕头路社区第一党支部",
        "汕头路社区第二党支部",
    ]
    numbers = [
        [int(text_of(cell)) for cell in line.iter("td") if text_of(cell).isdigit()]
        for line in lines
    ]
    assert sum(line[0] for line in numbers) == due
    assert sum(line[1] for line in numbers) == present
    for show, wanted in (("due", due), ("present", present), ("absent", due - present)):
        rows = secretary.get("/reports/rows", period="2026", show=show)
        assert len(rows.by("data-person")) == wanted
    one = secretary.get("/reports/", period="2026", org=gathering.branch_two.id)
    assert (count(one, "due"), count(one, "present")) == (2, 1)
    assert text_of(one.by("data-rate", "attendance")[0]) == "50.0%"


@pytest.mark.parametrize(
    ("period", "present"), [("2026Q4", 1), ("2026-11", 1), ("2026-10", None), ("2025", None)]
)
def test_a_period_holds_what_began_in_it(
    gathering: Gathering, app: Flask, at: At, period: str, present: int | None
) -> None:
    at(NINE + 2 * HOUR)
    held(gathering, "a")
    page = Browser(app).sign_in("secretary").get("/reports/", period=period)
    if present is None:
        assert "没有可统计的活动" in page.text
    else:
        assert count(page, "present") == present


def test_what_is_not_confirmed_is_not_counted(gathering: Gathering, app: Flask, at: At) -> None:
    at(NINE + 2 * HOUR)
    event = gathering.lesson()
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    page = Browser(app).sign_in("secretary").get("/reports/", period="2026")
    assert "没有可统计的活动" in page.text


def test_nobody_sees_the_figures_of_another_part_of_the_tree(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE + 2 * HOUR)
    held(gathering, "a")
    stranger = Browser(app).sign_in("secretary2")
    for path in ("/reports/", "/reports/rows"):
        assert stranger.get(path, org=gathering.branch_one.id).status == 404
    assert stranger.get(f"/reports/people/{gathering.a.id}").status == 404
    branch = Browser(app).sign_in("branch")
    assert branch.get("/reports/", org=gathering.shantou.id).status == 404
    assert branch.get("/reports/").status == 200


def test_one_persons_record_is_told_without_judgement(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE + 2 * HOUR)
    held(gathering, "a")
    held(gathering)
    page = Browser(app).sign_in("branch").get(f"/reports/people/{gathering.a.id}", period="2026")
    assert (count(page, "due"), count(page, "present")) == (2, 1)
    assert len(page.by("data-status")) == 2
    panel = Browser(app).sign_in("branch").get(f"/people/{gathering.a.id}")
    assert f"/reports/people/{gathering.a.id}" in panel.html


def test_the_four_denominators_of_an_event(gathering: Gathering, app: Flask, at: At) -> None:
    with_probation = factories.person("预备测试甲", gathering.branch_two)
    with_probation.joined_on = datetime(2026, 6, 1).date()  # noqa: DTZ001
    factories.commit()
    at(NINE)
    event = gathering.lesson(gathering.branch_two)
    gathering.open(event)
    gathering.mark(event, gathering.c, "leave_sick")
    gathering.mark(event, with_probation, "present")
    page = Browser(app).sign_in("secretary").get(f"/events/{event.id}/figures")
    assert (count(page, "roster"), count(page, "due")) == (2, 2)
    # Sick leave does not shrink the voting denominator; who is on probation has no vote.
    assert (count(page, "due-voting"), count(page, "present-voting")) == (1, 0)
    assert text_of(page.by("data-rate", "attendance")[0]) == "50.0%"


def test_of_those_who_signed_up_some_did_not_come(gathering: Gathering, app: Flask, at: At) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    for person in (gathering.a, gathering.b, gathering.c):
        gathering.sign_up(event, person)
    gathering.cancel(gathering.sign_up(event, gathering.d), NINE - HOUR)
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    page = Browser(app).sign_in("secretary").get(f"/events/{event.id}/figures")
    assert (count(page, "signed-up"), count(page, "no-shows")) == (3, 2)
    assert text_of(page.by("data-rate", "turnout")[0]) == "33.3%"


def test_pages_ask_the_same_for_one_and_for_fifty(
    gathering: Gathering,
    app: Flask,
    at: At,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    at(NINE + 2 * HOUR)
    held(gathering, "a")
    secretary = Browser(app).sign_in("secretary")
    paths = ("/reports/?period=2026", "/reports/rows?period=2026&show=due")
    few = []
    for path in paths:
        secretary.get(path)
        few.append(queries_of(lambda path=path: secretary.get(path)))  # type: ignore[misc]
    gathering.many(60)
    for number in range(5):
        held(gathering, title=f"党课{number}")
    many = [queries_of(lambda path=path: secretary.get(path)) for path in paths]  # type: ignore[misc]
    assert few == many
    assert max(many) <= 8
