"""The home: what is on for me and what waits for me, by role."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock
from portal.attendance.models import AttendanceStatus
from portal.database import db
from portal.events.models import Event, EventState
from tests import factories
from tests.home.conftest import DAY, HOUR, Neighbourhood
from tests.page import Browser, Page, text_of


def section(page: Page, heading: str) -> str:
    """The words of the section under this heading, empty if it is not there."""
    for element in page.find_all("section"):
        headings = [text_of(found) for found in element.iter("h2")]
        if any(found.startswith(heading) for found in headings):
            return text_of(element)
    return ""


def card(page: Page) -> str:
    found = [one for one in page.find_all("section") if "next-card" in (one.get("class") or "")]
    assert len(found) == 1
    return text_of(found[0])


def tasks(page: Page) -> list[tuple[str, str]]:
    """(task, words) of what waits for a host."""
    return [(one.get("data-task") or "", text_of(one)) for one in page.by("data-task")]


# ---- everybody


def test_an_empty_home_says_what_will_be_here_and_offers_the_first_step(
    member: Browser, any_database: str
) -> None:
    page = member.get("/")
    assert page.status == 200
    assert page.h1.endswith("党员测试甲")
    assert "近期没有安排" in card(page)
    assert page.links()["看看有什么活动"] == "/events/"


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(0, "早上好"), (2, "早上好"), (4, "中午好"), (6, "下午好"), (12, "晚上好")],
)
def test_greets_by_chinas_clock(
    browser: Browser, street: Neighbourhood, hour: int, greeting: str
) -> None:
    with time_machine.travel(f"2026-11-24T{hour:02d}:30:00+00:00", tick=False):
        page = browser.sign_in("a").get("/")
    assert page.h1 == f"{greeting}，党员测试甲"
    assert "2026年11月24日（周二）" in page.text


def test_the_home_asks_for_signing_in(browser: Browser) -> None:
    assert browser.get("/").find_all("input", name="password")


# ---- a participant


def test_signing_up_takes_two_taps_from_home(
    street: Neighbourhood, member: Browser, any_database: str
) -> None:
    event = street.event(title="红色书屋读书会")
    page = member.get("/")
    assert "最近一场可以报名的是 红色书屋读书会" in card(page)
    member.submit(page.form(f"/events/{event.id}/signups"))
    page = member.get("/")
    assert "下一场 红色书屋读书会" in card(page)
    assert "已报名" in card(page)
    assert not section(page, "可以报名").count("红色书屋读书会")
    assert page.links()["加入日历"] == f"/events/{event.id}.ics"


def test_next_is_the_first_at_which_i_am_expected(street: Neighbourhood, member: Browser) -> None:
    now = clock.now()
    later = street.event(title="后来的党课", starts_at=now + 5 * DAY)
    street.sign_up(later, street.a)
    assert "后来的党课" in card(member.get("/"))
    street.due(street.branch_one, title="支部党员大会", starts_at=now + 2 * DAY)
    assert "支部党员大会" in card(member.get("/"))
    assert "应到" in card(member.get("/"))
    street.due(street.branch_two, title="别的支部大会", starts_at=now + DAY)
    assert "别的支部大会" not in member.get("/").text


def test_at_the_door_the_one_button_signs_in_until_i_have_come(
    street: Neighbourhood, member: Browser
) -> None:
    now = clock.now()
    event = street.due(street.branch_one, starts_at=now + HOUR / 2, title="主题党日")
    page = member.get("/")
    assert page.links()["签到"] == "/c/"
    street.open_roll(event)
    street.mark(event, street.a, AttendanceStatus.PRESENT)
    page = member.get("/")
    assert "签到" not in page.links()
    assert "已到" in card(page)
    with time_machine.travel(now + HOUR, tick=False):
        later = Browser(member.app).sign_in("a")
        assert "正在进行 主题党日" in card(later.get("/"))


def test_leave_that_was_noted_is_told(street: Neighbourhood, member: Browser) -> None:
    event = street.due(street.branch_one, starts_at=clock.now() + DAY)
    street.open_roll(event)
    street.mark(event, street.a, AttendanceStatus.LEAVE_SICK)
    assert "病假" in card(member.get("/"))


def test_an_invitation_waits_until_it_is_answered(street: Neighbourhood, member: Browser) -> None:
    event = street.invitation(street.a, title="企业家座谈会")
    page = member.get("/")
    assert "企业家座谈会" in section(page, "等您答复")
    member.submit(page.form(f"/events/{event.id}/signups"))
    page = member.get("/")
    assert not section(page, "等您答复")
    assert "企业家座谈会" in card(page)
    member.post(f"/events/{event.id}/signups/cancel", {"reason": "出差"})
    page = member.get("/")
    assert "企业家座谈会" not in page.text


def test_others_invitations_are_not_mine(street: Neighbourhood, member: Browser) -> None:
    street.invitation(street.b, title="企业家座谈会")
    assert "企业家座谈会" not in member.get("/").text


def test_the_place_in_the_queue_is_told_and_goes_when_the_event_begins(
    street: Neighbourhood, member: Browser, any_database: str
) -> None:
    event = street.event(title="示范点参观", capacity=1)
    street.sign_up(event, street.c, street.b, street.a)
    page = member.get("/")
    assert "示范点参观" in section(page, "我的候补")
    assert "候补第 2 位" in page.text
    with time_machine.travel(event.starts_at + timedelta(minutes=1), tick=False):
        later = Browser(member.app).sign_in("a").get("/")
    assert "示范点参观" not in later.text


def test_what_was_called_off_is_said(street: Neighbourhood, member: Browser) -> None:
    event = street.event(title="净滩活动")
    street.sign_up(event, street.a)
    event = db.session.merge(event)
    event.state, event.state_reason = EventState.CANCELLED, "大风预警"
    factories.commit()
    page = member.get("/")
    assert "已取消： 净滩活动" in page.text or "已取消：净滩活动" in page.text
    assert "大风预警" in page.text
    assert "近期没有安排" in card(page)
    assert not [day for day in _strip(page) if "我有" in text_of(day)]


def test_the_strip_tells_days_with_mine_and_open_events(
    street: Neighbourhood, member: Browser
) -> None:
    with time_machine.travel("2026-11-24T01:00:00+00:00", tick=False):
        browser = Browser(member.app).sign_in("a")
        now = clock.now()
        street.sign_up(street.event(starts_at=now + DAY), street.a)
        street.event(starts_at=now + 3 * DAY)
        days = [text_of(one) for one in _strip(browser.get("/"))]
    assert len(days) == 7
    assert days[0].startswith("今天 24")
    assert "我有 1 场" in days[1]
    assert "有活动可以报名" in days[3]
    assert "没有安排" in days[4]


def _strip(page: Page) -> list:
    strip = next(one for one in page.find_all("ol") if one.get("class") == "strip")
    return list(strip.iter("li"))


def test_full_events_offer_the_waiting_list(street: Neighbourhood, member: Browser) -> None:
    street.event(title="早的", starts_at=clock.now() + DAY)
    event = street.event(title="满员的党课", capacity=1)
    street.sign_up(event, street.b)
    words = section(member.get("/"), "可以报名")
    assert "名额已满，可以候补" in words
    assert "候补：满员的党课" in words


def test_closed_or_unopened_sign_up_is_not_offered(street: Neighbourhood, member: Browser) -> None:
    now = clock.now()
    street.event(title="已截止", signup_closes_at=now - HOUR)
    street.event(title="未开始", signup_opens_at=now + HOUR)
    street.event(title="是草稿", state=EventState.DRAFT)
    page = member.get("/")
    for title in ("已截止", "未开始", "是草稿"):
        assert title not in page.text


def test_roles_without_events_have_a_participants_home(app: Flask, street: Neighbourhood) -> None:
    for username in ("keeper", "officer", "visitor"):
        page = Browser(app).sign_in(username).get("/")
        assert section(page, "未来七天")
        assert not section(page, "待办")


# ---- hosts


@pytest.mark.parametrize("username", ["secretary", "branch", "recorder", "office"])
def test_those_who_run_events_have_a_hosts_home(
    app: Flask, street: Neighbourhood, username: str, any_database: str
) -> None:
    page = Browser(app).sign_in(username).get("/")
    assert "没有待办" in section(page, "待办")
    assert page.links()["发布活动"] == "/events/new"


def test_a_draft_waits_until_it_is_published(street: Neighbourhood, browser: Browser) -> None:
    event = street.event(title="还没发布的党课", state=EventState.DRAFT)
    page = browser.sign_in("secretary").get("/")
    assert [task for task, _words in tasks(page)] == ["publish"]
    browser.submit(page.form(f"/events/{event.id}/publish"))
    assert db.session.merge(event).state is EventState.PUBLISHED
    page = browser.get("/")
    assert not tasks(page)
    assert "还没发布的党课" in section(page, "我负责的活动")


def test_a_draft_whose_time_is_over_asks_for_a_new_time(
    street: Neighbourhood, browser: Browser
) -> None:
    event = street.event(state=EventState.DRAFT, starts_at=clock.now() - DAY)
    page = browser.sign_in("secretary").get("/")
    assert page.links()["改时间"] == f"/events/{event.id}/edit"


def test_a_roll_waits_until_it_is_confirmed(
    street: Neighbourhood, browser: Browser, any_database: str
) -> None:
    event = street.due(street.branch_one, title="支部党员大会", starts_at=clock.now() + HOUR / 2)
    street.open_roll(event)
    street.mark(event, street.a, AttendanceStatus.PRESENT)
    street.over(event)
    page = browser.sign_in("secretary").get("/")
    [(task, words)] = tasks(page)
    assert task == "confirm_roll"
    assert "实到 1" in words
    assert page.links()["核对并确认"] == f"/events/{event.id}/attendance/confirm"
    street.confirm(event)
    assert not tasks(browser.get("/"))


def test_waiting_lists_and_events_nearly_full_are_brought_to_mind(
    street: Neighbourhood, browser: Browser
) -> None:
    full = street.event(title="有人等", capacity=1)
    street.sign_up(full, street.a, street.b)
    nearly = street.event(title="快满了", capacity=1, starts_at=clock.now() + DAY)
    street.sign_up(nearly, street.c)
    street.event(title="还很空", capacity=30)
    page = browser.sign_in("secretary").get("/")
    assert [task for task, _words in tasks(page)] == ["nearly_full", "waiting_list"]
    assert "报名 1/1，候补 1" in tasks(page)[1][1]


def test_a_postponed_event_waits_for_its_new_date(street: Neighbourhood, browser: Browser) -> None:
    event = street.event(state=EventState.POSTPONED, state_reason="场地维修")
    page = browser.sign_in("secretary").get("/")
    [(task, words)] = tasks(page)
    assert task == "set_date"
    assert "场地维修" in words
    assert page.links()["定时间"] == f"/events/{event.id}/postpone"


def test_the_roll_is_one_tap_away_while_people_come(
    street: Neighbourhood, browser: Browser
) -> None:
    event = street.event(starts_at=clock.now() + HOUR / 2)
    page = browser.sign_in("secretary").get("/")
    assert page.links()["点名"] == f"/events/{event.id}/attendance"


def test_others_events_are_not_mine_to_run(street: Neighbourhood, browser: Browser) -> None:
    street.event(street.haikou, title="海口路的草稿", state=EventState.DRAFT)
    street.event(street.haikou, title="海口路的党课")
    page = browser.sign_in("secretary").get("/")
    assert not tasks(page)
    assert "海口路" not in section(page, "我负责的活动")
    street.event(street.branch_one, title="支部的草稿", state=EventState.DRAFT)
    assert "支部的草稿" in tasks(browser.get("/"))[0][1]


def test_a_host_sees_the_own_part_too(street: Neighbourhood, browser: Browser) -> None:
    event = street.event(street.haikou, title="海口路的党课")
    street.sign_up(event, street.secretary)
    page = browser.sign_in("secretary").get("/")
    assert "海口路的党课" in section(page, "我自己参加的")


# ---- the three administrators


def test_administrators_see_what_waits_for_them_and_no_business(
    app: Flask, street: Neighbourhood, any_database: str
) -> None:
    street.event(title="社区党课")
    factories.account(
        factories.person("新来的人", street.branch_one), "newcomer", confirmed_at=None
    )
    locked = clock.now() + HOUR
    factories.account(factories.person("锁住的人"), "locked", locked_until=locked)
    factories.account(factories.person("到期的人"), "ending", expires_on=clock.today() + 5 * DAY)
    factories.commit()
    pages = {
        name: Browser(app).sign_in(name).get("/") for name in ("sysadmin", "secadmin", "auditor")
    }
    for page in pages.values():
        assert page.status == 200
        assert "社区党课" not in page.text
    assert "新来的人" in section(pages["sysadmin"], "等待安全管理员确认")
    assert "锁住的人" in section(pages["sysadmin"], "已锁定")
    assert "到期的人" in section(pages["sysadmin"], "将到期或已到期")
    assert "新来的人" in section(pages["secadmin"], "等待授权或确认")
    assert "记录数" in section(pages["auditor"], "审计记录链")
    assert "新来的人" not in pages["auditor"].text


# ---- how much it asks of the database


def _fill(street: Neighbourhood, number: int) -> list[Event]:
    now = clock.now()
    made = [
        street.event(starts_at=now + DAY + n * HOUR, capacity=2, title=f"活动第{n}场")
        for n in range(number)
    ]
    for event in made[::2]:
        street.sign_up(event, street.b, street.c, street.a, street.secretary)
    for event in made[::5]:
        street.over(event)
        street.open_roll(event)
    return made


@pytest.mark.parametrize("username", ["a", "secretary", "office"])
def test_the_number_of_queries_does_not_grow(
    app: Flask, street: Neighbourhood, username: str, queries_of, any_database: str
) -> None:
    browser = Browser(app).sign_in(username)
    browser.get("/")
    _fill(street, 1)
    few = queries_of(lambda: browser.get("/"))
    _fill(street, 20)
    assert queries_of(lambda: browser.get("/")) == few
    assert few <= 8
