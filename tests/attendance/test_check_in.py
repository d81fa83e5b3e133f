"""Signing in with the code on the wall: for those expected, for a moment, provisional."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.attendance import codes, queries
from portal.attendance.models import Method
from portal.events import moves
from portal.events import queries as events
from portal.events.models import Audience, Event
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.page import PASSWORD, Browser, Page, text_of

Clock = Callable[[datetime], None]
SECOND = timedelta(seconds=1)
START = NINE - 12 * MINUTE


def code_of(gathering: Gathering, event: Event, moment: datetime = START) -> str:
    secret = gathering.open(event).code_secret
    return codes.new_code(secret, event.id, moment, seconds=20)


@pytest.fixture
def member(gathering: Gathering, at: Clock, browser: Browser) -> Browser:
    return browser.sign_in("a")


def signed_in(browser: Browser, code: str) -> Page:
    page = browser.get(f"/c/{code}")
    assert page.status == 200, page.alert
    return browser.submit(page.form(f"/c/{code}"))


def test_scanning_shows_the_event_and_changes_nothing_until_the_button(
    gathering: Gathering, member: Browser, any_database: str
) -> None:
    event = gathering.lesson()
    code = code_of(gathering, event)
    page = member.get(f"/c/{code}")
    assert page.h1 == f"签到：{event.title}"
    assert gathering.statuses(event)["党员测试甲"] == "expected"
    done = member.submit(page.form(f"/c/{code}"))
    assert done.h1 == f"已签到：{event.title}"
    entry = gathering.entry(event, gathering.a)
    assert (entry.status.value, entry.method) == ("present", Method.CODE)
    assert entry.arrived_at == START
    assert entry.marked_by_id == gathering.a.id


def test_pressing_twice_counts_once_and_says_so_later_too(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    code = code_of(gathering, event)
    page = member.get(f"/c/{code}")
    for _ in range(2):
        assert member.submit(page.form(f"/c/{code}")).h1.startswith("已签到")
    at(START + HOUR)
    member.sign_in("a")
    assert member.get(f"/c/{code}").h1.startswith("已签到")
    assert len(queries.history(gathering.entry(event, gathering.a))) == 1


def test_after_the_grace_one_is_late_and_told_before(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE + 11 * MINUTE)
    code = code_of(gathering, event, NINE + 11 * MINUTE)
    page = member.get(f"/c/{code}")
    assert "记为迟到" in page.text
    member.submit(page.form(f"/c/{code}"))
    assert gathering.statuses(event)["党员测试甲"] == "late"


@pytest.mark.parametrize(("later", "status"), [(39, 200), (40, 409)])
def test_a_code_opens_for_its_interval_and_the_next(
    gathering: Gathering, member: Browser, at: Clock, later: int, status: int
) -> None:
    event = gathering.lesson()
    code = code_of(gathering, event)
    at(START + later * SECOND)
    page = member.get(f"/c/{code}")
    assert page.status == status
    if status == 409:
        assert "已经更换" in page.alert
        assert "code" in page.form("/c/").fields


def test_who_scanned_in_time_may_finish_within_five_minutes(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE + 9 * MINUTE)
    code = code_of(gathering, event, NINE + 9 * MINUTE)
    page = member.get(f"/c/{code}")
    at(NINE + 13 * MINUTE)
    member.submit(page.form(f"/c/{code}"))
    assert gathering.statuses(event)["党员测试甲"] == "present"  # scanned before it was late


def test_after_five_minutes_one_scans_again(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    code = code_of(gathering, event)
    page = member.get(f"/c/{code}")
    at(START + 5 * MINUTE)
    refused = member.submit(page.form(f"/c/{code}"))
    assert refused.status == 409
    assert gathering.statuses(event)["党员测试甲"] == "expected"


def test_signing_in_to_the_portal_may_take_longer_than_the_code_lives(
    gathering: Gathering, browser: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    code = code_of(gathering, event)
    door = browser.get(f"/c/{code}")
    assert door.find_all("input", name="password")
    at(START + 2 * MINUTE)
    form = next(form for form in door.forms() if "password" in form.fields)
    answer = browser.client.post(
        f"/login?next=/c/{code}",
        data={**form.fields, "username": "a", "password": PASSWORD},
    )
    page = browser.get(answer.headers["Location"])
    assert page.h1.startswith("签到")
    browser.submit(page.form(f"/c/{code}"))
    assert gathering.statuses(event)["党员测试甲"] == "present"


def test_a_ticket_is_worth_nothing_to_somebody_else(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    code = code_of(gathering, event)
    member.get(f"/c/{code}")
    ticket = member.client.get_cookie("scanned", path="/c/")
    assert ticket is not None
    other = Browser(member.app).sign_in("b")
    other.client.set_cookie("scanned", ticket.value, path="/c/")
    at(START + MINUTE)
    assert other.get(f"/c/{code}").status == 409


def test_who_is_not_signed_in_learns_nothing_about_a_code(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson()
    right, wrong = code_of(gathering, event), "01ZZZZZZ"
    answers = [browser.client.get(f"/c/{code}") for code in (right, wrong)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert all("scanned=" in answer.headers["Set-Cookie"] for answer in answers)


@pytest.mark.parametrize("code", ["01ZZZZZZ", "ZZZZZZZZZZ", "x", "签到", "0" * 300, "<script>"])
def test_a_wrong_code_is_refused_in_a_sentence(
    gathering: Gathering, member: Browser, code: str
) -> None:
    gathering.open(gathering.lesson())
    page = member.get(f"/c/{code}")
    assert page.status == 404
    assert "签到码不对" in page.alert
    assert page.form("/c/").fields["code"] == code[:40]
    posted = member.post(f"/c/{code}")
    assert posted.status == 404


def test_a_code_of_an_event_one_is_not_expected_at_is_refused(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson()
    code = code_of(gathering, event)
    browser.sign_in("c")
    page = browser.get(f"/c/{code}")
    assert page.status == 403
    assert "不在" in page.alert
    assert browser.post(f"/c/{code}").status == 403
    assert "党员测试丙" not in gathering.statuses(event)


def test_at_an_open_event_whoever_comes_is_a_walk_in(
    gathering: Gathering, member: Browser, at: Clock, any_database: str
) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    gathering.sign_up(event, gathering.b)
    at(NINE + MINUTE)
    page = member.get(f"/c/{code_of(gathering, event, NINE + MINUTE)}")
    assert "现场登记" in page.text
    member.submit(page.forms()[-1])
    entry = gathering.entry(event, gathering.a)
    assert (entry.status.value, entry.is_walk_in, entry.has_come) == ("guest", True, True)
    numbers = gathering.numbers(event)
    assert (numbers.due, numbers.present, numbers.others_come) == (1, 0, 1)


def test_codes_open_an_hour_before_and_close_half_an_hour_after(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson(starts_at=NINE + HOUR)
    early = member.get(f"/c/{code_of(gathering, event)}")
    assert early.status == 409
    assert "还没有开始" in early.alert
    late = NINE + 3 * HOUR + 31 * MINUTE
    at(late)
    member.sign_in("a")
    over = member.get(f"/c/{code_of(gathering, event, late)}")
    assert over.status == 409
    assert "已经结束" in over.alert


def test_a_confirmed_roll_takes_no_code(gathering: Gathering, member: Browser, at: Clock) -> None:
    event = gathering.lesson()
    at(NINE + MINUTE)
    code = code_of(gathering, event, NINE + MINUTE)
    page = member.get(f"/c/{code}")
    gathering.confirm(event)
    refused = member.submit(page.form(f"/c/{code}"))
    assert refused.status == 409
    assert "已经确认" in refused.alert
    assert gathering.statuses(event)["党员测试甲"] == "absent"


def test_an_event_ended_early_takes_no_code(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE + MINUTE)
    code = code_of(gathering, event, NINE + MINUTE)
    moves.end(event=events.event(event.id), actor=gathering.secretary)
    factories.commit()
    assert member.get(f"/c/{code}").status == 409


def test_guessing_ends_after_ten_wrong_codes(
    gathering: Gathering, member: Browser, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    for _ in range(10):
        assert member.get("/c/01ZZZZZZ").status == 404
    right = code_of(gathering, event)
    refused = member.get(f"/c/{right}")
    assert refused.status == 429
    assert "十分钟" in refused.alert
    other = Browser(member.app).sign_in("b")
    assert other.get(f"/c/{right}").status == 200  # nobody else is kept waiting
    at(START + 11 * MINUTE)
    assert member.get(f"/c/{code_of(gathering, event, START + 11 * MINUTE)}").status == 200


def test_a_typed_code_leads_to_the_same_page(
    gathering: Gathering, member: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    spoken = codes.spoken(code_of(gathering, event)).lower()
    form = member.get("/c/").form("/c/")
    assert member.submit(form, code=spoken).h1.startswith("签到：")
    for nothing in ("", "  ", "/ /", "\x00"):
        refused = member.submit(form, code=nothing)
        assert refused.status == 422
        assert refused.errors()["code"] == "请输入现场屏幕上的签到码。"
        assert refused.alert


def test_the_host_may_still_overrule_a_code(gathering: Gathering, member: Browser) -> None:
    event = gathering.lesson()
    signed_in(member, code_of(gathering, event))
    gathering.mark(event, gathering.a, "leave_sick")
    assert gathering.statuses(event)["党员测试甲"] == "leave_sick"


def test_somebody_on_leave_who_comes_after_all_is_present(
    gathering: Gathering, member: Browser
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "leave_personal")
    signed_in(member, code_of(gathering, event))
    assert gathering.statuses(event)["党员测试甲"] == "present"


# ---- the wall


@pytest.fixture
def wall(gathering: Gathering, at: Clock, browser: Browser) -> Browser:
    return browser.sign_in("secretary")


def test_the_wall_shows_the_code_the_count_and_who_came_last(
    gathering: Gathering, wall: Browser
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    page = wall.get(f"/events/{event.id}/screen")
    shown = "".join(text_of(page.by("class", "wall-letters")[0]).split())
    assert shown == code_of(gathering, event)
    assert '<svg viewBox="0 0 33 33" class="qr">' in page.html
    assert [text_of(element) for element in page.by("data-count", "present")] == ["1"]
    assert "党员测试甲" in page.text
    assert not page.find_all("nav")


def test_the_wall_asks_again_and_hears_only_news(
    gathering: Gathering, wall: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    page = wall.get(f"/events/{event.id}/screen")
    address = page.by("id", "wall")[0].get("hx-get", "")
    assert wall.client.get(address, headers={"HX-Request": "true"}).status_code == 204
    gathering.mark(event, gathering.a, "present")
    heard = wall.get(address, htmx=True)
    assert "is-new" in heard.html
    at(START + 20 * SECOND)
    address = heard.by("id", "wall")[0].get("hx-get", "")
    turned = wall.get(address, htmx=True)
    letters = re.compile(r'class="wall-letters">(.*?)</p>')
    assert letters.findall(turned.html) != letters.findall(heard.html)
    assert "is-new" not in turned.html


def test_the_wall_shows_no_code_before_and_after(
    gathering: Gathering, wall: Browser, at: Clock
) -> None:
    early = gathering.lesson(starts_at=NINE + 24 * HOUR)
    page = wall.get(f"/events/{early.id}/screen")
    assert not page.by("class", "wall-letters")
    assert "开始" in page.text
    event = gathering.lesson()
    at(NINE + MINUTE)
    gathering.confirm(event)
    over = wall.get(f"/events/{event.id}/screen")
    assert "签到已结束" in over.text
    assert not over.by("data-live")
