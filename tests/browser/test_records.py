"""Taking down what is said, live: by keyboard alone, two at once, through a killed server."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import live
from tests.browser.steps import Hand

Visit = Callable[..., Page]

_DRAFT = "SELECT id FROM meeting_record WHERE title LIKE '红色书屋研讨%'"


@pytest.fixture
def instance(demo_template: Path, tmp_path: Path) -> Path:
    """An instance folder with the demo, of this test alone."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_template, folder)
    return folder


def rows(instance: Path, question: str) -> list[tuple]:
    with sqlite3.connect(instance / "portal.sqlite") as connection:
        return connection.execute(question).fetchall()


def database(instance: Path) -> str:
    return f"sqlite:///{instance / 'portal.sqlite'}"


def speaker(page: Page) -> tuple[str, str]:
    """Return two letters that find somebody who is here, and who that is."""
    people = json.loads(page.locator("#note-form").get_attribute("data-people") or "[]")
    for _, name, _, _, keys in people:
        letters = [key for key in keys if re.fullmatch("[a-z]{2,3}", key)]
        for key in letters:
            typed = key[:2]
            first = next(one for one in people if any(k.startswith(typed) for k in one[4]))
            if first[1] == name:
                return typed, name
    raise AssertionError("nobody is found by two letters")


def take_down(page: Page, letters: str, words: str, kind: int = 1) -> None:
    """Take one statement down with the keyboard alone, the speaker's box having the focus."""
    expect(page.locator("#speaker")).to_be_focused()
    page.keyboard.type(letters)
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press(f"Alt+Digit{kind}")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_forty_statements_typed_live_survive_a_killed_server_and_a_closed_tab(
    instance: Path, visit: Visit
) -> None:
    ((record,),) = rows(instance, _DRAFT)
    known = len(rows(instance, f"SELECT id FROM statement WHERE record_id = {record}"))
    address = f"/records/{record}/notes"
    with live.running(instance, database(instance)) as server:
        page = visit(server.address, "secretary")
        page.goto(address)
        letters, name = speaker(page)
        for number in range(15):
            take_down(page, letters, f"第{number}句原话", kind=number % 6 + 1)
        expect(page.locator("#note-state")).to_have_text("都已送到。")
        server.kill()
        for number in range(15, 30):
            take_down(page, letters, f"第{number}句原话", kind=number % 6 + 1)
        expect(page.locator("#note-state")).to_contain_text("15 条待送")
        page.keyboard.type("未")
        page.keyboard.press("Escape")
        page.locator("#text").fill("写到一半")
    page.goto("about:blank")
    with live.running(instance, database(instance), PORT=server.port):
        page.goto(f"{server.address}{address}")
        expect(page.locator("#text")).to_have_value("写到一半")
        expect(page.locator("#note-state")).to_have_text("都已送到。")
        page.locator("#text").fill("")
        page.locator("#speaker").fill("")
        page.locator("#speaker").focus()
        for number in range(30, 40):
            take_down(page, letters, f"第{number}句原话", kind=number % 6 + 1)
        expect(page.locator("#note-state")).to_have_text("都已送到。")
        expect(page.locator("#said li.said").first).to_contain_text("第39句原话")
    found = rows(
        instance,
        "SELECT position, speaker_name, text FROM statement"
        f" WHERE record_id = {record} ORDER BY position",
    )
    assert found[known:] == [(known + 1 + place, name, f"第{place}句原话") for place in range(40)]


def test_two_recorders_at_once_take_down_different_statements(own_demo: str, visit: Visit) -> None:
    first, second = visit(own_demo, "secretary"), visit(own_demo, "office")
    first.goto("/records/?q=红色书屋")
    first.get_by_role("link", name="红色书屋研讨：党建引领社会治理创新").click()
    first.get_by_role("link", name="逐条发言", exact=True).click()
    expect(first.locator("#speaker")).to_be_focused()
    second.goto(first.url)
    letters, _ = speaker(first)
    for number in range(4):
        take_down(first, letters, f"甲记的第{number}句")
        take_down(second, letters, f"乙记的第{number}句", kind=2)
    for page in (first, second):
        expect(page.locator("#note-state")).to_have_text("都已送到。")
        page.locator("#speaker").focus()
        for number in range(4):
            for who in "甲乙":
                expect(page.locator("#said")).to_contain_text(f"{who}记的第{number}句")


def test_whoever_is_refused_gets_the_words_back(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "secretary")
    page.goto("/records/?q=红色书屋")
    page.get_by_role("link", name="红色书屋研讨：党建引领社会治理创新").click()
    page.get_by_role("link", name="逐条发言", exact=True).click()
    expect(page.locator("#speaker")).to_be_focused()
    page.keyboard.type("qqqq")
    page.keyboard.press("Enter")
    expect(page.locator("#post")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("原话在此")
    page.keyboard.press("Enter")
    waiting = page.locator("#note-waiting li")
    expect(waiting).to_contain_text("名册上没有“qqqq”")
    waiting.get_by_role("button", name="改一改").click()
    expect(page.locator("#text")).to_have_value("原话在此")
    expect(waiting).to_have_count(0)


def test_a_draft_is_saved_as_one_types_and_kept_through_a_killed_server(
    instance: Path, visit: Visit
) -> None:
    ((record,),) = rows(instance, _DRAFT)
    address = f"/records/{record}/edit"
    with live.running(instance, database(instance)) as server:
        page = visit(server.address, "secretary")
        page.goto(address)
        page.get_by_label("讨论发言").fill("存得上的一段")
        expect(page.locator("[data-saved]")).to_be_visible()
        assert rows(instance, f"SELECT discussion FROM meeting_record WHERE id = {record}") == [
            ("存得上的一段",)
        ]
        server.kill()
        page.get_by_label("讨论发言").fill("存得上的一段，断网后又写的")
        expect(page.locator("#saved")).to_contain_text("已留在这台电脑上")
    page.goto("about:blank")
    with live.running(instance, database(instance), PORT=server.port):
        page.goto(f"{server.address}{address}")
        expect(page.get_by_label("讨论发言")).to_have_value("存得上的一段")
        page.get_by_role("button", name="放回来").click()
        expect(page.get_by_label("讨论发言")).to_have_value("存得上的一段，断网后又写的")
        expect(page.locator("[data-saved]")).to_be_visible()
        page.reload()
        expect(page.get_by_label("讨论发言")).to_have_value("存得上的一段，断网后又写的")
        expect(page.locator("#kept-here")).to_be_hidden()


def test_two_who_write_into_one_part_see_both_texts(own_demo: str, visit: Visit) -> None:
    first, second = visit(own_demo, "secretary"), visit(own_demo, "office")
    first.goto("/records/?q=红色书屋")
    first.get_by_role("link", name="红色书屋研讨：党建引领社会治理创新").click()
    first.get_by_role("link", name="修改").click()
    expect(first.get_by_label("讨论发言")).to_be_visible()
    second.goto(first.url)
    first.get_by_label("讨论发言").fill("甲写的讨论")
    expect(first.locator("[data-saved]")).to_be_visible()
    second.get_by_label("主持人").fill("乙填的主持")
    expect(second.locator("[data-saved]")).to_be_visible()
    second.get_by_label("讨论发言").fill("乙写的讨论")
    told = second.locator("#saved [role=alert]")
    expect(told).to_contain_text("甲写的讨论")
    expect(told).to_contain_text("乙写的讨论")
    expect(second.get_by_label("讨论发言")).to_have_value("乙写的讨论")
    second.get_by_role("button", name="看过了，按表里现在的保存").click()
    expect(second.get_by_role("heading", name="基本情况")).to_be_visible()
    expect(second.locator("main")).to_contain_text("乙写的讨论")
    expect(second.locator("main")).to_contain_text("乙填的主持")


# ---- journey 5: what was said becomes a case, or is settled where it was said


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_a_statement_to_a_case_in_two_actions(
    own_demo: str, visit: Visit, scripts: bool
) -> None:
    page = visit(own_demo, "secretary", scripts=scripts)
    page.goto("/records/?q=红色书屋")
    page.get_by_role("link", name="红色书屋研讨：党建引领社会治理创新").click()
    said = page.locator("li.said").filter(has=page.get_by_role("link", name="转为事项")).first
    words = said.locator(".said-words").inner_text()
    hand = Hand()
    hand.click(said.get_by_role("link", name="转为事项"))
    hand.click(page.get_by_role("button", name="登记", exact=True))
    expect(page.locator("[data-words]")).to_contain_text(words)
    assert hand.count <= 2
    page.get_by_role("link", name="红色书屋研讨：党建引领社会治理创新").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("红色书屋研讨")


def test_on_a_phone_it_is_settled_on_the_spot_from_the_roll(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "secretary", size="phone")
    page.goto("/")
    page.locator(".slot.is-now").get_by_role("link", name="点名").first.click()
    hand = Hand()
    hand.click(page.get_by_role("link", name="当场办结"))
    button, bar = page.get_by_role("button", name="登记并办结"), page.locator(".places")
    ends, begins = button.bounding_box(), bar.bounding_box()
    assert ends is not None
    assert begins is not None
    assert ends["y"] + ends["height"] <= begins["y"], "the whole form is seen without scrolling"
    hand.fill(page.locator("#words"), "楼道里的灯不亮")
    hand.fill(page.locator("#measures"), "当场换了灯泡")
    hand.click(page.get_by_label("诉求人当面确认已经解决"))
    hand.click(page.get_by_role("button", name="登记并办结"))
    expect(page.locator("[data-words]")).to_contain_text("楼道里的灯不亮")
    expect(page.locator("main")).to_contain_text("已销号")
    assert hand.count <= 5, "two sentences, a tick and two taps"


def test_it_is_settled_on_the_spot_by_the_keyboard_alone(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "secretary", size="phone")
    page.goto("/cases/spot")
    keyboard = page.keyboard
    expect(page.locator("#words")).to_be_focused()
    for key in ("楼道里的灯不亮", "Tab", "当场换了灯泡", "Tab", "Space", "Tab", "Enter"):
        keyboard.press(key) if key.isascii() else keyboard.type(key)
    expect(page.locator("[data-words]")).to_contain_text("楼道里的灯不亮")
    expect(page.locator("main")).to_contain_text("已销号")
