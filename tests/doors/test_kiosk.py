"""A kiosk: people find their own name by touch; nothing else opens there; staff leave by PIN."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, Method
from portal.database import db
from portal.doors.models import Kiosk
from portal.events.models import Event
from portal.people import naming
from portal.people.models import Person, RoleGrant
from tests import factories
from tests.attendance.conftest import MINUTE, NINE
from tests.doors.conftest import START, Doors
from tests.page import Browser, Page

Clock = Callable[[datetime], None]
PIN = "2580"


@pytest.fixture
def hall(doors: Doors, at: Clock) -> Doors:
    at(START)
    return doors


def named(hall: Doors, name: str, **values: Any) -> Person:
    """A member of branch one who is found by pinyin as people are."""
    made = factories.person(name, hall.branch_one, **values)
    made.pinyin_key = naming.pinyin_key(name)
    factories.commit()
    return made


def is_door(page: Page) -> bool:
    """Whether somebody has to sign in first."""
    return bool(page.find_all("input", name="username"))


def start(browser: Browser, event: Event, **typed: Any) -> Page:
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/kiosk")
    form = page.form(f"/events/{event.id}/kiosk/start")
    page = browser.submit(form, **{"name": "东门", "pin": PIN, **typed})
    browser.forget_token()
    return page


def names_on(page: Page) -> list[str]:
    shown = page.find_all("span", **{"class": "kiosk-name"})
    return ["".join(one.itertext()) for one in shown]


def touch(browser: Browser, event: Event, person: Person) -> Page:
    address = f"/events/{event.id}/kiosk"
    page = browser.get(f"{address}?person={person.id}")
    return browser.submit(page.form(f"{address}/{person.id}"))


def test_somebody_signs_in_by_letter_name_and_that_is_me(
    any_database: str, hall: Doors, browser: Browser
) -> None:
    hall.a.pinyin_key = naming.pinyin_key(hall.a.name)
    event = hall.lesson()
    page = start(browser, event)
    assert page.h1 == "请点您姓氏的第一个字母"
    page = browser.get(page.links()["D"])
    assert page.h1 == "请点您的名字"
    page = touch(browser, event, hall.a)
    assert "签到成功" in page.h1
    entry = hall.entry(event, hall.a)
    assert (entry.status.value, entry.has_come, entry.method) == ("present", True, Method.KIOSK)
    assert entry.device == "东门"
    mark = db.session.scalars(select(AttendanceMark)).one()
    assert mark.device == "东门"
    # The roll says where, the history too.
    other = Browser(hall.app).sign_in("secretary")
    assert "东门" in other.get(f"/events/{event.id}/attendance").text
    assert "东门" in other.get(f"/events/{event.id}/attendance/{hall.a.id}").text


def test_who_comes_after_the_grace_is_late_and_is_told(
    hall: Doors, at: Clock, browser: Browser
) -> None:
    event = hall.lesson()
    start(browser, event)
    at(NINE + 11 * MINUTE)
    assert "记为迟到" in touch(browser, event, hall.a).text
    # Twice is no harm: the confirmation says so and offers nothing.
    page = browser.get(f"/events/{event.id}/kiosk?person={hall.a.id}")
    assert "已经签到了" in page.text
    assert hall.entry(event, hall.a).status.value == "late"


def test_names_are_masked_and_told_apart_by_unit_and_tail(hall: Doors, browser: Browser) -> None:
    named(hall, "李小静", phone="13800001234")
    named(hall, "李小静", phone="13800005678")
    event = hall.lesson()
    start(browser, event)
    page = browser.get(f"/events/{event.id}/kiosk?typed=LXJ")
    assert names_on(page) == ["李*静", "李*静"]
    assert "尾号 1234" in page.text
    assert "尾号 5678" in page.text
    assert "李小静" not in page.text


def test_whole_names_show_a_tail_for_namesakes_only(hall: Doors, browser: Browser) -> None:
    for name, phone in (
        ("李小静", "13800001234"),
        ("李小静", "13800005678"),
        ("李大江", "13800009999"),
    ):
        named(hall, name, phone=phone)
    event = hall.lesson()
    start(browser, event, masks_names="")
    page = browser.get(f"/events/{event.id}/kiosk?typed=L")
    assert names_on(page).count("李小静") == 2
    assert "尾号 1234" in page.text
    assert "9999" not in page.text


def test_letters_narrow_and_only_those_that_lead_on_are_links(
    hall: Doors, browser: Browser
) -> None:
    for name in ("李小静", "李大江", "王一鸣"):
        named(hall, name)
    event = hall.lesson()
    page = start(browser, event, masks_names="")
    assert {"L", "W"} <= page.links().keys()
    assert "Q" not in page.links()
    page = browser.get(f"/events/{event.id}/kiosk?typed=L")
    assert {"D", "X"} <= page.links().keys()
    page = browser.get(f"/events/{event.id}/kiosk?typed=LD")
    assert names_on(page) == ["李大江"]
    page = browser.get(f"/events/{event.id}/kiosk?typed=LQ")
    assert "没有这样的名字" in page.text


def test_a_long_list_is_turned_page_by_page(hall: Doors, browser: Browser) -> None:
    hall.many(30)
    event = hall.lesson()
    start(browser, event, masks_names="")
    page = browser.get(f"/events/{event.id}/kiosk?typed=%23")
    assert len(names_on(page)) == 24
    page = browser.get(page.links()["下一页"])
    assert 6 <= len(names_on(page)) < 24


def test_name_and_phone_tail_lead_to_the_same_question(hall: Doors, browser: Browser) -> None:
    someone = named(hall, "李小静", phone="13800001234")
    event = hall.lesson()
    page = start(browser, event, takes_tails="y")
    form = page.form(f"/events/{event.id}/kiosk/by-name")
    page = browser.submit(form, name="李小静", tail="9999")
    assert page.status == 422
    assert "没有对上" in page.text
    page = browser.submit(form, name="李小静", tail="1234")
    assert page.h1 == "是您吗？"
    assert f"/events/{event.id}/kiosk/{someone.id}" in [form.action for form in page.forms()]


def test_tails_are_not_guessed_at_length(hall: Doors, browser: Browser) -> None:
    named(hall, "李小静", phone="13800001234")
    event = hall.lesson()
    page = start(browser, event, takes_tails="y")
    form = page.form(f"/events/{event.id}/kiosk/by-name")
    answers = [browser.submit(form, name="李小静", tail=f"{n:04d}").status for n in range(40)]
    assert answers[-1] == 429


def test_the_tail_way_is_off_unless_the_host_said_so(hall: Doors, browser: Browser) -> None:
    event = hall.lesson()
    page = start(browser, event)
    assert "手机尾号" not in page.text
    page = browser.post(f"/events/{event.id}/kiosk/by-name", {"name": "甲", "tail": "1234"})
    assert page.status == 403


def test_a_kiosk_lets_nobody_in_who_is_not_on_the_roll(hall: Doors, browser: Browser) -> None:
    event = hall.lesson()
    start(browser, event)
    page = browser.post(f"/events/{event.id}/kiosk/{hall.d.id}", {})
    assert page.status == 404
    assert "工作人员" in page.text


def test_before_the_opening_nobody_is_counted(hall: Doors, at: Clock, browser: Browser) -> None:
    event = hall.lesson()
    at(NINE - 120 * MINUTE)
    start(browser, event)
    page = touch(browser, event, hall.a)
    assert page.status == 409
    assert not hall.entry(event, hall.a).has_come


# ---- nothing else opens there


@pytest.mark.parametrize(
    "path", ["/", "/me", "/events/{}", "/events/{}/attendance", "/events/{}/scan", "/people/"]
)
def test_the_hosts_session_is_gone_from_the_browser(
    hall: Doors, browser: Browser, path: str
) -> None:
    event = hall.lesson()
    browser.sign_in("secretary")
    copied = browser.client.get_cookie("portal")
    assert copied is not None
    page = browser.get(f"/events/{event.id}/kiosk")
    browser.submit(page.form(f"/events/{event.id}/kiosk/start"), name="东门", pin=PIN)
    path = path.format(event.id)
    assert is_door(browser.get(path))
    # A copy of the host's cookie opens nothing either: the session ended on the server.
    browser.client.set_cookie("portal", copied.value)
    assert is_door(browser.get(path))


def test_a_kiosk_is_one_for_its_own_event_alone(hall: Doors, browser: Browser) -> None:
    event, other = hall.lesson(), hall.lesson()
    start(browser, event)
    cookie = browser.client.get_cookie("kiosk", path=f"/events/{event.id}/kiosk")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")
    browser.client.set_cookie("kiosk", cookie.value, path=f"/events/{other.id}/kiosk")
    assert is_door(browser.get(f"/events/{other.id}/kiosk"))
    assert browser.post(f"/events/{other.id}/kiosk/{hall.a.id}", {}).status == 403


@pytest.mark.parametrize("token", ["", "x", "é" * 10, "a" * 3000])
def test_a_forged_cookie_is_no_kiosk(hall: Doors, browser: Browser, token: str) -> None:
    event = hall.lesson()
    browser.client.set_cookie("kiosk", token, path=f"/events/{event.id}/kiosk")
    assert is_door(browser.get(f"/events/{event.id}/kiosk"))
    assert browser.get(f"/events/{event.id}/kiosk/leave").status == 403


def test_a_kiosk_ends_with_the_event_with_its_starter_and_at_a_hosts_word(
    hall: Doors, at: Clock, browser: Browser
) -> None:
    event = hall.lesson()
    start(browser, event)
    at(event.ends_at + timedelta(hours=3))
    assert is_door(browser.get(f"/events/{event.id}/kiosk"))
    at(START)
    assert browser.get(f"/events/{event.id}/kiosk").h1 == "请点您姓氏的第一个字母"
    host = Browser(hall.app).sign_in("secretary")
    page = host.get(f"/events/{event.id}/doors")
    kiosk = db.session.scalars(select(Kiosk)).one()
    host.submit(page.form(f"/events/{event.id}/kiosks/{kiosk.id}/end"))
    assert is_door(browser.get(f"/events/{event.id}/kiosk"))


def test_a_kiosk_is_worth_no_more_than_its_starters_rights(hall: Doors, browser: Browser) -> None:
    event = hall.lesson()
    start(browser, event)
    grant = db.session.merge(hall.secretary).id
    db.session.rollback()
    for found in db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == grant)):
        db.session.delete(found)
    factories.commit()
    assert is_door(browser.get(f"/events/{event.id}/kiosk"))


# ---- the PIN


def leave(browser: Browser, event: Event, pin: str) -> Page:
    page = browser.get(f"/events/{event.id}/kiosk/leave")
    return browser.submit(page.form(f"/events/{event.id}/kiosk/leave"), pin=pin)


def test_the_pin_ends_the_kiosk_and_leads_to_signing_in(hall: Doors, browser: Browser) -> None:
    event = hall.lesson()
    start(browser, event)
    page = leave(browser, event, PIN)
    assert is_door(page)
    assert is_door(browser.get(f"/events/{event.id}/kiosk"))
    kiosk = db.session.scalars(select(Kiosk)).one()
    assert kiosk.ended_at is not None
    assert PIN not in str(vars(kiosk))


def test_wrong_pins_are_limited_and_the_right_one_waits_as_well(
    hall: Doors, at: Clock, browser: Browser
) -> None:
    event = hall.lesson()
    start(browser, event)
    assert "还可以试 4 次" in leave(browser, event, "0000").text
    for _ in range(4):
        leave(browser, event, "0000")
    page = leave(browser, event, PIN)
    assert page.status == 403
    assert "十分钟" in page.text
    # People go on signing in meanwhile.
    assert "签到成功" in touch(browser, event, hall.a).h1
    at(START + 11 * MINUTE)
    assert "还可以试 4 次" in leave(browser, event, "0000").text
    assert is_door(leave(browser, event, PIN))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pin": ""}, "请设一个 PIN"),
        ({"pin": "123"}, "4 到 8 位数字"),
        ({"pin": "12a4"}, "4 到 8 位数字"),
        ({"pin": "1111"}, "一猜就中"),
        ({"pin": "4321"}, "一猜就中"),
        ({"name": ""}, "请写放在哪里"),
    ],
)
def test_a_kiosk_needs_a_name_and_a_pin_worth_the_word(
    hall: Doors, browser: Browser, typed: dict[str, str], words: str
) -> None:
    event = hall.lesson()
    page = start(browser, event, **typed)
    assert page.status == 422
    assert words in page.text
    assert db.session.scalars(select(Kiosk)).all() == []
    assert not is_door(browser.get("/"))


def test_no_kiosk_is_started_once_the_roll_is_confirmed(
    hall: Doors, at: Clock, browser: Browser
) -> None:
    event = hall.lesson()
    at(NINE + 30 * MINUTE)
    hall.confirm(event)
    assert start(browser, event).status == 409


def test_a_kiosk_asks_no_more_for_fifty_than_for_one(
    hall: Doors, browser: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    event = hall.lesson()
    start(browser, event)
    address = f"/events/{event.id}/kiosk?typed=%23"
    hall.open(event)
    one = queries_of(lambda: browser.get(address))
    hall.many(50)
    hall.open(event)
    assert queries_of(lambda: browser.get(address)) == one <= 8
