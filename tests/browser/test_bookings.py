"""A visit in a real browser: book, clash, be answered, move, call off; and a host's warnings."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from tests.browser.pages import address
from tests.browser.steps import Hand

Visit = Callable[..., Page]

both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


def fill_in(page: Page, unit: str, people: int) -> None:
    """What is asked of whoever wants to come; the contact is known already."""
    page.get_by_label("人数").fill(str(people))
    page.get_by_label("来访单位").fill(unit)
    page.get_by_label("参观目的").fill("学习议事会怎么开")


def phase(page: Page, word: str) -> None:
    expect(page.locator("[data-phase]")).to_have_attribute("data-phase", word)


@both_ways
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_book_clash_move_and_call_off(
    own_demo: str, demo_template: Path, visit: Visit, size: str, scripts: bool
) -> None:
    day = clock.today() + timedelta(days=21)
    calendar = address(demo_template, f"/sites/{{visited_site}}/calendar?date={day}")
    mine = visit(own_demo, "member14", size=size, scripts=scripts)
    theirs = visit(own_demo, "member15", size=size, scripts=scripts)
    keeper = visit(own_demo, "keeper", size=size, scripts=scripts)

    # Both see the same free slot of the red reading room.
    mine.goto(calendar)
    mine.get_by_role("link", name="红色书屋", exact=True).click()
    expect(mine.get_by_role("link", name="红色书屋", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    slot = mine.locator("a[href*='start=']:visible").first
    href = slot.get_attribute("href")
    assert href
    start = parse_qs(urlsplit(href).query)["start"][0]
    theirs.goto(href)
    fill_in(theirs, "后到的单位", 12)
    hand = Hand()
    hand.click(slot)
    expect(mine.locator(f"input[name=start][value='{start}']")).to_be_checked()
    fill_in(mine, "先到的单位", 20)
    hand.click(mine.get_by_role("button", name="提出预约"))
    phase(mine, "asked")
    assert hand.count == 2
    booking = mine.url

    # The second comes too late, keeps what was typed, and takes one of the three nearest.
    theirs.get_by_role("button", name="提出预约").click()
    expect(theirs.get_by_text("已被占用").first).to_be_visible()
    expect(theirs.get_by_label("来访单位")).to_have_value("后到的单位")
    nearest = theirs.get_by_role("group", name="最近的空时段").get_by_role("button")
    expect(nearest).to_have_count(3)
    nearest.first.click()
    phase(theirs, "asked")

    # The keeper finds it at home, sees the load, says yes.
    keeper.goto("/")
    waiting = keeper.get_by_role("region", name="待答复的参观预约")
    waiting.get_by_role("link", name="先到的单位").click()
    expect(keeper.get_by_text("这一周")).not_to_have_count(0)
    keeper.get_by_role("button", name="同意").click()
    phase(keeper, "approved")

    # Who asked reads the answer, moves the visit and is to be answered anew.
    mine.goto("/inbox/")
    expect(mine.get_by_text("同意了参观").first).to_be_visible()
    mine.goto(booking)
    phase(mine, "approved")
    mine.get_by_role("link", name="改期").click()
    others = mine.locator("input[name=start]:not(:checked)")
    others.last.check()
    mine.get_by_role("button", name="提出改期").click()
    phase(mine, "asked")
    expect(mine.get_by_text("时间有变")).to_be_visible()

    # And calls it off: the slot is free again.
    mine.get_by_role("link", name="取消预约").click()
    mine.get_by_label("原因").fill("临时有任务")
    mine.get_by_role("button", name="确认取消").click()
    phase(mine, "cancelled")
    theirs.goto(href)
    expect(theirs.locator(f"input[name=start][value='{start}']")).to_be_visible()


def test_the_slots_follow_the_day_and_the_number_of_people(
    demo: str, demo_template: Path, visit: Visit
) -> None:
    page = visit(demo, "member14", size="phone")
    page.goto(address(demo_template, "/sites/{visited_site}/bookings/new"))
    page.get_by_label("参观目的").fill("先写好的目的")
    page.get_by_label("人数").fill("55")
    page.get_by_label("人数").blur()
    expect(page.locator("#slots")).to_contain_text("党建展厅")
    sunday = clock.today() + timedelta(days=13 - clock.today().weekday())
    page.get_by_label("日期").fill(str(sunday))
    page.get_by_label("日期").blur()
    expect(page.locator("#slots")).to_contain_text("休整日")
    expect(page.get_by_label("参观目的")).to_have_value("先写好的目的")


def test_the_leaves_of_the_calendar_turn_by_keyboard(
    demo: str, demo_template: Path, visit: Visit
) -> None:
    page = visit(demo, "member14")
    page.goto(address(demo_template, "/sites/{visited_site}/calendar"))
    name = page.locator(".sheet-name")
    before = name.inner_text()
    page.get_by_role("link", name="下一周").focus()
    page.keyboard.press("Enter")
    expect(name).not_to_have_text(before)
    expect(page).to_have_url(re.compile("date="))
    page.get_by_role("link", name="月", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sheet-month")).to_be_visible()


@both_ways
def test_a_host_is_told_what_the_site_bears_before_publishing(
    own_demo: str, demo_template: Path, visit: Visit, scripts: bool
) -> None:
    page = visit(own_demo, "secretary", scripts=scripts)
    day = clock.today() + timedelta(days=22 - clock.today().weekday())  # a Tuesday
    page.goto("/events/new")
    page.get_by_label("标题").fill("红色书屋里的一堂课")
    page.get_by_label("开始时间").fill(f"{day}T20:00")
    page.get_by_label("结束时间").fill(f"{day}T21:00")
    venue = page.get_by_label("示范点和场地")
    value = venue.locator("option", has_text="红色书屋").first.get_attribute("value")
    venue.select_option(value)
    if not scripts:
        page.get_by_role("button", name="看场地有没有被占用").click()
    report = page.locator("#place-report")
    expect(report).to_contain_text("这一周")
    expect(report).to_contain_text("不在鲁商首府小区红色物业示范点的开放时间里")
    page.get_by_role("button", name="保存并发布").click()
    expect(page.get_by_role("region", name="要点")).to_contain_text("红色书屋")
    page.goto(address(demo_template, f"/sites/{{visited_site}}/calendar?view=day&date={day}"))
    expect(page.get_by_text("红色书屋里的一堂课").first).to_be_visible()
