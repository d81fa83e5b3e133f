"""The first day of a new portal: from an empty database to a confirmed roll and its sheet."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from portal import clock
from tests.browser.conftest import sign_in
from tests.browser.steps import (
    assert_balanced,
    command,
    counts_of,
    downloaded_sheet,
    expect_count,
    my_signup,
    open_account,
)
from tests.people.imports.sheets import shared_file

Visit = Callable[..., Page]

BRANCH = "汕头路社区第一党支部"
TITLE = "第一堂党课：社区治理从楼院开始"
OWN_PASSWORD = "Qing-hai-2026-lu"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_an_empty_database_to_a_sign_in_sheet(
    empty: str, empty_instance: Path, visit: Visit, scripts: bool
) -> None:
    organisations, roster = shared_file("organisations.csv"), shared_file("roster.xlsx")
    one_time = _create_administrators(empty_instance)
    _import(empty_instance, "organisations", organisations, created=118)
    _import(empty_instance, "people", roster, created=3200)
    members = _members(roster)

    windows = {
        username: visit(empty, size="desktop", scripts=scripts) for username in sorted(one_time)
    }
    for username, window in windows.items():
        _first_sign_in(window, username, one_time[username])

    secretary = members[0]
    password = _open_account(windows["sys"], secretary, "shuji")
    page = visit(empty, size="tablet", scripts=scripts)
    _first_sign_in(page, "shuji", password)
    expect(page.get_by_role("heading", level=1)).to_have_text("等待授权")
    _grant(windows["sec"], secretary)

    _post_lesson(page)
    _sign_somebody_up(page, members[3])
    _begin_now(page)
    missing = _tick_all_but_one(page)
    page.get_by_role("link", name="确认名册").click()
    expect(page.get_by_text("还有 1 人未到")).to_be_visible()
    page.get_by_role("button", name="确认名册").click()
    expect(page.get_by_text("名册已确认", exact=True)).to_be_visible()

    numbers = counts_of(page)
    assert numbers["due"] == len(members)
    assert numbers == {"due": len(members), "present": len(members) - 1, "leave": 0, "absent": 1}
    assert_balanced(numbers)
    sheet = downloaded_sheet(page)
    assert sheet.title == f"{TITLE}签到表"
    assert (sheet.due, sheet.present) == (numbers["due"], numbers["present"])
    assert sorted(sheet.names) == sorted(members)
    assert [row["姓名"] for row in sheet.rows if not row["签到"]] == [missing]

    _auditor_finds_it_all(windows["aud"])
    assert "完整" in command(empty_instance, "verify-audit")


def _create_administrators(instance: Path) -> dict[str, str]:
    """Run the first-run command; return the one-time passwords that it prints once."""
    said = command(
        instance, "create-admins", "--sysadmin", "sys", "--secadmin", "sec", "--auditor", "aud"
    )
    found = dict(re.findall(r"用户名 (\S+)  一次性密码 (\S+)", said))
    assert set(found) == {"sys", "sec", "aud"}
    return found


def _import(instance: Path, what: str, file: Path, *, created: int) -> None:
    said = command(instance, "import", what, str(file))
    assert said.splitlines()[-1] == f"created {created}, changed 0, unchanged 0, refused 0"


def _members(roster: Path) -> list[str]:
    """The branch as the roster has it, its secretary first."""
    lines = load_workbook(roster).worksheets[0].iter_rows(values_only=True)
    people = {
        str(line[1]): line[6] for line in lines if str(line[5]).replace(" ", "").strip() == BRANCH
    }
    assert len(people) > 5
    return sorted(people, key=lambda name: people[name] != "党支部书记")


def _first_sign_in(page: Page, username: str, one_time: str) -> None:
    """A one-time password opens nothing but the page where it is changed."""
    sign_in(page, username, one_time)
    page.goto("/events/")
    expect(page).to_have_url(re.compile("/me/password"))
    page.get_by_label("当前密码").fill(one_time)
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再填一次新密码").fill(OWN_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    expect(page).not_to_have_url(re.compile("/me/password"))


def _open_account(page: Page, name: str, username: str) -> str:
    """The system administrator finds somebody in the roster and opens an account."""
    page.goto("/admin/accounts")
    page.get_by_role("link", name="开立账号").click()
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    row = page.get_by_role("row", name=re.compile(f"{name}.*第一党支部"))
    row.get_by_role("link", name="开立").click()
    return open_account(page, username)


def _grant(page: Page, name: str) -> None:
    """The security administrator makes them secretary of their branch, which confirms it."""
    page.goto("/admin/grants?state=waiting")
    page.get_by_role("link", name=name).click()
    page.get_by_label("角色").select_option("branch_secretary")
    organisations = page.get_by_label("组织范围")
    value = organisations.locator("option", has_text=BRANCH).first.get_attribute("value")
    organisations.select_option(value)
    page.get_by_role("button", name="授予").click()
    expect(page.get_by_role("status").filter(has_text="已授权")).to_be_visible()


def _post_lesson(page: Page) -> None:
    """The secretary posts a lesson at which the whole branch is due."""
    page.goto("/")
    page.get_by_role("link", name="发布活动").first.click()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("类型").select_option("lesson")
    start = clock.local(clock.now() + timedelta(minutes=40))
    page.get_by_label("开始时间").fill(f"{start:%Y-%m-%dT%H:%M}")
    page.get_by_label("结束时间").fill(f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_label("地点").fill("一楼会议室")
    page.locator('label[for^="audience"]', has_text="应到").click()
    page.get_by_role("button", name="保存并发布").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(my_signup(page)).to_have_attribute("data-my-signup", "none")


def _sign_somebody_up(page: Page, name: str) -> None:
    page.get_by_role("link", name="替别人报名").click()
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="为勾选的人报名").click()
    expect(page.locator('[data-outcome="confirmed"]')).to_contain_text(name)
    page.get_by_role("link", name="回到活动").click()


def _begin_now(page: Page) -> None:
    """All are here before the hour: the host lets it begin a minute ago."""
    page.get_by_role("link", name="修改").click()
    start = clock.local(clock.now() - timedelta(minutes=1))
    page.get_by_label("开始时间").fill(f"{start:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="保存修改").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def _tick_all_but_one(page: Page) -> str:
    """Open the roll and mark all present but the last; return who is missing."""
    page.get_by_role("link", name="打开名册").click()
    page.get_by_role("link", name="除几个人外都到了").click()
    box = page.get_by_role("checkbox").last
    box.check()
    missing = page.locator("label.choice", has=page.locator("input:checked"))
    # The name stands before the tail of the phone.
    name = missing.inner_text().split()[0]
    page.get_by_role("button", name="没有勾选的都登记为已到").click()
    expect_count(page, "absent", 1)
    return name


def _auditor_finds_it_all(page: Page) -> None:
    page.goto("/admin/audit")
    expect(page.get_by_role("table")).to_contain_text("名册")
