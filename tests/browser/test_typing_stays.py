"""What is being typed stays, and what was pressed twice is sent once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Request, expect

Visit = Callable[..., Page]


def test_choosing_the_size_of_letters_keeps_what_is_being_typed(
    own_demo: str, visit: Visit
) -> None:
    page = visit(own_demo, "secretary2")
    page.goto("/events/new")
    page.get_by_label("标题").fill("写了一半的标题")
    page.get_by_role("button", name="字号：特大字").click()
    expect(page.locator("html")).to_have_attribute("data-care", "2")
    expect(page.get_by_role("button", name="字号：特大字")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.get_by_role("button", name="字号：标准")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_label("标题")).to_have_value("写了一半的标题")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-care", "2")


def test_without_scripts_the_size_is_chosen_by_loading_the_page(demo: str, visit: Visit) -> None:
    page = visit(demo, scripts=False)
    page.goto("/login")
    page.get_by_role("button", name="字号：大字").click()
    expect(page.locator("html")).to_have_attribute("data-care", "1")
    expect(page).to_have_url(re.compile("/login$"))


def test_a_form_that_is_pressed_twice_is_sent_once(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "secretary")
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.goto("/events/new")
    page.get_by_label("标题").fill("按了两次的活动")
    page.get_by_label("开始时间").fill("2027-03-01T09:00")
    page.get_by_label("结束时间").fill("2027-03-01T11:00")
    page.get_by_role("button", name="存为草稿").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("按了两次的活动")
    assert len(sent) == 1
