"""Saying how it was, and finding anything: in a real browser, as people meet it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import address


def opened(page: Page) -> None:
    expect(page.locator(".search-panel")).to_be_visible()


def test_a_member_says_how_it_was_on_a_phone_and_is_not_asked_again(
    own_demo: str, visit: Visit
) -> None:
    page = visit(own_demo, "member1", size="phone")
    page.locator("[data-feedback]").get_by_role("link", name="填写反馈").click()
    page.get_by_label("比较满意").check()
    page.get_by_label("正合适").check()
    page.get_by_label("场地").check()
    page.get_by_label("还有什么建议？").fill("多留一点答问的时间")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[data-feedback]")).to_have_attribute("data-feedback", "answered")
    page.goto("/")
    expect(page.locator("[data-feedback]")).to_have_count(0)


def test_a_member_may_be_left_alone_without_scripts(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "member1", scripts=False)
    page.locator("[data-feedback]").get_by_role("button", name="不再提醒").click()
    expect(page.locator(".toast")).to_contain_text("不再提醒")
    expect(page.locator("[data-feedback]")).to_have_count(0)


@pytest.mark.parametrize("size", ["desktop", "narrow"])
def test_bars_are_as_long_as_their_share(
    demo: str, demo_template: Path, visit: Visit, size: str
) -> None:
    page = visit(demo, "secretary", size=size)
    page.goto(address(demo_template, "/events/{recorded}/feedback"))
    for row in page.locator(".feedback-bars tbody tr").all():
        share = int(re.sub(r"\D", "", row.locator("td").last.inner_text()))
        track, fill = (
            row.locator(f".feedback-{part}").bounding_box() for part in ("track", "fill")
        )
        assert track is not None
        assert track["width"] > 60
        width = fill["width"] if fill is not None else 0
        assert abs(width / track["width"] * 100 - share) < 1.5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_slash_goes_to_the_box_results_come_as_one_types_and_escape_closes(
    demo: str, visit: Visit
) -> None:
    page = visit(demo, "secretary")
    page.goto("/events/")
    page.keyboard.press("/")
    box = page.get_by_label("搜索全站")
    expect(box).to_be_focused()
    page.keyboard.type("hswy")
    opened(page)
    expect(page.locator(".search-panel mark").first).to_have_text("红色物业")
    page.keyboard.press("Escape")
    expect(page.locator(".search-panel")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/events/$"))


def test_the_keyboard_alone_opens_what_was_found(demo: str, visit: Visit) -> None:
    page = visit(demo, "secretary")
    page.keyboard.press("/")
    page.keyboard.type("红色物业")
    opened(page)
    expect(page.locator(".search-panel mark").first).to_be_visible()
    page.keyboard.press("Tab")  # the button
    page.keyboard.press("Tab")
    title = page.locator(".search-panel .title a").first
    expect(title).to_be_focused()
    words = title.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_slash_that_is_typed_into_a_field_stays_there(demo: str, visit: Visit) -> None:
    page = visit(demo, "secretary")
    page.goto("/events/")
    field = page.locator("#q")
    field.fill("a")
    field.press("/")
    expect(field).to_have_value("a/")
    expect(field).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_reaches_the_search_page_and_finds(demo: str, visit: Visit, scripts: bool) -> None:
    page = visit(demo, "member1", size="phone", scripts=scripts)
    page.get_by_role("link", name="搜索", exact=True).click()
    page.get_by_label("找什么").fill("dangke")
    if not scripts:
        page.get_by_role("button", name="搜索").click()
    expect(page.locator("#found mark").first).to_have_text("党课")
    expect(page).to_have_url(re.compile("q=dangke"))
    page.get_by_role("link", name=re.compile("活动：全部")).click()
    expect(page).to_have_url(re.compile("kind=event"))
    expect(page.locator("#found mark").first).to_have_text("党课")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if scripts else True
