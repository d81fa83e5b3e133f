"""The main job in a real browser: post, sign up, be counted, confirm; budgets are counted."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from portal import clock
from portal.people.naming import pinyin_key, search_keys
from tests.browser.steps import (
    Hand,
    assert_balanced,
    count_of,
    counts_of,
    downloaded_sheet,
    expect_count,
    my_signup,
)

Visit = Callable[..., Page]

both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


# ---- journey 1: the last event again


@both_ways
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_secretary_copies_the_last_event_and_publishes_it(
    own_demo: str, visit: Visit, size: str, scripts: bool
) -> None:
    page = visit(own_demo, "secretary", size=size, scripts=scripts)
    day = f"{clock.today() + timedelta(days=23)}"
    hand = Hand()

    page.goto("/")
    title = _running_lesson(page).inner_text()
    hand.click(_running_lesson(page))
    hand.click(page.get_by_role("button", name="复制"))
    hand.fill(page.get_by_label("开始时间"), f"{day}T09:30")
    hand.fill(page.get_by_label("结束时间"), f"{day}T11:00")
    hand.click(page.get_by_role("button", name="保存并发布"))

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("region", name="要点")).to_contain_text("9:30")
    expect(my_signup(page)).to_have_attribute("data-my-signup", "none")
    assert hand.count <= 5
    page.goto(f"/events/?q={title}")
    expect(page.get_by_role("link", name=title).first).to_be_visible()


def _running_lesson(page: Page) -> Locator:
    """On the host's home: the lesson that is on now."""
    return page.locator(".slot.is-now").get_by_role("link", name=re.compile("系列党课"))


# ---- journey 2: a participant signs up, takes the date home, and thinks again


@both_ways
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_participant_signs_up_and_cancels(
    own_demo: str, visit: Visit, size: str, scripts: bool
) -> None:
    page = visit(own_demo, "member4", size=size, scripts=scripts)
    hand = Hand()

    page.goto("/")
    hand.click(_open_events(page).get_by_role("link").first)
    expect(my_signup(page)).to_have_attribute("data-my-signup", "none")
    before = hand.count
    hand.click(my_signup(page).get_by_role("button", name="报名", exact=True))
    expect(my_signup(page)).to_have_attribute("data-my-signup", "confirmed")
    assert hand.count - before == 1, "one tap from the event page"
    assert hand.count == 2, "two taps from home"

    calendar = _downloaded_text(page, page.get_by_role("link", name="加入日历"))
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert "DTSTART" in calendar

    my_signup(page).locator("summary", has_text="取消报名").click()
    page.get_by_label("原因").fill("临时出差")
    my_signup(page).get_by_role("button", name="取消报名").click()
    expect(my_signup(page)).to_have_attribute("data-my-signup", "cancelled")
    expect(my_signup(page)).to_contain_text("临时出差")
    expect(my_signup(page).get_by_role("button", name="重新报名")).to_be_visible()


@both_ways
def test_participant_signs_up_from_home_in_one_tap(
    own_demo: str, visit: Visit, scripts: bool
) -> None:
    page = visit(own_demo, "member4", size="phone", scripts=scripts)
    page.goto("/")
    _open_events(page).get_by_role("button", name=re.compile("^报名")).first.click()
    expect(my_signup(page)).to_have_attribute("data-my-signup", "confirmed")


def _open_events(page: Page) -> Locator:
    """On the participant's home: what one can sign up for."""
    return page.get_by_role("region", name="可以报名").locator("li")


def _downloaded_text(page: Page, link: Locator) -> str:
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


# ---- journey 3: the roll


@both_ways
def test_recorder_ticks_by_initials_and_takes_it_back(
    own_demo: str, visit: Visit, scripts: bool
) -> None:
    page = _roll(visit(own_demo, "secretary", size="tablet", scripts=scripts))
    other = _roll(visit(own_demo, "secretary", size="desktop", scripts=scripts))
    name, keys = _expected_and_initials(page)
    before = counts_of(page)
    assert_balanced(before)

    hand = Hand()
    expect(page.get_by_role("searchbox")).to_be_focused()
    hand.type(page, keys)
    hand.press(page, "Enter")
    assert hand.count <= 4
    undo = page.get_by_role("status").filter(has_text=name).get_by_role("button", name="撤销")
    undo.focus()  # a message that somebody is using stays
    expect_count(page, "present", before["present"] + 1)
    expect_count(page, "absent", before["absent"] - 1)
    assert_balanced(counts_of(page))

    _look_again(other, scripts=scripts)
    expect_count(other, "present", before["present"] + 1)

    undo.click()
    expect_count(page, "present", before["present"])
    _look_again(other, scripts=scripts)
    expect_count(other, "present", before["present"])


@both_ways
@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_recorder_ticks_with_a_finger_and_gives_leave(
    own_demo: str, visit: Visit, size: str, scripts: bool
) -> None:
    page = _roll(visit(own_demo, "secretary", size=size, scripts=scripts))
    before = counts_of(page)
    persons = [
        row.get_attribute("data-person")
        for row in page.locator('[data-status="expected"]').all()[:2]
    ]

    page.locator(f'[data-person="{persons[0]}"] .roll-tap').click()
    expect(page.locator(f'[data-person="{persons[0]}"]')).to_have_attribute(
        "data-status", re.compile("present|late")
    )
    row = page.locator(f'[data-person="{persons[1]}"]')
    row.locator("summary").click()
    row.get_by_role("button", name="病假").click()
    expect(row).to_have_attribute("data-status", "leave_sick")

    expect_count(page, "present", before["present"] + 1)
    expect_count(page, "leave", before["leave"] + 1)
    assert_balanced(counts_of(page))


@both_ways
def test_participant_checks_in_with_the_code_on_the_wall(
    own_demo: str, visit: Visit, scripts: bool
) -> None:
    wall = _roll(visit(own_demo, "secretary", scripts=scripts))
    wall.get_by_role("link", name="投屏签到码").click()
    before = count_of(wall, "present")
    code = re.sub(r"\s", "", wall.locator(".wall-letters").inner_text())

    phone = visit(own_demo, "member5", size="phone", scripts=scripts)
    phone.goto(f"/c/{code}")
    phone.get_by_role("button", name="签到", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到")

    if not scripts:
        wall.reload()  # the wall does so by itself every ten seconds
    expect_count(wall, "present", before + 1)
    expect(wall.get_by_role("list", name="刚刚签到").get_by_role("listitem").first).to_contain_text(
        "覃㛃"
    )


def test_wrong_code_is_refused_in_words(own_demo: str, visit: Visit) -> None:
    phone = visit(own_demo, "member5", size="phone")
    answer = phone.goto("/c/ZZZZZZ")
    assert answer is not None
    assert 400 <= answer.status < 500
    expect(phone.get_by_role("alert")).to_be_visible()


def _roll(page: Page) -> Page:
    """From the host's home to the roll of what is on now."""
    page.goto("/")
    now = page.locator(".slot.is-now", has_text="系列党课")
    now.get_by_role("link", name="点名").click()
    expect(page.locator("#roll-rows")).to_be_visible()
    return page


def _look_again(page: Page, *, scripts: bool) -> None:
    """An open screen follows by itself; without scripts its reader loads it again."""
    if not scripts:
        page.reload()


def test_a_tick_is_not_called_off_by_the_search_that_was_typed_before_it(
    own_demo: str, visit: Visit
) -> None:
    page = _roll(visit(own_demo, "secretary"))
    name, keys = _expected_and_initials(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/attendance/find", hold)  # the tick takes its time to arrive
    with page.expect_response(lambda answer: "?q=" in answer.url):  # the search overtakes it
        page.keyboard.type(keys)
        page.keyboard.press("Enter")
    held[0].continue_()
    expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")


def _expected_and_initials(page: Page) -> tuple[str, str]:
    """Somebody not here yet whom at most three initials single out on this roll."""
    names = page.locator("#roll-rows .roll-name").all_inner_texts()
    expected = page.locator('[data-status="expected"] .roll-name').all_inner_texts()
    keys = [key for name in names for key in {*search_keys(name)}]
    for name in expected:
        typed = _initials(name)[:3]
        if sum(key.startswith(typed) for key in keys) == 1:
            return name, typed
    raise AssertionError(f"nobody is singled out by three initials: {names}")


def _initials(name: str) -> str:
    """武若平 -> wrp"""
    return "".join(syllable[0] for syllable in pinyin_key(name).split())


# ---- journey 4: confirm, and the sheet


@both_ways
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_branch_secretary_confirms_and_takes_the_sheet(
    own_demo: str, visit: Visit, size: str, scripts: bool
) -> None:
    page = visit(own_demo, "branch", size=size, scripts=scripts)
    page.goto("/")
    hand = Hand()
    hand.click(
        page.locator('[data-task="confirm_roll"]').get_by_role("link", name="核对并确认").first
    )
    hand.click(page.get_by_role("button", name="确认名册"))
    expect(page.get_by_text("名册已确认", exact=True)).to_be_visible()
    assert hand.count <= 2

    numbers = counts_of(page)
    assert_balanced(numbers)
    assert numbers["due"] > 0
    assert page.locator('[data-status="expected"]').count() == 0
    names = page.locator("#roll-rows .roll-name").all_inner_texts()
    arrived = {
        row.locator(".roll-name").inner_text() for row in page.locator(".roll-row.has-come").all()
    }

    sheet = downloaded_sheet(page)
    assert (sheet.due, sheet.present) == (numbers["due"], numbers["present"])
    assert sorted(sheet.names) == sorted(names)
    assert {row["姓名"] for row in sheet.rows if row["签到"]} == arrived
