"""A lesson from the first word to its giving, and the census exercise on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.pages import address
from tests.materials import samples

Visit = Callable[..., Page]

both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@both_ways
def test_written_reviewed_published_and_given(own_demo: str, visit: Visit, scripts: bool) -> None:
    writer = visit(own_demo, "secretary", scripts=scripts)
    writer.goto("/lessons/")
    writer.get_by_role("link", name="写一堂课").click()
    writer.get_by_label("标题").fill("楼道里的议事会")
    writer.get_by_label("形式").select_option("scenario")
    writer.get_by_role("button", name="存为草稿").click()

    writer.get_by_label("主讲人", exact=True).fill("季春和")
    writer.get_by_label("时长").fill("90")
    writer.get_by_role("textbox", name="研讨题").fill("谁来召集\n怎样收尾")
    text = writer.get_by_role("textbox", name="正文")
    text.fill("## 一张桌子\n\n先听，再说。")
    if scripts:
        expect(writer.locator("#preview h2")).to_have_text("一张桌子")
    writer.get_by_role("button", name="保存并提交审核").click()
    expect(writer.get_by_role("heading", level=1)).to_have_text("楼道里的议事会")
    expect(writer.get_by_text("写稿的人不能审核自己的稿")).to_be_visible()

    reviewer = visit(own_demo, "office", scripts=scripts)
    reviewer.goto("/")
    waiting = reviewer.locator("[data-task=review_lesson]", has_text="楼道里的议事会")
    waiting.get_by_role("link", name="去审核").click()
    reviewer.get_by_role("button", name="通过并发布").click()
    expect(reviewer.get_by_role("button", name="安排一次")).to_be_visible()

    writer.reload()
    writer.get_by_role("button", name="安排一次").click()
    expect(writer.get_by_label("标题")).to_have_value("楼道里的议事会")
    expect(writer.get_by_label("主讲人")).to_have_value(re.compile("季春和"))
    writer.get_by_role("button", name="保存并发布").click()
    expect(writer.get_by_role("region", name="这堂课")).to_contain_text("谁来召集")

    reader = visit(own_demo, "member1", size="phone", scripts=scripts)
    reader.goto("/lessons/?q=ldldysh")
    reader.get_by_role("link", name="楼道里的议事会").click()
    expect(reader.get_by_role("heading", name="一张桌子")).to_be_visible()


def test_marks_by_buttons_drafts_by_themselves_pictures_by_dropping(
    own_demo: str, demo_template: Path, visit: Visit
) -> None:
    page = visit(own_demo, "secretary")
    page.goto(address(demo_template, "/lessons/{lesson_draft}/edit"))
    text = page.get_by_role("textbox", name="正文")
    text.fill("先听再说")
    text.select_text()
    page.get_by_role("group", name="插入格式").get_by_role("button", name="加粗").click()
    expect(text).to_have_value("**先听再说**")
    expect(page.locator("#preview strong")).to_have_text("先听再说")

    page.locator("input[type=file]").set_input_files(
        FilePayload(name="合影.png", mimeType="image/png", buffer=samples.picture())
    )
    expect(text).to_have_value(re.compile(r"!\[合影\]\(/materials/\d+/thumbnail/960\)"))
    picture = page.locator("#preview img")
    expect(picture).to_have_attribute("alt", "合影")
    expect(page.locator("#kept")).to_contain_text("已自动保存")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="假的.png", mimeType="image/png", buffer=b"<script>")
    )
    expect(page.locator("[data-picture-refusal]")).not_to_be_empty()
    expect(text).to_have_value(re.compile(r"先听再说"))
    # The window is closed without saving: what was typed is there.
    expect(page.locator("#kept")).to_contain_text("已自动保存")
    again = visit(own_demo, "secretary")
    again.goto(address(demo_template, "/lessons/{lesson_draft}/edit"))
    expect(again.get_by_role("textbox", name="正文")).to_have_value(re.compile(r"\*\*先听再说\*\*"))


@both_ways
def test_the_census_exercise_on_a_phone(
    own_demo: str, demo_template: Path, visit: Visit, scripts: bool
) -> None:
    page = visit(own_demo, "visitor", size="phone", scripts=scripts)
    page.goto(address(demo_template, "/events/{census_event}"))
    page.get_by_role("link", name="开始练习").click()
    _type(page, name="钱小璋")
    page.get_by_role("button", name="保存第一遍").click()
    expect(page.get_by_text("请照卡片再录一遍")).to_be_visible()
    expect(page.get_by_label("户主姓名")).to_have_value("")
    _type(page, name="钱小樟")
    page.get_by_role("button", name="保存第二遍").click()

    expect(page.get_by_role("heading", name="两遍有 1 项不一样")).to_be_visible()
    assert page.locator("mark").all_inner_texts() == ["璋", "樟"]
    page.get_by_label("户主姓名").fill("钱小樟")
    page.get_by_role("button", name="核对好了").click()
    expect(page.get_by_role("heading", name="从头读一遍，再提交")).to_be_visible()
    page.get_by_role("button", name="读过了，提交").click()
    expect(page.get_by_role("heading", name="8 项，7 项一字不差，1 项有出入")).to_be_visible()
    expect(page.get_by_text("“,”是半角的，应当用全角的“，”。")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _type(page: Page, *, name: str) -> None:
    """Fill in the card, with a comma of the wrong width in the remark."""
    page.get_by_label("户主姓名").fill(name)
    page.get_by_label("房屋编号").fill("虚构小区7号楼2单元1204")
    page.get_by_label("现住人数").fill("4")
    page.get_by_label("户主出生日期").fill("1968-02-29")
    page.get_by_label("女", exact=True).check()
    page.get_by_label("大学专科").check()
    for facility in ("电梯", "独立厨房", "独立卫生间", "管道自来水"):
        page.get_by_label(facility).check()
    page.get_by_label("备注").fill("长女在外地,每月 15 日回。")
