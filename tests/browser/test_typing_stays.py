"""What is being typed stays, and what was pressed twice is sent once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Visit = Callable[..., Page]

# Whether each of two presses would have sent the form; nothing is sent.
PRESS_TWICE = """button => {
  const sent = [];
  window.addEventListener("submit", event => {
    sent.push(!event.defaultPrevented);
    event.preventDefault();
  });
  button.click();
  button.click();
  return sent;
}"""


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


def test_a_form_that_is_pressed_twice_is_sent_once(demo: str, visit: Visit) -> None:
    page = visit(demo, "secretary")
    page.goto("/events/new")
    assert page.get_by_role("button", name="存为草稿").evaluate(PRESS_TWICE) == [True, False]
