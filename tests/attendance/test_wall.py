"""The wall: masked names where the host says so, and six digits for small meetings."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.attendance import queries, services
from portal.attendance.masking import masked_name
from portal.attendance.models import Roll
from portal.attendance.rules import Timing
from portal.database import db
from portal.events import queries as events
from portal.events.models import Audience, Event
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.page import Browser

Clock = Callable[[datetime], None]
START = NINE - 12 * MINUTE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("李", "李"),
        ("李静", "李*"),
        ("李小静", "李*静"),
        ("欧阳小静", "欧**静"),
        ("迪丽·热巴", "迪***巴"),
    ],
)
def test_a_masked_name_is_known_to_its_owner(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def set_up(gathering: Gathering, event: Event, **chosen: bool) -> Roll:
    roll = services.set_up_wall(
        event=events.event(event.id),
        actor=gathering.secretary,
        timing=Timing(),
        **{"masks_names": False, "has_short_code": True, **chosen},
    )
    factories.commit()
    return roll


def short_code(gathering: Gathering, event: Event) -> str:
    code = set_up(gathering, event).short_code
    assert code is not None
    return code


def enter(browser: Browser, code: str):
    page = browser.get("/c/")
    return browser.submit(page.form("/c/"), code=code)


def test_names_on_the_wall_are_masked_where_the_host_says_so(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson()
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    browser.sign_in("secretary")
    assert "党员测试甲" in browser.get(f"/events/{event.id}/screen").text
    page = browser.get(f"/events/{event.id}/doors")
    browser.submit(page.form(f"/events/{event.id}/doors/wall"), masks_names="y")
    page = browser.get(f"/events/{event.id}/screen")
    assert "党***甲" in page.text
    assert "党员测试甲" not in page.text


def test_six_digits_sign_in_who_is_expected(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson()
    code = short_code(gathering, event)
    browser.sign_in("secretary")
    assert f"{code[:3]} {code[3:]}" in browser.get(f"/events/{event.id}/screen").text
    member = Browser(browser.app).sign_in("a")
    page = enter(member, f"{code[:3]} {code[3:]}")
    page = member.submit(page.form(f"/c/{code}"))
    assert page.h1.startswith("已签到")
    assert gathering.entry(event, gathering.a).has_come


def test_six_digits_are_worth_nothing_to_others_and_do_not_tell_them_so(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson()
    code = short_code(gathering, event)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    browser.sign_in("d")
    right, guess = enter(browser, code), enter(browser, wrong)
    assert (right.status, guess.status) == (404, 404)
    assert right.alert == guess.alert


def test_six_digits_end_with_the_event_and_with_the_hosts_word(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson()
    code = short_code(gathering, event)
    at(NINE - 2 * HOUR)
    browser.sign_in("a")
    assert enter(browser, code).status == 409
    at(NINE + 12 * HOUR)
    browser.sign_in("a")
    assert enter(browser, code).status == 409
    at(START)
    browser.sign_in("a")
    set_up(gathering, event, has_short_code=False)
    assert enter(browser, code).status == 404
    assert not gathering.entry(event, gathering.a).has_come


def test_one_person_has_ten_guesses(gathering: Gathering, at: Clock, browser: Browser) -> None:
    event = gathering.lesson()
    code = short_code(gathering, event)
    browser.sign_in("a")
    for guess in range(10):
        browser.get(f"/c/{(int(code) + 1 + guess) % 10**6:06d}")
    page = browser.get(f"/c/{code}")
    assert page.status == 429
    assert not gathering.entry(event, gathering.a).has_come


def test_a_hundred_guesses_of_many_people_end_the_code(
    any_database: str, gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event, other = gathering.lesson(), gathering.lesson(gathering.branch_far)
    people = gathering.many(services.WRONG_SHORT_CODES)
    code, others = short_code(gathering, event), short_code(gathering, other)
    gathering.open(event)
    for person in people:
        services.note_wrong_code(typed="000000", person=person)
    factories.commit()
    browser.sign_in("a")
    assert enter(browser, code).status == 404
    assert queries.roll(other.id).short_code == others
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/doors")
    assert "输错太多次" in page.text
    assert "数字码" not in browser.get(f"/events/{event.id}/screen").text
    # The host may show another one: it starts anew.
    browser.submit(page.form(f"/events/{event.id}/doors/wall"), has_short_code="y")
    again = queries.roll(event.id)
    db.session.refresh(again)
    assert again.short_code is not None
    assert again.short_code_failures == 0


def test_guesses_of_strangers_do_not_end_the_code(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    code = short_code(gathering, event)
    gathering.open(event)
    for _ in range(services.WRONG_SHORT_CODES + 1):
        services.note_wrong_code(typed="000000", person=gathering.d)
    factories.commit()
    assert queries.roll(event.id).short_code == code


def test_at_an_open_event_six_digits_are_for_everybody(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    code = short_code(gathering, event)
    browser.sign_in("d")
    page = enter(browser, code)
    browser.submit(page.form(f"/c/{code}"))
    assert gathering.entry(event, gathering.d).has_come


def test_a_code_of_an_event_that_is_over_is_given_again(
    gathering: Gathering, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = gathering.lesson(), gathering.lesson(starts_at=NINE + timedelta(days=2))
    code = short_code(gathering, old)
    monkeypatch.setattr("secrets.randbelow", lambda _most: int(code))
    at(NINE + timedelta(days=2))
    assert set_up(gathering, new).short_code == code
    db.session.expire_all()
    assert queries.roll(old.id).short_code is None
