"""The closing summary is saved as one types: tab or server may be killed, scripts may be off."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import live

Visit = Callable[..., Page]
_EVENT = (
    "SELECT event.id FROM event JOIN event_summary ON event_summary.event_id = event.id"
    " WHERE event.state = 'recorded'"
)


@pytest.fixture
def instance(demo_template: Path, tmp_path: Path) -> Path:
    """An instance folder with the demo, of this test alone; its summary is not written yet."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_template, folder)
    return folder


def rows(instance: Path, question: str) -> list[tuple]:
    with sqlite3.connect(instance / "portal.sqlite") as connection:
        return connection.execute(question).fetchall()


@pytest.fixture
def address(instance: Path) -> str:
    """The form of an event whose roll is confirmed and that has no summary."""
    ((event, *_), *_) = rows(instance, _EVENT)
    rows(instance, f"DELETE FROM event_summary WHERE event_id = {event}")
    return f"/events/{event}/summary/edit"


def database(instance: Path) -> str:
    return f"sqlite:///{instance / 'portal.sqlite'}"


def test_what_was_typed_outlives_a_killed_tab_and_a_killed_server(
    instance: Path, address: str, visit: Visit
) -> None:
    with live.running(instance, database(instance)) as server:
        page = visit(server.address, "office")
        page.goto(address)
        box = page.get_by_label("小结正文")
        box.press_sequentially("写到一半的小结。")
        expect(page.locator("[data-saved]")).to_be_visible()
        typed = box.input_value()
        # The tab is gone before anything is pressed; another one goes on with the words.
        tab = page.context.new_page()
        page.close()
        tab.goto(f"{server.address}{address}")
        box = tab.get_by_label("小结正文")
        expect(box).to_have_value(typed)
        expect(tab.locator("[data-draft]")).to_be_visible()
        expect(tab.locator("#kept-here")).to_be_hidden()
        assert rows(instance, "SELECT count(*) FROM event_summary WHERE text LIKE '%一半%'") == [
            (0,)
        ]
        server.kill()
        box.press_sequentially("断网以后写的。")
        expect(tab.locator("#saved")).to_contain_text("已留在这台电脑上")
    last = tab.context.new_page()
    tab.close()
    with live.running(instance, database(instance), PORT=server.port):
        last.goto(f"{server.address}{address}")
        last.get_by_role("button", name="放回来").click()
        box = last.get_by_label("小结正文")
        expect(box).to_have_value(re.compile("断网以后写的。"))
        expect(last.locator("[data-saved]")).to_be_visible()
        last.get_by_role("button", name="存好小结").click()
        expect(last.locator("main")).to_contain_text("断网以后写的。")
        assert rows(instance, "SELECT count(*) FROM summary_draft") == [(0,)]


def test_two_who_type_are_told_and_nobody_is_overwritten(
    instance: Path, address: str, visit: Visit
) -> None:
    with live.running(instance, database(instance)) as server:
        first, second = visit(server.address, "office"), visit(server.address, "office")
        for page in (first, second):
            page.goto(address)
        first.get_by_label("小结正文").fill("甲写的小结")
        expect(first.locator("[data-saved]")).to_be_visible()
        second.get_by_label("小结正文").fill("乙写的小结")
        told = second.locator("#saved [role=alert]")
        expect(told).to_contain_text("甲写的小结")
        expect(told).to_contain_text("乙写的小结")
        assert rows(instance, "SELECT text FROM summary_draft") == [("甲写的小结",)]
        second.get_by_label("小结正文").fill("甲和乙写的小结")
        second.get_by_role("button", name="看过了，按表里现在的保存").click()
        expect(second.locator("main")).to_contain_text("甲和乙写的小结")
        expect(second.get_by_role("link", name="下载文档")).to_be_visible()


def test_without_scripts_it_is_kept_by_its_button(
    instance: Path, address: str, visit: Visit
) -> None:
    with live.running(instance, database(instance)) as server:
        page = visit(server.address, "office", scripts=False)
        page.goto(address)
        page.get_by_label("小结正文").fill("一、成效\n不用脚本写的小结")
        page.get_by_role("button", name="存好小结").click()
        expect(page.locator("main")).to_contain_text("不用脚本写的小结")
