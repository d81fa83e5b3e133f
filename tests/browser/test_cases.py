"""A case on a phone: what is to be done next is one tap away, however long its log is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]


@pytest.mark.parametrize("size", ["phone", "narrow"])
def test_the_next_step_is_one_tap_from_the_top(demo: str, visit: Visit, size: str) -> None:
    page = visit(demo, "secretary", size=size)
    page.goto("/cases/?show=at_work")
    page.locator("[data-case] a").locator("visible=true").first.click()
    step = page.get_by_role("heading", name="下一步：办结")
    expect(step).not_to_be_in_viewport()
    page.get_by_role("link", name="下一步：办结").click()
    expect(step).to_be_in_viewport()
    # Not under the masthead either: whoever taps there taps the heading.
    assert step.evaluate(
        "one => { const at = one.getBoundingClientRect();"
        " return one.contains(document.elementFromPoint(at.x + 5, at.y + 5)); }"
    )


def test_beside_the_log_it_needs_no_way_there(demo: str, visit: Visit) -> None:
    page = visit(demo, "secretary")
    page.goto("/cases/?show=at_work")
    page.locator("[data-case] a").locator("visible=true").first.click()
    expect(page.get_by_role("heading", name="下一步：办结")).to_be_in_viewport()
    expect(page.get_by_role("link", name="下一步：办结")).to_be_hidden()
