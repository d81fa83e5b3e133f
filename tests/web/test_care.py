"""Care mode: three sizes, remembered with and without an account."""

from tests.factories import Street
from tests.page import Browser


def size(browser: Browser, path: str = "/login") -> str | None:
    return browser.get(path).find_all("html")[0].get("data-care")


def test_the_size_is_remembered_without_an_account(browser: Browser) -> None:
    assert size(browser) == "0"
    browser.post("/care", {"level": "2", "next": "/login"})
    assert size(browser) == "2"


def test_the_size_follows_the_account_to_another_browser(browser: Browser) -> None:
    Street()
    browser.sign_in_by_form("a").post("/care", {"level": "1", "next": "/"})
    other = Browser(browser.app).sign_in_by_form("a")
    assert size(other, "/") == "1"


def test_an_unknown_size_is_refused(browser: Browser) -> None:
    page = browser.post("/care", {"level": "9"})
    assert page.status == 422
    assert "字号" in page.alert
    assert size(browser) == "0"


def test_it_leads_back_to_the_page_but_never_elsewhere(browser: Browser) -> None:
    token = browser.token()
    answer = browser.client.post(
        "/care", data={"csrf_token": token, "level": "1", "next": "//example.org/"}
    )
    assert answer.headers["Location"] == "/"
