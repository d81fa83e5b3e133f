"""What the portal keeps of a form that somebody has filled in, and until when."""

import json
from typing import Any

from tests.exercises.conftest import Census
from tests.exercises.test_filling import begin
from tests.page import Browser


def kept(browser: Browser) -> dict[str, Any]:
    return json.loads(browser.client.get("/me/data.json").get_data(as_text=True))


def test_forms_filled_in_are_own_data_until_they_are_forgotten(
    browser: Browser, census: Census
) -> None:
    assert "填过的练习" not in browser.sign_in("a").get("/me/data").text
    page = begin(browser, census)
    browser.submit(page.form("/entry"), **census.typed())
    mine = browser.get("/me/data")
    assert "住户登记（" in mine.text
    assert "还没有提交" in mine.text
    [entry] = kept(browser)["练习"]
    assert entry["练习"] == "住户登记"
    assert entry["提交时间"] is None
    year, month, day = (int(part) for part in entry["填写内容删除日"].split("-"))
    assert f"填写内容 {year}年{month}月{day}日" in mine.text
    assert kept(Browser(browser.app).sign_in("b"))["练习"] == []
