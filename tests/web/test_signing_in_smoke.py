"""The door opens for the right password only."""

from tests.factories import Street
from tests.page import Browser


def test_the_right_password_opens_the_home_page(browser: Browser, any_database: str) -> None:
    Street()
    assert "书记测试甲" in browser.sign_in("secretary").get("/").text


def test_a_wrong_password_is_refused_in_a_sentence(browser: Browser) -> None:
    Street()
    page = browser.post("/login", {"username": "secretary", "password": "wrong"})
    assert page.status == 422
    assert "不正确" in page.alert
