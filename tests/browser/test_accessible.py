"""Everyone can use every page: axe-core, narrow screens, large letters, no script errors."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import SIZES, sign_in
from tests.browser.pages import MADE, NOT_PAGES, PAGES, Look, address, looks
from tests.browser.steps import open_account
from tests.instances import make_app
from tests.people.imports.sheets import BRANCH_ONE, member, roster

Visit = Callable[..., Page]

axe = Axe()
# So many pages are looked at in one go: nobody waits at the end for whoever has the most.
IN_ONE_GO = 20
SHARES = [
    (username, first)
    for username, number in sorted(Counter(username for _, username, _ in PAGES).items())
    for first in range(0, number, IN_ONE_GO)
]
# In care mode, and by the size of what is touched: the pages that everybody uses.
KEY_PAGES = {
    "member9": ["/", "/events/", "/events/{coming}", "/c/", "/me"],
    "member8": ["/sites/", "/sites/{site}", "/sites/?view=map", "/routes/{route}"],
    "secretary2": ["/", "/events/new"],
    "secretary": ["/events/{running}/attendance", "/events/{coming}/signups"],
}
TARGETS = ", ".join(
    f"{where} {what}"
    for where in ("nav", "main", ".masthead-side")
    for what in (".button", ".chip", "button", "summary", "select", "input:not([type=hidden])")
)
TARGETS += ", nav a"
# Nothing is being fetched or faded in: halfway, letters have not their own colours.
SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"


def test_every_page_type_is_looked_at(tmp_path: Path) -> None:
    """A new route must be put into the tables of tests/browser/pages.py."""
    rules = make_app(tmp_path).url_map.iter_rules()
    asked = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    assert asked == {endpoint for endpoint, _, _ in PAGES} | NOT_PAGES | MADE


@pytest.mark.parametrize(("username", "first"), SHARES)
def test_no_fault_on_any_page(
    demo: str, demo_template: Path, visit: Visit, username: str, first: int
) -> None:
    page = visit(demo, username or None)
    faults: list[str] = []
    for look in looks(demo_template)[username][first : first + IN_ONE_GO]:
        with _listening(page, look, faults):
            answer = page.goto(look.address)
            assert answer is not None
            if answer.status != look.status:
                faults.append(f"{look.address}: status {answer.status}")
        faults += _faults(page, look.address)
    assert not faults, "\n".join(faults)


def test_no_fault_on_the_pages_of_an_import(demo: str, visit: Visit) -> None:
    page = visit(demo, "office")
    faults: list[str] = []
    organisations = "组织编码,组织名称,类型,上级组织编码\nX-1,,branch,没有\n".encode("gb18030")
    people = roster(member("王䶮"), member("张3"), member("李好", "没有的支部"))
    for path, name, content in (
        ("/people/import", "花名册.xlsx", people),
        ("/organisations/import", "组织.csv", organisations),
    ):
        page.goto(path)
        page.locator("input[type=file]").set_input_files(
            FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
        )
        page.locator("main form button.button-main").click()
        expect(page).to_have_url(re.compile(rf"{path}/[\w-]+"))
        faults += _faults(page, path)
    assert not faults, "\n".join(faults)


def test_no_fault_at_the_door_and_in_the_waiting_room(
    demo: str, demo_template: Path, visit: Visit
) -> None:
    faults: list[str] = []
    door = visit(demo, "secretary")
    door.goto(address(demo_template, "/events/{running}/screen"))
    code = re.sub(r"\s", "", door.locator(".wall-letters").inner_text())
    phone = visit(demo, "member5", size="phone")
    phone.goto(f"/c/{code}")
    faults += _faults(phone, "/c/<code>")

    door.goto(address(demo_template, "/events/{running}/paper"))
    words = door.locator(".rows .note", has_text="页码从").first.inner_text()
    door.get_by_label("页码", exact=True).fill(words.split("页码从")[1].removesuffix("起"))
    with door.expect_navigation():
        door.get_by_role("button", name="打开这一页").click()
    faults += _faults(door, "a page of paper")

    touched = visit(demo, "secretary", size="tablet")
    here = address(demo_template, "/events/{running}/kiosk")
    touched.goto(here)
    touched.get_by_label("放在哪里").fill("东门")
    touched.get_by_label("退出用的 PIN").fill("2580")
    touched.get_by_label("也可以输入姓名").check()
    touched.get_by_role("button", name="启动自助签到").click()
    expect(touched.locator(".kiosk-pad")).to_be_visible()
    faults += _faults(touched, "a kiosk")
    touched.locator("a.kiosk-key").first.click()
    expect(touched.get_by_role("heading", level=1)).to_have_text("请点您的名字")
    faults += _faults(touched, "names at a kiosk")
    touched.locator(".kiosk-people a").first.click()
    expect(touched.get_by_role("heading", level=1)).to_have_text("是您吗？")
    faults += _faults(touched, "one name at a kiosk")
    touched.goto(f"{here}/leave")
    faults += _faults(touched, "the way out of a kiosk")

    keeper = visit(demo, "sysadmin")
    name = "骆新来"
    keeper.goto("/admin/accounts/new-person")
    keeper.get_by_label("姓名").fill(name)
    organisation = keeper.get_by_label("登记在哪个组织")
    value = organisation.locator("option", has_text=BRANCH_ONE).first.get_attribute("value")
    organisation.select_option(value)
    password = open_account(keeper, "newcomer")
    faults += _faults(keeper, "a one-time password")

    newcomer = visit(demo)
    sign_in(newcomer, "newcomer", password)
    newcomer.goto("/")
    faults += _faults(newcomer, "a password that must be changed")
    newcomer.get_by_label("当前密码").fill(password)
    newcomer.get_by_label("新密码", exact=True).fill("short")
    newcomer.get_by_label("再填一次新密码").fill("other")
    newcomer.get_by_role("button", name="修改密码").click()
    expect(newcomer.get_by_role("alert")).to_be_visible()
    faults += _faults(newcomer, "a form with refusals")
    newcomer.get_by_label("当前密码").fill(password)
    newcomer.get_by_label("新密码", exact=True).fill("Qing-hai-2026-door")
    newcomer.get_by_label("再填一次新密码").fill("Qing-hai-2026-door")
    newcomer.get_by_role("button", name="修改密码").click()
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("等待授权")
    faults += _faults(newcomer, "/waiting")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("username", sorted(KEY_PAGES))
def test_no_fault_in_the_largest_letters(
    demo: str, demo_template: Path, visit: Visit, username: str
) -> None:
    """Care mode at 24 px: on the phone too, with targets of 60 px."""
    page = visit(demo, username, size="phone")
    faults = []
    for pattern in KEY_PAGES[username]:
        page.goto(address(demo_template, pattern))
        faults += _small_targets(page, pattern, least=44)
    page.get_by_role("button", name=re.compile("：特大字")).click()
    expect(page.locator("html")).to_have_attribute("data-care", "2")
    for pattern in KEY_PAGES[username]:
        page.goto(address(demo_template, pattern))
        faults += _small_targets(page, pattern, least=60)
        faults += _faults(page, f"{pattern} in care mode")
    # The account remembers its letters: whoever signs in with it next finds them as usual.
    page.get_by_role("button", name=re.compile("：标准")).click()
    expect(page.locator("html")).to_have_attribute("data-care", "0")
    assert not faults, "\n".join(faults)


@contextmanager
def _listening(page: Page, look: Look, faults: list[str]) -> Iterator[None]:
    """Note errors of scripts, of loading and of the content security policy."""

    def note(message: object) -> None:
        text = str(getattr(message, "text", message))
        # The browser notes a page that was meant to be refused as an error of loading.
        if getattr(message, "type", "error") == "error" and (
            look.status == 200 or "Failed to load resource" not in text
        ):
            faults.append(f"{look.address}: {text}")

    page.on("console", note)
    page.on("pageerror", note)
    yield
    page.remove_listener("console", note)
    page.remove_listener("pageerror", note)


def _faults(page: Page, name: str) -> list[str]:
    """What axe-core finds on the page as it is, and where it is wider than the screen."""
    page.wait_for_function(SETTLED)
    found = [
        f"{name}: axe {violation['id']}: {[node['target'] for node in violation['nodes']][:4]}"
        for violation in axe.run(page).response["violations"]
    ]
    before = page.viewport_size
    assert before is not None
    for size in ("phone", "narrow"):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{name}: {wide} px wide on {width} px: {page.evaluate(WIDEST)}")
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    letters = page.evaluate("document.documentElement.dataset.care")
    page.evaluate("document.documentElement.dataset.care = '2'")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"{name}: {wide} px wide in the largest letters: {page.evaluate(WIDEST)}")
    page.evaluate("letters => { document.documentElement.dataset.care = letters; }", letters)
    page.set_viewport_size(before)
    return found


WIDEST = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 4).map(e => e.tagName + '.' + e.className)"""
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter(e => {
    const box = (e.matches('input[type=checkbox], input[type=radio]') && e.labels[0] || e)
      .getBoundingClientRect();
    const seen = getComputedStyle(e).visibility !== 'hidden' && box.width > 1 && box.height > 1;
    return seen && box.height < least - 0.5;
  })
  .map(e => e.outerHTML.slice(0, 90) + ' ' + e.getBoundingClientRect().height)"""


def _small_targets(page: Page, name: str, *, least: int) -> list[str]:
    return [
        f"{name}: lower than {least} px: {what}"
        for what in page.evaluate(SMALL, [TARGETS, least])[:6]
    ]
