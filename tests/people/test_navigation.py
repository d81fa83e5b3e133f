"""What the masthead offers: the day's places in a row, the office's work under one word."""

import pytest
from flask import Flask

from tests.factories import Street
from tests.page import Browser, text_of


def offered(page_of: Browser, path: str = "/") -> tuple[list[str], list[str]]:
    """Return the labels in the row of places, and those under its last word."""
    row = page_of.get(path).find_all("ul", class_="places")[0]
    more = [text_of(link) for menu in row.iter("details") for link in menu.iter("a")]
    links = [text_of(link) for link in row.iter("a")]
    return [label for label in links if label not in more], more


@pytest.mark.parametrize(
    ("who", "row", "more"),
    [
        (
            "secretary",
            ["首页", "活动", "党课", "点位", "事项", "记录", "我的"],
            ["资料", "人员", "组织", "统计", "档案", "学时"],
        ),
        ("a", ["首页", "活动", "党课", "点位", "事项", "我的"], []),
        ("keeper", ["首页", "活动", "党课", "点位", "事项", "资料", "我的"], []),
        ("auditor", ["首页", "审计"], []),
    ],
)
def test_each_is_offered_what_is_theirs(
    app: Flask, browser: Browser, who: str, row: list[str], more: list[str]
) -> None:
    Street()
    assert offered(browser.sign_in(who)) == (row, more)


def test_the_word_names_the_place_one_is_at(app: Flask, browser: Browser) -> None:
    Street()
    browser.sign_in("secretary")
    words = [
        text_of(menu)
        for path in ("/", "/reports/")
        for menu in browser.get(path).find_all("ul", class_="places")[0].iter("summary")
    ]
    assert words == ["更多", "统计"]
