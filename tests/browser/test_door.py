"""The page at the door goes on when the network is cut, and nothing is lost or counted twice."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Playwright, Route, expect

from portal.doors import passes
from tests.browser.conftest import FLAGS, chromium_path, sign_in
from tests.browser.pages import address
from tests.browser.steps import count_of, expect_count
from tests.commands import SECRET_KEY

Visit = Callable[..., Page]


@pytest.fixture
def door_path(demo_template: Path) -> str:
    return address(demo_template, "/events/{running}/door")


def test_what_is_done_without_a_network_arrives_once(
    own_demo: str, tmp_path: Path, door_path: str, visit: Visit
) -> None:
    page = visit(own_demo, "secretary", size="tablet")
    _prepare(page, door_path)
    before = count_of(page, "present")
    absent = _missing(page)
    ticked, scanned, mistaken, seen_twice = list(absent)[:4]

    page.context.set_offline(True)
    page.reload()
    expect(_mode(page)).to_have_attribute("data-mode", "offline")
    _tick(page, ticked)
    expect(_said(page)).to_contain_text(f"{ticked}已登记到场")
    _scan(page, _badge_of(tmp_path, absent[scanned]))
    expect(_said(page)).to_contain_text(f"{scanned}已登记到场")
    _tick(page, mistaken)
    page.get_by_role("button", name="撤销", exact=True).click()
    _tick(page, seen_twice)
    _scan(page, "P" + "0" * 29)
    page.locator("summary", has_text="名册里没有的人").click()
    page.get_by_label("姓名", exact=True).fill("外来客")
    page.get_by_role("button", name="记下").click()
    expect(_mode(page)).to_contain_text("离线：7 条待发送")
    expect_count(page, "present", before + 3)

    # The tab is closed, and another opened: everything is there.
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(door_path)
    expect(_mode(page)).to_contain_text("离线：7 条待发送")
    expect_count(page, "present", before + 3)

    # Another device has seen one of them meanwhile.
    other = visit(own_demo, "secretary")
    _prepare(other, door_path)
    _tick(other, seen_twice)
    expect(_mode(other)).to_contain_text("已全部发送")

    # A second tab of the same page has the same to send; together they send it once.
    twin = context.new_page()
    twin.goto(door_path)
    expect(_mode(twin)).to_contain_text("离线：7 条待发送")
    context.set_offline(False)
    for tab in (twin, page):
        expect(_mode(tab)).to_contain_text("已连网，已全部发送")
    page.locator("#door-problems-part summary").click()
    expect(page.locator("#door-problems li")).to_have_count(1)
    expect(page.locator("#door-problems")).to_contain_text("签到凭证无效")

    roll = visit(own_demo, "secretary")
    roll.goto(door_path.replace("/door", "/attendance"))
    expect_count(roll, "present", before + 3)
    arrived = _rows(
        tmp_path,
        "SELECT s.client_id, p.name FROM attendance_scan s JOIN person p ON p.id=s.person_id"
        " WHERE s.device LIKE '门口平板%'",
    )
    assert sorted(name for _, name in arrived) == sorted(
        [ticked, scanned, mistaken, seen_twice, seen_twice]
    )
    assert len({client_id for client_id, _ in arrived}) == 5
    (names,) = _rows(tmp_path, "SELECT count(*) FROM door_name WHERE name = '外来客'")
    assert names == (1,)


def test_the_sessions_of_a_day_are_got_ready_together_and_each_goes_on_without_a_network(
    own_demo: str, tmp_path: Path, visit: Visit
) -> None:
    (first, _), (second, name) = _rows(
        tmp_path, "SELECT id, session_name FROM event WHERE part_of_id > 0 ORDER BY starts_at"
    )
    begins = datetime.now(UTC) + timedelta(minutes=30)
    _written(
        tmp_path,
        "UPDATE event SET starts_at = ?, ends_at = ? WHERE id = ?",
        *(str((begins + timedelta(hours=hour)).replace(tzinfo=None)) for hour in (0, 2)),
        str(second),
    )
    page = visit(own_demo, "office")
    page.goto(f"/events/{first}/door")
    expect(page.get_by_label("另外 1 场也准备好")).to_be_checked()
    _prepare(page, f"/events/{first}/door")
    page.context.set_offline(True)
    page.locator("#door-sessions a", has_text=name).click()
    page.wait_for_url(f"**/events/{second}/door")
    expect(_mode(page)).to_have_attribute("data-mode", "offline")
    who = next(iter(_missing(page)))
    _tick(page, who)
    expect(_mode(page)).to_contain_text("离线：1 条待发送")
    page.context.set_offline(False)
    expect(_mode(page)).to_contain_text("已全部发送")
    arrived = _rows(
        tmp_path,
        "SELECT s.event_id, p.name FROM attendance_scan s JOIN person p ON p.id = s.person_id"
        " WHERE s.device = '门口平板'",
    )
    assert arrived == [(second, who)]


def test_what_is_kept_in_the_browser_can_not_be_read_and_leaves_with_signing_out(
    own_demo: str, door_path: str, visit: Visit
) -> None:
    page = visit(own_demo, "secretary")
    _prepare(page, door_path)
    name, another = list(_missing(page))[:2]
    page.context.set_offline(True)
    _tick(page, name)
    expect(_mode(page)).to_contain_text("离线：1 条待发送")
    kept = json.dumps(page.evaluate(_DUMP), ensure_ascii=False)
    assert name not in kept
    assert "door_" not in kept.replace("portal-door", "")
    assert "CryptoKey false" in kept

    page.context.set_offline(False)
    expect(_mode(page)).to_contain_text("已全部发送")
    page.context.set_offline(True)
    _tick(page, another)
    expect(_mode(page)).to_contain_text("离线：1 条待发送")
    context = page.context
    page.close()
    context.set_offline(False)
    portal = context.new_page()
    portal.goto("/")
    portal.locator("details.reader summary").click()
    portal.get_by_role("button", name="退出").click()
    expect(portal.get_by_role("alert")).to_contain_text("还有 1 条门口登记没有发送")
    portal.get_by_role("button", name="退出").click()
    portal.wait_for_url("**/login**")
    assert portal.evaluate(_LEFT) == {"databases": [], "caches": [], "workers": 0, "stored": 0}


def test_a_device_that_is_taken_back_loses_the_roster_and_keeps_what_is_not_sent(
    own_demo: str, door_path: str, visit: Visit
) -> None:
    page = visit(own_demo, "secretary")
    _prepare(page, door_path)
    name, another = list(_missing(page))[:2]
    page.context.set_offline(True)
    _tick(page, name)
    expect(_mode(page)).to_contain_text("离线：1 条待发送")
    office = visit(own_demo, "secretary")
    office.goto(door_path.replace("/door", "/tokens"))
    token = office.locator("li", has_text="门口平板")
    token.locator("summary", has_text="停用").click()
    token.get_by_role("button", name="停用令牌").click()
    page.context.set_offline(False)
    expect(_mode(page)).to_contain_text("名册已从本机清除")
    expect(_mode(page)).to_contain_text("还有 1 条没有发送")
    expect(page.locator("#door-board")).to_be_hidden()
    assert dict(page.evaluate(_DUMP))["events"] == []
    page.get_by_role("button", name="准备离线").click()
    expect(_mode(page)).to_contain_text("已全部发送")
    expect(_row(page, name)).to_contain_text("已到")

    # Thrown away by hand, by name.
    page.context.set_offline(True)
    _tick(page, another)
    expect(_mode(page)).to_contain_text("离线：1 条待发送")
    page.locator("#door-clear summary").click()
    expect(page.locator("#door-clear")).to_contain_text(
        f"还有 1 条没有发送，清除后就没有了，也不能恢复：{another}"
    )
    page.get_by_role("button", name="清除", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("已清除")
    assert all(kept == [] for _, kept in page.evaluate(_DUMP))


def test_an_answer_that_is_not_the_portals_loses_nothing(
    own_demo: str, door_path: str, visit: Visit
) -> None:
    page = visit(own_demo, "secretary")
    _prepare(page, door_path)
    first, second = list(_missing(page))[:2]
    between: list[dict[str, Any]] = [
        {"status": 401, "content_type": "text/html", "body": "<h1>请先登录无线网</h1>"},
        {"status": 200, "content_type": "application/json", "body": '{"results": []}'},
        {"status": 200, "content_type": "text/html", "body": "<h1>欢迎</h1>"},
        {"status": 502, "content_type": "text/html", "body": "<h1>502</h1>"},
    ]
    page.route("**/checkins", _answering(between[0]))
    _tick(page, first)
    expect(_mode(page)).to_contain_text("离线：1 条待发送")
    for answer in between[1:]:
        page.route("**/checkins", _answering(answer))
        with page.expect_response("**/checkins"):
            page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(_mode(page)).to_contain_text("1 条待发送")
        expect(page.locator("#door-board")).to_be_visible()
    page.unroute("**/checkins")
    _tick(page, second)
    expect(_mode(page)).to_contain_text("已全部发送")
    for name in (first, second):
        expect(_row(page, name)).not_to_contain_text("待发送")


def test_two_days_after_the_end_nothing_of_it_is_left_on_the_device(
    own_demo: str, door_path: str, visit: Visit
) -> None:
    page = visit(own_demo, "secretary")
    _prepare(page, door_path)
    page.context.set_offline(True)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=2))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("名册已从这台设备清除")
    assert all(kept == [] for _, kept in page.evaluate(_DUMP))


def test_without_https_it_works_on_line_and_says_so(
    own_demo: str, door_path: str, playwright: Playwright
) -> None:
    path = chromium_path()
    browser = playwright.chromium.launch(
        executable_path=path, args=[*FLAGS, "--host-resolver-rules=MAP portal.test 127.0.0.1"]
    )
    page = browser.new_page(base_url=own_demo.replace("127.0.0.1", "portal.test"))
    sign_in(page, "secretary")
    page.goto(door_path)
    expect(page.locator("#door-insecure")).to_be_visible()
    page.get_by_role("button", name="准备离线").click()
    expect(_mode(page)).to_contain_text("已全部发送")
    name = next(iter(_missing(page)))
    _tick(page, name)
    expect(_said(page)).to_contain_text(f"{name}已登记到场")
    expect(_mode(page)).to_contain_text("已全部发送")
    expect(_row(page, name)).not_to_contain_text("待发送")
    browser.close()


def _answering(answer: dict[str, Any]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(**answer)


def _row(page: Page, name: str) -> Locator:
    return page.locator("#door-rows li", has_text=name)


def _prepare(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("button", name="准备离线").click()
    expect(_mode(page)).to_contain_text("已全部发送")
    expect(page.locator("#door")).to_have_attribute("data-kept", "yes")


def _mode(page: Page) -> Locator:
    return page.locator("#door-mode")


def _said(page: Page) -> Locator:
    return page.locator("#door-said")


def _missing(page: Page) -> dict[str, str]:
    """Names, each in one row of the roster alone, and numbers of those who have not come."""
    every = page.locator("#door-rows .door-name").all_inner_texts()
    page.get_by_role("button", name="未到", exact=True).click()
    names = page.locator("#door-rows .door-name").all_inner_texts()
    numbers = page.locator("#door-rows li").evaluate_all(
        "rows => rows.map((row) => row.dataset.person)"
    )
    page.get_by_role("button", name="全部", exact=True).click()
    return {
        name: number
        for name, number in zip(names, numbers, strict=True)
        if sum(name in other for other in every) == 1
    }


def _tick(page: Page, name: str) -> None:
    page.locator("#door-q").fill(name)
    page.keyboard.press("Enter")


def _scan(page: Page, text: str) -> None:
    """What a scanner types, and Enter after it."""
    page.locator("#door-q").focus()
    page.keyboard.type(text.lower())
    page.keyboard.press("Enter")


def _rows(tmp_path: Path, asked: str, *values: str) -> list[tuple]:
    with sqlite3.connect(tmp_path / "demo" / "portal.sqlite") as connection:
        return connection.execute(asked, values).fetchall()


def _written(tmp_path: Path, said: str, *values: str) -> None:
    with sqlite3.connect(tmp_path / "demo" / "portal.sqlite", timeout=30) as connection:
        connection.execute(said, values)


def _badge_of(tmp_path: Path, person_id: str) -> str:
    """The text of somebody's badge, as it is printed."""
    ((serial, last_day),) = _rows(
        tmp_path,
        "SELECT serial, expires_on FROM person_pass"
        " WHERE person_id = ? AND kind = 'badge' AND revoked_at IS NULL",
        person_id,
    )
    return passes.written(serial, date.fromisoformat(last_day), SECRET_KEY)


# Everything in the browser's database, as somebody would read it who has the files.
_DUMP = """async () => {
  const base = await new Promise((resolve) => {
    const request = indexedDB.open("portal-door");
    request.onsuccess = () => resolve(request.result);
  });
  const told = [];
  const read = (thing) => {
    if (thing instanceof CryptoKey) { return "CryptoKey " + thing.extractable; }
    if (thing instanceof ArrayBuffer) { return new TextDecoder().decode(thing); }
    if (thing && thing.constructor === Object) {
      return Object.keys(thing).map((key) => [key, read(thing[key])]);
    }
    return String(thing);
  };
  for (const name of base.objectStoreNames) {
    const all = await new Promise((resolve) => {
      const request = base.transaction(name).objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result);
    });
    told.push([name, all.map(read)]);
  }
  base.close();
  return told;
}"""
_LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((one) => one.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  stored: localStorage.length,
})"""
