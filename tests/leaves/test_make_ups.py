"""Lessons made up: by whom, how, and never at the cost of what the roll says."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.leaves.models import MakeUp
from tests.attendance.conftest import HOUR, NINE
from tests.leaves.conftest import Gathering
from tests.page import Browser, Page, text_of

At = Callable[[datetime], None]
DETAILS = {"method": "self_study", "made_on": "2026-11-27", "hours": "1.5", "proof": "笔记已看过"}


def recorded(browser: Browser, event_id: int, *people: int, **changes: str) -> Page:
    form = browser.get(f"/events/{event_id}/leaves/make-ups").form("/leaves/make-ups")
    fields: dict[str, Any] = {**DETAILS, "person": list(people), **changes}
    return browser.submit(form, **fields)


def test_who_missed_it_makes_it_up_and_the_roll_stays_as_it_was(
    gathering: Gathering, app: Flask, at: At, any_database: str
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.b, "leave_sick")
    gathering.mark(event, gathering.secretary, "present")
    gathering.confirm(event)
    before = gathering.statuses(event)
    at(NINE + 72 * HOUR)
    secretary = Browser(app).sign_in("secretary")
    page = recorded(secretary, event.id, gathering.a.id, gathering.b.id)
    assert page.status == 200
    assert gathering.statuses(event) == before
    assert text_of(page.by("data-count", "made-up")[0]) == "2"
    numbers = gathering.numbers(event)
    due, present = numbers.due, numbers.present
    assert text_of(page.by("data-rate", "learning")[0]) == f"{(present + 2) * 100 / due:.1f}%"
    panel = Browser(app).sign_in("a").get(f"/events/{event.id}")
    assert "已补课" in panel.text
    assert "1.5 学时" in panel.text


def test_nothing_is_made_up_before_the_roll_is_confirmed(
    gathering: Gathering, app: Flask, at: At
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    secretary = Browser(app).sign_in("secretary")
    assert "名册确认以后" in secretary.get(f"/events/{event.id}/leaves/make-ups").text
    page = secretary.post(
        f"/events/{event.id}/leaves/make-ups", {**DETAILS, "person": [gathering.a.id]}
    )
    assert page.status in {409, 422}
    assert db.session.query(MakeUp).count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"made_on": "2026-11-24"}, "made_on", "补课的日期早于活动当天。"),
        ({"made_on": "2027-01-01"}, "made_on", "补课的日期还没有到。"),
        ({"made_on": "不知道"}, "made_on", ""),
        ({"hours": "1.2"}, "hours", "学时请填数字，最小到半个，例如 1.5。"),
        ({"hours": "NaN"}, "hours", "学时请填数字，最小到半个，例如 1.5。"),
        ({"hours": "-1"}, "hours", "学时请填数字，最小到半个，例如 1.5。"),
        ({"hours": "1e9"}, "hours", "补课的学时最多 16 个。"),
        ({"method": "sleeping"}, "method", ""),
        ({"proof": "长" * 201}, "proof", ""),
        ({"person": []}, "person", "请选择缺席或请假、还没有补课的人。"),
        ({"person": ["99999999", "x"]}, "person", "请选择缺席或请假、还没有补课的人。"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    gathering: Gathering,
    app: Flask,
    at: At,
    changes: dict[str, object],
    field: str,
    sentence: str,
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.confirm(event)
    at(NINE + 72 * HOUR)
    secretary = Browser(app).sign_in("secretary")
    page = recorded(secretary, event.id, gathering.a.id, **changes)  # type: ignore[arg-type]
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert db.session.query(MakeUp).count() == 0


def test_who_came_or_has_made_it_up_is_passed_over(
    gathering: Gathering, app: Flask, at: At
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.b, "present")
    gathering.confirm(event)
    at(NINE + 72 * HOUR)
    secretary = Browser(app).sign_in("secretary")
    recorded(secretary, event.id, gathering.a.id)
    page = recorded(secretary, event.id, gathering.a.id, gathering.b.id, gathering.c.id)
    assert page.status == 422
    assert db.session.query(MakeUp).count() == 1


def test_later_than_a_month_is_marked_and_not_refused(
    gathering: Gathering, app: Flask, at: At
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.confirm(event)
    at(NINE + timedelta(days=40))
    secretary = Browser(app).sign_in("secretary")
    page = recorded(secretary, event.id, gathering.a.id, made_on="2026-12-26")
    assert page.status == 200
    assert "逾期" in page.text


def test_a_record_written_by_mistake_is_struck_out_after_a_question(
    gathering: Gathering, app: Flask, at: At
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.confirm(event)
    at(NINE + 72 * HOUR)
    secretary = Browser(app).sign_in("secretary")
    recorded(secretary, event.id, gathering.a.id)
    (made,) = db.session.query(MakeUp)
    page = secretary.get(f"/events/{event.id}/leaves/make-ups/{made.id}")
    form = page.form("/remove")
    assert "删除党员测试甲的补课记录" in page.text
    secretary.submit(form)
    assert db.session.query(MakeUp).count() == 0
    rows = Browser(app).sign_in("auditor").get("/admin/audit").find_all("tr")
    assert sum("删除补课记录" in text_of(row) for row in rows) == 1


def test_the_page_asks_the_same_for_one_and_for_fifty(
    gathering: Gathering,
    app: Flask,
    at: At,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    small, large = gathering.lesson(gathering.branch_two), gathering.lesson()
    gathering.many(50)
    at(NINE + HOUR)
    gathering.confirm(small)
    gathering.confirm(large)
    secretary = Browser(app).sign_in("secretary")
    one, many = (f"/events/{event.id}/leaves/make-ups" for event in (small, large))
    secretary.get(one)
    few = queries_of(lambda: secretary.get(one))
    assert few == queries_of(lambda: secretary.get(many))
    assert few <= 8
