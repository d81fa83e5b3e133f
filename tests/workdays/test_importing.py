"""The year's days off from a file: looked at first, taken as a whole, or not at all."""

import io
from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.database import db
from portal.workdays.models import DayKind, Holiday
from portal.workdays.queries import calendar_from
from tests.factories import Street
from tests.page import Browser, Form, Page

NOTICE = (
    "2027年部分节假日安排,,,\n节日,放假日期,至,类型\n"
    "元旦,2027年1月1日,2027年1月3日,放假\n春节,2027-02-05,2027/2/11,\n"
    "春节调休,2027-01-30,,调休上班\n"
)


@pytest.fixture
def office(browser: Browser) -> Browser:
    Street()
    return browser.sign_in("office")


def uploaded(browser: Browser, text: str) -> Page:
    data: dict[str, Any] = {
        "csrf_token": browser.token(),
        "file": (io.BytesIO(text.encode("gb18030")), "放假安排.csv"),
    }
    answer = browser.client.post("/events/holidays/import", data=data)
    return browser._arrive(answer, False)


def confirming(page: Page) -> list[Form]:
    """Return the form that takes what was looked at, where there is one."""
    return [
        form
        for form in page.forms()
        if "/holidays/import/" in form.action and not form.action.endswith("/discard")
    ]


def kept() -> dict[date, tuple[str, DayKind]]:
    db.session.rollback()
    return {one.day: (one.name, one.kind) for one in db.session.scalars(select(Holiday))}


def test_a_years_notice_is_looked_at_and_taken_and_again_changes_nothing(office: Browser) -> None:
    page = uploaded(office, NOTICE)
    assert page.status == 200, page.alert
    assert "2027年2月5日（周五）至2027年2月11日（周四）" in page.text
    assert not kept(), "nothing is written before the confirmation"
    page = office.submit(confirming(page)[0])
    assert "导入完成" in page.text
    assert len(kept()) == 11
    calendar = calendar_from(date(2027, 1, 1))
    assert calendar.is_worked(date(2027, 1, 30))
    assert not calendar.is_worked(date(2027, 2, 8))
    noted = select(AuditEntry).where(AuditEntry.action == "holiday.imported")
    assert '"created": 3' in db.session.scalars(noted).one().details
    page = uploaded(office, NOTICE)
    assert "没有可以新增或改动的内容" in page.text


def test_a_notice_that_was_changed_says_which_days(office: Browser) -> None:
    office.submit(confirming(uploaded(office, NOTICE))[0])
    changed = NOTICE.replace("2027/2/11", "2027/2/12").replace("春节,", "春节假期,", 1)
    page = uploaded(office, changed)
    assert "新增天数" in page.text
    office.submit(confirming(page)[0])
    assert len(kept()) == 12
    assert kept()[date(2027, 2, 12)] == ("春节假期", DayKind.OFF)
    assert kept()[date(2027, 2, 5)] == ("春节假期", DayKind.OFF)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("五一,,,放假", "没有写日期"),
        (",2027-05-01,,放假", "没有写名称"),
        ("五一,五月初,,放假", "五月初"),
        ("五一,2027-05-05,2027-05-01,放假", "结束日期早于开始日期"),
        ("五一,2027-05-01,2027-07-01,放假", "最多 31 天"),
        ("五一,1927-05-01,,放假", "年份不对"),
        ("五一,2027-05-06,,调休上班", "本来就上班"),
        ("五一,2027-05-01,,半天", "看不出是放假还是上班"),
        ("元旦,2027-01-02,,放假", "第 3 行已经写过"),
    ],
)
def test_one_wrong_row_keeps_the_whole_file_out(office: Browser, row: str, sentence: str) -> None:
    page = uploaded(office, f"{NOTICE}{row}\n")
    (refused,) = page.by("data-refused-row")
    assert sentence in "".join(refused.itertext())
    assert "整份都不会写入" in page.text
    assert not confirming(page)
    discard = next(form for form in page.forms() if form.action.endswith("/discard"))
    office.post(discard.action.removesuffix("/discard"), {})  # pressed all the same
    assert not kept()


def test_a_year_that_is_missing_is_warned_of(office: Browser) -> None:
    with time_machine.travel(date(2026, 10, 30), tick=False):
        page = Browser(office.app).sign_in("office").get("/events/holidays")
        assert [one.get("data-missing-year") for one in page.by("data-missing-year")] == ["2026"]
    with time_machine.travel(date(2026, 11, 2), tick=False):
        browser = Browser(office.app).sign_in("secretary")
        page = browser.get("/events/holidays")
        found = [one.get("data-missing-year") for one in page.by("data-missing-year")]
        assert found == ["2026", "2027"]
        assert "请提醒街道组织办" in page.text
