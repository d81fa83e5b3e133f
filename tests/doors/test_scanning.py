"""The scanner page: one pass, one plain answer; wrong scans are taken back; doors agree."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.attendance.models import AttendanceStatus, Method
from portal.attendance.rules import Timing
from portal.doors import services
from portal.events import queries as events
from portal.events.models import Event
from tests import factories
from tests.attendance.conftest import MINUTE, NINE
from tests.doors.conftest import START, Doors
from tests.page import Browser, Page

Clock = Callable[[datetime], None]


@pytest.fixture
def hall(doors: Doors, at: Clock) -> Doors:
    at(START)
    return doors


@pytest.fixture
def host(hall: Doors, browser: Browser) -> Browser:
    return browser.sign_in("secretary")


def scan(host: Browser, event: Event, shown: str, way: str = "plain", **typed: str) -> Page:
    page = host.get(f"/events/{event.id}/scan?door=东门")
    form = page.form(f"/events/{event.id}/scan")
    return host.submit(form, htmx=way == "htmx", shown=shown, **typed)


def outcome(page: Page) -> str:
    (big,) = page.by("data-outcome")
    return big.get("data-outcome") or ""


def test_a_pass_is_recorded_at_once_and_a_second_time_changes_nothing(
    hall: Doors, host: Browser, way: str
) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    page = scan(host, event, shown, way)
    assert outcome(page) == "recorded"
    assert "党员测试甲" in page.text
    assert page.by("data-count", "present")[0].text == "1"
    entry = hall.entry(event, hall.a)
    assert (entry.method, entry.device, entry.has_come) == (Method.SCAN, "东门", True)
    page = scan(host, event, shown.lower(), way)
    assert outcome(page) == "already"
    assert "东门" in page.text
    assert len(hall.scans) == 2


def test_the_field_comes_back_ready_with_scripts_off(hall: Doors, host: Browser) -> None:
    event = hall.lesson()
    page = scan(host, event, hall.give_pass(hall.a))
    field = page.find_all("input", id="shown")[0]
    assert "autofocus" in field.attrib
    assert not field.get("value")
    again = page.form(f"/events/{event.id}/scan").fields
    assert again["door"] == "东门"


def test_the_same_scan_sent_again_is_the_same_scan(hall: Doors, host: Browser) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    for _ in range(2):
        assert outcome(scan(host, event, shown, client_id="once")) == "recorded"
    assert len(hall.scans) == 1


def test_what_a_page_kept_back_counts_from_when_it_was_scanned(
    hall: Doors, at: Clock, host: Browser
) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    at(NINE + 14 * MINUTE)
    scan(host, event, shown, waited=str(5 * 60_000))
    entry = hall.entry(event, hall.a)
    assert (entry.status, entry.arrived_at) == (AttendanceStatus.PRESENT, NINE + 9 * MINUTE)


@pytest.mark.parametrize("waited", ["-1", "x", "1e9", "9" * 30, "99999999"])
def test_a_wait_that_is_none_counts_as_now_or_as_the_opening(
    hall: Doors, host: Browser, waited: str
) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    assert outcome(scan(host, event, shown, waited=waited)) == "recorded"
    assert hall.entry(event, hall.a).arrived_at in {START, NINE - 60 * MINUTE}


def test_every_refusal_says_what_is_wrong(hall: Doors, at: Clock, host: Browser) -> None:
    event, other = hall.lesson(), hall.give_pass(hall.d)
    genuine = hall.give_pass(hall.a)
    forged = genuine[:-1] + ("0" if genuine[-1] != "0" else "1")
    for shown, words in (
        ("6901234567892", "不是本门户的签到凭证"),
        (genuine[:20], "没有扫完整"),
        (forged, "不是本门户的签到凭证"),
        ("<script>", "不是本门户的签到凭证"),
        ("长" * 3000, "不是本门户的签到凭证"),
        (other, "不在这次活动的名册上"),
    ):
        page = scan(host, event, shown)
        assert words in page.text
        assert outcome(page) in {"bad_pass", "not_expected"}
    renewed = hall.give_pass(hall.a)
    at(START + MINUTE)
    assert "已经停用" in scan(host, event, genuine).text
    assert outcome(scan(host, event, renewed)) == "recorded"
    short = hall.give_pass(hall.b, days=1)
    late = hall.lesson(starts_at=NINE + timedelta(days=5))
    at(NINE + timedelta(days=5))
    host.sign_in("secretary")
    assert "已经过期" in scan(host, late, short).text
    assert not hall.entry(late, hall.b).has_come


def test_an_empty_scan_is_refused_in_words(hall: Doors, host: Browser, way: str) -> None:
    event = hall.lesson()
    page = scan(host, event, "   ", way)
    assert page.status == 422
    assert "没有扫到内容" in page.text


def test_nothing_is_counted_before_the_opening_or_after_the_confirmation(
    hall: Doors, at: Clock, host: Browser
) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    at(NINE - 120 * MINUTE)
    host.sign_in("secretary")
    assert outcome(scan(host, event, shown)) == "closed"
    at(NINE + 30 * MINUTE)
    host.sign_in("secretary")
    hall.confirm(event)
    assert "名册已经确认" in host.get(f"/events/{event.id}/scan").text
    assert outcome(scan(host, event, shown)) == "closed"
    assert hall.statuses(event)["党员测试甲"] == "absent"


def test_a_wrong_scan_is_taken_back(
    any_database: str, hall: Doors, host: Browser, way: str
) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    page = scan(host, event, shown)
    form = page.form(f"/events/{event.id}/scan/undo")
    page = host.submit(form, htmx=way == "htmx")
    assert "已撤销" in page.text
    entry = hall.entry(event, hall.a)
    assert (entry.status.value, entry.has_come, entry.arrived_at) == ("expected", False, None)
    assert entry.device == ""
    # What is taken back cannot be taken back again, and the pass is good as before.
    assert host.submit(form).status == 409
    assert outcome(scan(host, event, shown)) == "recorded"


def test_a_scan_is_not_taken_back_over_what_somebody_said_since(
    hall: Doors, at: Clock, host: Browser
) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    form = scan(host, event, shown).form(f"/events/{event.id}/scan/undo")
    at(START + MINUTE)
    hall.mark(event, hall.a, "left_early")
    assert host.submit(form).status == 409
    assert hall.statuses(event)["党员测试甲"] == "left_early"
    page = host.get(f"/events/{event.id}/scan")
    assert f"/events/{event.id}/scan/undo" not in [one.action for one in page.forms()]


def test_scans_of_another_event_are_not_taken_back(hall: Doors, host: Browser) -> None:
    event, other, shown = hall.lesson(), hall.lesson(), hall.give_pass(hall.a)
    scan(host, event, shown, client_id="there")
    page = host.post(f"/events/{other.id}/scan/undo", {"client_id": "there"})
    assert page.status == 404
    assert hall.entry(event, hall.a).has_come


def test_two_doors_see_each_other(hall: Doors, host: Browser) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    scan(host, event, shown)
    west = Browser(hall.app).sign_in("office")
    page = west.get(f"/events/{event.id}/scan?door=西门")
    assert "东门" in page.text
    form = page.form(f"/events/{event.id}/scan")
    page = west.submit(form, shown=shown)
    assert outcome(page) == "already"
    assert hall.entry(event, hall.a).device == "东门"


def test_the_name_of_a_door_has_an_end(hall: Doors, host: Browser) -> None:
    event = hall.lesson()
    assert host.get(f"/events/{event.id}/scan", door="门" * 500).status == 200
    page = host.get(f"/events/{event.id}/scan")
    form = page.form(f"/events/{event.id}/scan")
    page = host.submit(form, shown="x", door="门" * 500)
    assert page.status == 422


def test_the_page_asks_no_more_for_eight_scans_than_for_one(
    hall: Doors, host: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    event = hall.lesson()
    address = f"/events/{event.id}/scan"
    scan(host, event, "x")
    one = queries_of(lambda: host.get(address))
    for person in hall.many(50)[:10]:
        hall.open(event)
        scan(host, event, hall.give_pass(person))
    assert queries_of(lambda: host.get(address)) == one <= 8


def test_a_scan_is_answered_in_few_statements(
    hall: Doors, host: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    event, shown = hall.lesson(), hall.give_pass(hall.a)
    page = host.get(f"/events/{event.id}/scan")
    form = page.form(f"/events/{event.id}/scan")
    assert queries_of(lambda: host.submit(form, shown=shown)) <= 20


def test_waits_are_bounded(hall: Doors) -> None:
    event = hall.lesson()
    hall.open(event)
    shown = hall.give_pass(hall.a)
    seen = services.scan(
        event=events.event(event.id),
        presented=shown,
        client_id="x",
        waited=timedelta(days=400),
        door="",
        actor=hall.secretary,
        key=str(hall.app.config["SECRET_KEY"]),
        timing=Timing(),
    )
    factories.commit()
    assert seen.scan.is_clamped
