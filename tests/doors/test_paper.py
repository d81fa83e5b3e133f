"""Paper: each printed page has a code, and is entered by it later, with reason and scan."""

import io
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance import queries as attendance
from portal.attendance.models import AttendanceMark, Method
from portal.database import db
from portal.doors.line_numbers import line_numbers
from portal.doors.models import PaperEntry
from portal.doors.page_codes import page_code, read_page_code
from portal.errors import InvalidInputError
from portal.events.models import Audience, Event
from portal.materials.models import Material
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE
from tests.doors.conftest import START, Doors
from tests.materials import samples
from tests.page import Browser, Page, text_of

Clock = Callable[[datetime], None]
AFTER = NINE + 3 * HOUR


@pytest.fixture
def hall(doors: Doors, at: Clock) -> Doors:
    at(START)
    return doors


@pytest.fixture
def host(hall: Doors, browser: Browser) -> Browser:
    return browser.sign_in("secretary")


def print_one(host: Browser, event: Event) -> Page:
    address = f"/events/{event.id}/paper"
    forms = host.get(address).forms()
    return host.submit(next(one for one in forms if (one.action, one.method) == (address, "post")))


def printed(host: Browser, event: Event) -> list[str]:
    """Print a sheet; return the codes of its pages."""
    page = print_one(host, event)
    codes = page.find_all("span", **{"class": "sheet-code"})
    return [text_of(code).removeprefix("页码").strip() for code in codes]


def opened(host: Browser, event: Event, code: str) -> Page:
    return host.get(f"/events/{event.id}/paper", code=code)


def enter(host: Browser, event: Event, code: str, **typed: Any) -> Page:
    form = next(
        form
        for form in opened(host, event, code).forms()
        if (form.action or "").startswith(f"/events/{event.id}/paper/")
    )
    return host.submit(form, **{"way": "signed", "reason": "断网，用纸签到", **typed})


def come(hall: Doors, event: Event) -> set[str]:
    db.session.rollback()
    return {
        entry.name for entry in db.session.scalars(attendance.entries(event.id)) if entry.has_come
    }


def in_order(event: Event) -> list[str]:
    db.session.rollback()
    return [entry.name for entry in db.session.scalars(attendance.entries(event.id))]


def test_lines_with_a_signature_are_entered_later(hall: Doors, at: Clock, host: Browser) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    names = in_order(event)
    at(AFTER)
    host.sign_in("secretary")
    page = enter(host, event, code.lower().replace(" ", ""), line=["1", "2"], numbers="4")
    assert "已补录 3 人" in page.text
    assert come(hall, event) == {names[0], names[1], names[3]}
    marks = db.session.scalars(select(AttendanceMark)).all()
    assert {(one.method, one.reason, one.at) for one in marks} == {
        (Method.LATER, "断网，用纸签到", AFTER)
    }
    arrived = {entry.arrived_at for entry in db.session.scalars(attendance.entries(event.id))}
    assert arrived == {None}
    assert "补录" in host.get(f"/events/{event.id}/attendance").text
    assert "补录 3 人" in host.get(f"/events/{event.id}/paper").text


def test_all_but_a_few_lines_are_entered(hall: Doors, at: Clock, host: Browser) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    names = in_order(event)
    page = enter(host, event, code, way="all_but", numbers="1、3-4")
    assert f"已补录 {len(names) - 3} 人" in page.text
    assert come(hall, event) == set(names) - {names[0], names[2], names[3]}


def test_lines_stay_as_they_were_printed_whatever_becomes_of_the_roll(
    hall: Doors, at: Clock, host: Browser
) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    names = in_order(event)
    factories.person("阿新来", hall.branch_one)
    factories.commit()
    at(START + 2 * MINUTE)
    hall.open(event)
    assert "阿新来" in in_order(event)
    assert "阿新来" not in opened(host, event, code).text
    enter(host, event, code, line=["2"])
    assert come(hall, event) == {names[1]}


def test_what_was_said_already_stays(hall: Doors, at: Clock, host: Browser) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    hall.mark(event, hall.a, "present")
    before = hall.entry(event, hall.a).arrived_at
    enter(host, event, code, way="all_but", numbers="")
    entry = hall.entry(event, hall.a)
    assert (entry.arrived_at, entry.method) == (before, Method.TICK)
    assert "名册上都已经到了" in enter(host, event, code, way="all_but", numbers="").text


def test_after_the_confirmation_paper_makes_corrections(
    hall: Doors, at: Clock, host: Browser
) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    at(AFTER)
    host.sign_in("secretary")
    hall.confirm(event)
    assert "记成更正" in opened(host, event, code).text
    enter(host, event, code, line=["1"])
    (mark,) = attendance.corrections(event.id)
    assert (mark.method, mark.reason) == (Method.CORRECTION, "断网，用纸签到")


def test_pages_have_codes_of_their_own(hall: Doors, host: Browser) -> None:
    hall.many(40)
    event = hall.lesson()
    codes = printed(host, event)
    assert len(codes) == len(set(codes)) == 2
    page = opened(host, event, codes[1])
    assert "补录第 2 页" in page.text
    values = [box.get("value") for box in page.find_all("input", name="line")]
    assert values[0] == "26"
    names = in_order(event)
    enter(host, event, codes[1], numbers="26")
    assert come(hall, event) == {names[25]}


def test_the_scan_is_kept_with_the_reason(any_database: str, hall: Doors, host: Browser) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    scan = (io.BytesIO(samples.picture(size=(40, 60))), "签到表.png")
    enter(host, event, code, line=["1"], file=scan)
    kept = db.session.scalars(select(PaperEntry)).one()
    material = db.session.scalars(select(Material)).one()
    assert kept.material_id == material.id
    page = host.get(f"/materials/{material.id}")
    assert event.title in page.text
    assert f"/events/{event.id}/paper" in page.links().values()
    # Who is on the roll does not see it.
    member = Browser(hall.app).sign_in("a")
    assert member.get(f"/materials/{material.id}").status in {403, 404}


def test_a_file_that_is_no_scan_is_refused_and_nothing_is_entered(
    hall: Doors, host: Browser
) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    page = enter(host, event, code, line=["1"], file=(io.BytesIO(b"MZ\x90\x00" * 99), "x.png"))
    assert page.status == 422
    assert come(hall, event) == set()
    boxes = page.find_all("input", name="line")
    assert "checked" in boxes[0].attrib


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "没有选出任何人"),
        ({"numbers": "99"}, "这一页的序号是 1 到 25"),
        ({"numbers": "0"}, "没有 0"),
        ({"numbers": "张三"}, "看不懂“张三”"),
        ({"line": ["1"], "reason": ""}, "请写补录原因"),
        ({"line": ["1"], "reason": "长" * 201}, "最多 200 个字"),
        ({"line": ["1"], "way": "x"}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_field(
    hall: Doors, host: Browser, typed: dict[str, Any], words: str
) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    page = enter(host, event, code, **typed)
    assert page.status == 422
    assert words in page.text
    assert come(hall, event) == set()


def test_a_slip_in_a_code_and_a_code_of_another_event_open_nothing(
    hall: Doors, host: Browser
) -> None:
    event, other = hall.lesson(), hall.lesson()
    (code,) = printed(host, event)
    slip = code[:-1] + ("0" if code[-1] != "0" else "1")
    for typed in ("", "x", slip, "9" * 500, "ÀÀÀÀÀ"):
        page = opened(host, event, typed)
        assert page.status == 422, typed
        assert "页码不对" in page.text
    assert opened(host, other, code).status == 404
    assert opened(host, event, page_code(1, 7)).status == 404
    assert host.get(f"/events/{other.id}/paper/1").status == 404


def test_before_the_opening_nothing_is_entered(hall: Doors, at: Clock, host: Browser) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    at(NINE - 2 * HOUR)
    host.sign_in("secretary")
    assert enter(host, event, code, line=["1"]).status == 409
    assert come(hall, event) == set()


def test_a_roll_with_nobody_on_it_is_not_printed(hall: Doors, host: Browser) -> None:
    event = hall.lesson(audience=Audience.OPEN)
    assert print_one(host, event).status == 409


def test_the_pages_ask_no_more_for_fifty_than_for_one(
    hall: Doors, host: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    event = hall.lesson()
    (code,) = printed(host, event)
    enter(host, event, code, line=["1"])
    addresses = [
        f"/events/{event.id}/paper",
        f"/events/{event.id}/paper/1",
        f"/events/{event.id}/paper?code={code}",
    ]
    one = [queries_of(partial(host.get, path)) for path in addresses]
    hall.many(30)
    hall.open(event)
    for line in range(2, 6):
        again = printed(host, event)[0]
        enter(host, event, again, line=[str(line)])
    assert [queries_of(partial(host.get, path)) for path in addresses] == one
    assert max(one) <= 9


@pytest.mark.parametrize("sheet_id", [1, 31, 32, 1024, 2**31 - 1])
@pytest.mark.parametrize("page", [1, 31, 32, 1023])
def test_a_page_code_says_its_sheet_and_page(sheet_id: int, page: int) -> None:
    code = page_code(sheet_id, page)
    assert read_page_code(code) == (sheet_id, page)
    assert read_page_code(code.lower().replace(" ", "-").replace("0", "o")) == (sheet_id, page)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", set()),
        ("3", {3}),
        ("3, 7，9、11；13", {3, 7, 9, 11, 13}),
        ("1-3 5", {1, 2, 3, 5}),
        ("8 - 6", {6, 7, 8}),
        ("2至4", {2, 3, 4}),
        ("１０", {10}),
    ],
)
def test_lines_are_typed_as_people_write_them(typed: str, numbers: set[int]) -> None:
    assert line_numbers(typed, range(1, 26)) == numbers


@pytest.mark.parametrize("typed", ["三", "1-", "26", "1-99", "9" * 40])
def test_other_lines_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError):
        line_numbers(typed, range(1, 26))
