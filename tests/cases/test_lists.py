"""Lists, board, calendar, figures: what they show, and that they ask little of the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.cases import services
from portal.cases.models import CallBackMethod, Case, Counting, Satisfaction
from portal.cases.queries import standing
from portal.cases.services import Answer
from portal.database import db
from portal.messages.models import Message
from tests import factories
from tests.cases.conftest import SignedIn
from tests.chores import work_at
from tests.factories import Street
from tests.page import text_of

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
CONTENT = Answer(CallBackMethod.PHONE, True, Satisfaction.SATISFIED, "好了")


PAGES = [
    "/cases/",
    "/cases/?show=all&q=楼道",
    "/cases/?show=closed",
    "/cases/board",
    "/cases/calendar",
    "/cases/waiting",
    "/cases/rates",
    "/cases/rates/rows?figure=valid",
]


def test_pages_ask_the_same_with_one_and_with_fifty(
    street: Street, as_: SignedIn, queries_of: Callable, any_database: str
) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            factories.case(street.branch_one, street.branch)
            closed = factories.case(street.branch_one, street.branch)
            services.settle(case=closed, words="好了", actor=street.branch)
            services.close(case=closed, answer=CONTENT, actor=street.branch)
        factories.commit()

    def asked() -> dict[str, int]:
        return {path: queries_of(lambda path=path: browser.get(path)) for path in PAGES}

    browser = as_("secretary")
    add(1)
    asked()
    few = asked()
    add(49)
    assert asked() == few
    assert max(few.values()) <= 8


@pytest.mark.parametrize("show", ["open", "all"])
def test_a_house_is_found_by_its_number_and_what_is_said_of_it(
    street: Street, as_: SignedIn, show: str, any_database: str
) -> None:
    for words in ("第7号楼加装电梯", "7楼加装电梯", "第7号楼路灯不亮", "第9号楼加装电梯"):
        factories.case(street.branch_one, street.branch, words=words)
    factories.commit()
    page = as_("secretary").get("/cases/", q="第7号 电梯", show=show)
    assert [text_of(one) for one in page.by("class", "title")] == ["第7号楼加装电梯"]


def test_a_case_page_asks_little(street: Street, as_: SignedIn, queries_of: Callable) -> None:
    case = factories.case(street.branch_one, street.branch)
    factories.commit()
    browser = as_("secretary")
    browser.get(f"/cases/{case.id}")
    assert queries_of(lambda: browser.get(f"/cases/{case.id}")) <= 8


def test_marks_filters_and_the_board_follow_the_clock(street: Street, as_: SignedIn) -> None:
    with time_machine.travel(MONDAY, tick=False):
        factories.case(street.branch_one, street.branch, words="先到期", due=(1, Counting.HOURS))
        factories.case(street.branch_one, street.branch, words="后到期")
        factories.commit()
        page = as_("secretary").get("/cases/")
        assert [text_of(one) for one in page.by("class", "title")] == ["先到期", "后到期"]
        assert not page.by("data-mark")
    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        page = as_("secretary").get("/cases/", show="red")
        assert len(page.by("data-mark", "red")) == 1
        assert not as_("secretary").get("/cases/", show="yellow").by("data-mark")
    with time_machine.travel(MONDAY + 4 * DAY, tick=False):  # Friday before the Monday
        page = as_("secretary").get("/cases/", show="yellow")
        assert len(page.by("data-mark", "yellow")) == 1
        board = as_("secretary").get("/cases/board")
        assert text_of(board.by("data-count", "to_accept")[0]) == "2"
        assert "后到期" in as_("secretary").get("/cases/calendar").text


def test_the_board_says_how_many_more_there_are(street: Street, as_: SignedIn) -> None:
    for _ in range(11):
        factories.case(street.branch_one, street.branch)
    factories.commit()
    page = as_("secretary").get("/cases/board")
    column = page.by("data-column", "to_accept")[0]
    assert "还有 3 件" in text_of(column)
    assert "受理" in text_of(column), "moving a card is a form"


def test_filters_are_kept_under_a_name_and_hold_nothing_else(
    street: Street, as_: SignedIn, way: str
) -> None:
    browser = as_("secretary")
    form = browser.get("/cases/?show=red&q=路灯").form("/cases/filters")
    browser.submit(form, htmx=way == "htmx", name="红牌路灯", asked=form.fields["asked"] + "&x=//y")
    links = browser.get("/cases/").links()
    assert links["红牌路灯"] == "/cases/?q=%E8%B7%AF%E7%81%AF&show=red"
    assert browser.submit(form, name="").status == 422
    page = browser.get("/cases/")
    browser.submit(page.form("/remove"))
    assert "红牌路灯" not in browser.get("/cases/").links()


def test_rates_are_counted_by_their_formulas_and_open_their_rows(
    street: Street, as_: SignedIn
) -> None:
    now = datetime.now(UTC)
    cases = [factories.case(street.branch_one, street.branch) for _ in range(4)]
    for case in cases[:3]:
        services.settle(case=case, words="好了", actor=street.branch, has_contacted=True)
    services.close(case=cases[0], answer=CONTENT, actor=street.secretary)
    not_content = Answer(CallBackMethod.PHONE, False, Satisfaction.NOT, "没好")
    services.redo(case=cases[1], answer=not_content, actor=street.secretary)
    services.exclude(case=cases[3], reason="重复来件", actor=street.secretary)
    factories.commit()
    page = as_("secretary").get(f"/cases/rates?from={now.year}-01-01")
    rates = {row.get("data-rate"): text_of(row) for row in page.by("data-rate")}
    assert rates["responded"].startswith("响应率100.0%33")
    assert rates["solved"].startswith("解决率50.0%12")
    assert rates["satisfied"].startswith("满意率50.0%12")
    rows = as_("secretary").get("/cases/rates/rows", figure="called_back")
    assert {row.get("data-case") for row in rows.by("data-case")} == {
        str(case.id) for case in cases[:2]
    }
    none = as_("secretary2").get("/cases/rates")
    assert "没有登记的事" in none.text
    assert as_("secretary2").get("/cases/rates", org=street.branch_one.id).status == 404


def test_the_next_meeting_opens_with_what_was_asked_last_time(
    street: Street, as_: SignedIn
) -> None:
    now = datetime.now(UTC)
    last = factories.event(street.branch_one, street.branch, starts_at=now - 10 * DAY)
    then = factories.event(street.branch_one, street.branch, starts_at=now + DAY, title="再一次")
    one = factories.case(street.branch_one, street.branch, event=last)
    factories.case(street.branch_one, street.branch, event=last)
    services.settle(case=one, words="好了", actor=street.branch)
    services.close(case=one, answer=CONTENT, actor=street.secretary)
    factories.commit()
    page = as_("branch").get(f"/events/{then.id}")
    assert page.by("data-asked-before", "2")
    assert "上次提出的 2 件事：1 件已办结并确认，1 件还没有受理。" in page.text
    assert not as_("a").get(f"/events/{then.id}").by("data-asked-before")
    assert not as_("branch").get(f"/events/{last.id}").by("data-asked-before")
    assert standing is not None


def test_yellow_and_red_are_told_once_each_and_never_at_night(app: Flask, street: Street) -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = factories.case(street.branch_one, street.branch)
        factories.commit()

    def told(to: int) -> list[str]:
        wanted = select(Message.subject).where(
            Message.person_id == to, Message.subject.like("%牌%")
        )
        return list(db.session.scalars(wanted.order_by(Message.id)))

    friday = MONDAY + 4 * DAY
    work_at(app, friday - timedelta(hours=8))  # two in the morning
    assert told(street.branch.id) == []
    work_at(app, friday)
    work_at(app, friday + timedelta(hours=2))
    assert [subject[:2] for subject in told(street.branch.id)] == ["黄牌"]
    work_at(app, MONDAY + 8 * DAY)
    work_at(app, MONDAY + 8 * DAY + timedelta(hours=2))
    assert [subject[:2] for subject in told(street.branch.id)] == ["黄牌", "红牌"]
    assert case.id


def test_limits_are_dated_rows_with_their_source(street: Street, as_: SignedIn) -> None:
    page = as_("secretary").get("/cases/settings")
    assert "5 个工作日" in text_of(page.by("data-limit", "due")[0])
    assert "山东省政务服务热线管理办法" in page.text
    assert not [form for form in page.forms() if form.action == "/cases/settings"]
    office = as_("office")
    form = office.get("/cases/settings").form("/cases/settings")
    refused = office.submit(form, key="return", amount="3", counting="hours", source="本区规定")
    assert "按工作日计算" in refused.errors()["counting"]
    office.submit(form, key="due", amount="3", counting="working_days", source="本区规定")
    assert "3 个工作日" in as_("secretary").get("/cases/settings").text
    with time_machine.travel(MONDAY, tick=False):
        early = factories.case(street.branch_one, street.branch)
    late = factories.case(street.branch_one, street.branch)
    assert (early.due_amount, late.due_amount) == (5, 3)
    assert db.session.scalars(select(Case.id)).all()
