"""Signing up and calling the roll without a mouse."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import address
from tests.browser.steps import count_of, expect_count, my_signup

Visit = Callable[..., Page]

MOST_STOPS = 60


def test_sign_up_and_tick_by_keyboard_alone(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "member4")
    page.goto("/events/")
    _tab_to(page, page.get_by_role("link", name="跳到正文"))
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_role("main").get_by_role("link", name="第四讲").first)
    page.keyboard.press("Enter")
    expect(my_signup(page)).to_have_attribute("data-my-signup", "none")
    _tab_to(page, my_signup(page).get_by_role("button", name="报名", exact=True))
    page.keyboard.press("Enter")
    expect(my_signup(page)).to_have_attribute("data-my-signup", "confirmed")
    # The focus moves to what has changed; whoever tabs on starts from there.
    expect(my_signup(page).locator(".signup-state")).to_be_focused()
    under_way = page.locator(".htmx-request, .htmx-swapping, .htmx-added, .htmx-settling")
    expect(under_way).to_have_count(0)
    _open_by_keyboard(page, my_signup(page).locator("details.ask"))
    _tab_to(page, my_signup(page).get_by_role("button", name="取消报名"))
    page.keyboard.press("Space")
    expect(my_signup(page)).to_have_attribute("data-my-signup", "cancelled")

    roll = visit(own_demo, "secretary")
    roll.goto("/")
    _tab_to(roll, roll.get_by_role("link", name="点名").first)
    roll.keyboard.press("Enter")
    expect(roll.get_by_role("searchbox")).to_be_focused()
    before = count_of(roll, "present")
    row = roll.locator('[data-status="expected"]').first
    person = f'[data-person="{row.get_attribute("data-person")}"]'
    _tab_to(roll, roll.locator(f"{person} .roll-tap"))
    roll.keyboard.press("Space")
    expect_count(roll, "present", before + 1)
    # The focus stays on the row, so the next one is two stops away.
    expect(roll.locator(f"{person} .roll-tap")).to_be_focused()
    _open_by_keyboard(roll, roll.locator(f"{person} details"))
    _tab_to(roll, roll.locator(person).get_by_role("button", name="病假"))
    roll.keyboard.press("Enter")
    expect(roll.locator(person)).to_have_attribute("data-status", "leave_sick")
    expect_count(roll, "present", before)


def test_the_door_without_a_network_by_keyboard_alone(
    own_demo: str, demo_template: Path, visit: Visit
) -> None:
    page = visit(own_demo, "secretary")
    page.goto(address(demo_template, "/events/{running}/door"))
    _tab_to(page, page.get_by_role("button", name="准备离线"))
    page.keyboard.press("Enter")
    expect(page.locator("#door-mode")).to_contain_text("已全部发送")
    expect(page.locator("#door-q")).to_be_focused()
    page.context.set_offline(True)
    before = count_of(page, "present")
    row = page.locator("#door-rows li:not(.has-come)").first
    person = f'#door-rows [data-person="{row.get_attribute("data-person")}"]'
    name = row.locator(".door-name").inner_text()
    _tab_to(page, page.locator(f"{person} .door-tap"))
    page.keyboard.press("Space")
    expect_count(page, "present", before + 1)
    expect(page.locator(f"{person} .door-tap")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f"{person} .door-back")).to_be_focused()
    page.keyboard.press("Enter")
    expect_count(page, "present", before)
    expect(page.locator("#door-said")).to_contain_text(f"已撤销{name}")
    expect(page.locator("#door-q")).to_be_focused()
    page.keyboard.type("没有这个人")
    _tab_to(page, page.get_by_role("button", name="记下姓名"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("姓名", exact=True)).to_have_value("没有这个人")
    page.keyboard.press("Enter")
    expect(page.locator("#door-mode")).to_contain_text("离线：3 条待发送")


def _open_by_keyboard(page: Page, details: Locator) -> None:
    """Open what is folded, and see that it stays open."""
    _tab_to(page, details.locator("summary"))
    page.keyboard.press("Enter")
    expect(details).to_have_attribute("open", "")


def _tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until the focus is there; what cannot be reached is a fault."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if goal.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"not reached by the keyboard: {goal}")
