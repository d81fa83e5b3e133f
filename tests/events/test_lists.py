"""Finding events: list, filters, search, week and month, on both databases."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.events import calendars, hooks, services
from portal.events.filters import Span, day_typed, month_of, week_of, weeks_of
from portal.events.models import Audience, Event, EventKind, EventState
from portal.people.models import Organisation
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page, text_of


def found(page: Page) -> list[str]:
    """The titles of the rows, each linking to its event."""
    titles = []
    for row in page.find_all("p", class_="title"):
        link = next(element for element in row.iter() if element.tag == "a")
        assert (link.get("href") or "").startswith("/events/")
        titles.append(text_of(link))
    return titles


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    street = Street()

    def add(title: str, days: float, **values: Any) -> Event:
        host: Organisation = values.pop("host", street.shantou)
        event = factories.event(
            host,
            street.secretary,
            title=title,
            starts_at=clock.now() + timedelta(days=days),
            **{"kind": EventKind.MEETING, **values},
        )
        event.host = host
        services.index(event)
        return event

    add("情景党课", 3, kind=EventKind.LESSON, place="汕头路社区党群服务中心", lecturer="单田芳")
    add("民生座谈会", 1, kind=EventKind.SEMINAR, host=street.branch_one)
    add("参观奥帆中心", 40, kind=EventKind.SITE_VISIT, host=street.haikou)
    add("上月党课", -30)
    add("海口路的草稿", 2, host=street.haikou, state=EventState.DRAFT)
    add("汕头路的草稿", 2, state=EventState.DRAFT)
    add("改期再办", -3, state=EventState.POSTPONED, moved_from_at=clock.now())
    add("二支部党员大会", 5, audience=Audience.DUE, host=street.branch_two)
    factories.commit()
    return street


def test_upcoming_events_come_first_in_order_of_their_start(
    browser: Browser, street: Street
) -> None:
    browser.sign_in("d")
    assert found(browser.get("/events/")) == ["改期再办", "民生座谈会", "情景党课", "参观奥帆中心"]
    host = Browser(browser.app).sign_in("secretary")
    assert "汕头路的草稿" in found(host.get("/events/"))
    assert "海口路的草稿" not in found(host.get("/events/"))


def organisation_of(name: str) -> Callable[[Street], dict[str, Any]]:
    return lambda street: {"org": getattr(street, name).id}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"when": "past"}, {"上月党课"}),
        ({"when": "draft"}, {"汕头路的草稿"}),
        ({"kind": "seminar"}, {"民生座谈会"}),
        ({"kind": "nonsense", "when": "nonsense", "org": "x", "page": "-1", "from": "y"}, None),
        ({"q": "党课"}, {"情景党课"}),
        ({"q": "党课", "when": "past"}, {"上月党课"}),
        ({"q": "党课", "kind": "seminar"}, set()),
        ({"q": "qjdk"}, {"情景党课"}),
        ({"q": "stf"}, {"情景党课"}),
        ({"q": "aofan"}, {"参观奥帆中心"}),
        ({"q": "汕头路第一"}, set()),
        ({"q": "第一党支部"}, {"民生座谈会"}),
        ({"q": "'; DROP TABLE event; --"}, set()),
        ({"q": '"'}, set()),
        ({"q": "𬱖" * 5000}, set()),
        (organisation_of("street"), None),
        (
            organisation_of("shantou"),
            {"改期再办", "民生座谈会", "情景党课", "汕头路的草稿", "二支部党员大会"},
        ),
        (organisation_of("branch_one"), {"民生座谈会"}),
        (organisation_of("haikou"), {"参观奥帆中心"}),
        ({"org": "999999999"}, set()),
        ({"org": "9" * 40}, None),
    ],
)
def test_filters_stand_in_the_address(
    browser: Browser, street: Street, query: Any, titles: set[str] | None
) -> None:
    asked = query(street) if callable(query) else query
    page = browser.sign_in("secretary").get("/events/", **asked)
    assert page.status == 200
    everything = {
        *("改期再办", "民生座谈会", "情景党课", "汕头路的草稿", "二支部党员大会", "参观奥帆中心"),
    }
    assert set(found(page)) == (everything if titles is None else titles)
    if titles == set():
        assert "没有符合条件的活动" in page.text


def test_days_from_and_to_come_before_the_rest(browser: Browser, street: Street) -> None:
    browser.sign_in("d")
    today = clock.today()

    def between(first: int | None, last: int | None) -> list[str]:
        days: dict[str, Any] = {
            name: (today + timedelta(days=number)).isoformat()
            for name, number in (("from", first), ("to", last))
            if number is not None
        }
        return found(browser.get("/events/", when="past", **days))

    assert between(3, 3) == ["情景党课"]
    assert between(10, 1) == between(1, 10) == ["民生座谈会", "情景党课"]
    assert between(10, None) == ["参观奥帆中心"]
    assert between(None, -20) == ["上月党课"]


def test_the_list_filters_as_one_types_and_keeps_the_address_short(
    browser: Browser, street: Street
) -> None:
    form = browser.sign_in("d").get("/events/").form("/events/")
    page = browser.submit(form, htmx=True, q="党课")
    assert not page.whole
    assert found(page) == ["情景党课"]
    assert page.by("id", "results")
    assert page.response.headers["HX-Push-Url"] == "/events/?q=%E5%85%9A%E8%AF%BE"
    assert "HX-Request" in page.response.headers["Vary"]
    assert found(browser.submit(form, q="党课")) == ["情景党课"]


def test_participants_are_not_offered_drafts(browser: Browser, street: Street) -> None:
    page = browser.sign_in("d").get("/events/", when="draft")
    assert found(page) == []
    assert not [o for o in page.find_all("option") if o.get("value") == "draft"]


def test_an_empty_list_says_what_will_be_here(browser: Browser) -> None:
    Street()
    assert "发布第一场活动" in browser.sign_in("secretary").get("/events/").links()
    page = Browser(browser.app).sign_in("d").get("/events/")
    assert "可以直接报名" in page.text


def test_rows_show_what_the_rooms_above_say(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary)
    factories.commit()
    event_id = event.id
    monkeypatch.setattr(hooks, "row_facts", [lambda events: {event_id: "报名 18/40，候补 3"}])
    assert "报名 18/40，候补 3" in browser.sign_in("d").get("/events/").text


def many(street: Street, count: int) -> None:
    noon = clock.from_local(datetime.combine(clock.today(), datetime.min.time())).replace()
    for number in range(count):
        starts_at = noon + timedelta(days=number % 7, hours=1 + number % 12)
        factories.event(
            street.shantou,
            street.secretary,
            title=f"活动{number}",
            starts_at=starts_at + timedelta(days=1),
        )
    factories.commit()


@pytest.mark.parametrize("name", ["a", "secretary", "office"])
def test_one_row_and_fifty_cost_the_same_queries(
    app: Flask, queries_of: Callable[[Callable[[], object]], int], name: str
) -> None:
    street = Street()
    many(street, 1)
    browser = Browser(app).sign_in(name)
    pages = ("/events/", "/events/?q=活动", "/events/week", "/events/month", "/events/1")
    few = {path: queries_of(partial(browser.get, path)) for path in pages}
    many(street, 50)
    lots = {path: queries_of(partial(browser.get, path)) for path in pages}
    assert lots == few
    assert max(lots.values()) <= 8, lots


def test_a_list_goes_on_from_page_to_page(browser: Browser) -> None:
    many(Street(), 60)
    page = browser.sign_in("a").get("/events/")
    assert len(found(page)) == 50
    more = browser.get(page.links()["下一页"], htmx=True)
    assert len(found(more)) == 10
    assert more.response.headers["HX-Push-Url"] == "/events/?page=2"


def test_beyond_the_last_page_the_list_leads_back(browser: Browser) -> None:
    many(Street(), 3)
    page = browser.sign_in("a").get("/events/?page=9&kind=lesson")
    assert "这一页之后没有活动了" in page.text
    assert page.links()["回到第一页"] == "/events/?kind=lesson"


@pytest.mark.parametrize("path", ["/events/week", "/events/month", "/events/"])
def test_unseen_characters_of_an_address_do_not_come_back(browser: Browser, path: str) -> None:
    Street()
    factories.commit()
    page = browser.sign_in("a").get(f"{path}?q=党%00课")
    assert "\x00" not in page.response.get_data(as_text=True)


# ---- sheets


def sheet(page: Page) -> dict[str, list[str]]:
    """Day number of the month's sheet -> titles on it (days of the month only)."""
    days = {}
    for cell in page.find_all("td"):
        numbers = [e for e in cell.iter() if e.get("class") == "sheet-number"]
        if numbers and "is-outside" not in (cell.get("class") or ""):
            titles = [text_of(e) for e in cell.iter() if e.get("class") == "entry-title"]
            days[text_of(numbers[0])] = titles
    return days


def china(text: str) -> datetime:
    return clock.from_local(datetime.fromisoformat(text))


def test_a_month_shows_each_day_with_what_is_on_it(browser: Browser, any_database: str) -> None:
    street = Street()

    def add(title: str, starts: str, ends: str) -> None:
        factories.event(
            street.shantou,
            street.secretary,
            title=title,
            starts_at=china(starts),
            ends_at=china(ends),
        )

    add("月初凌晨", "2027-03-01 00:00", "2027-03-01 01:00")
    add("月底深夜", "2027-03-31 23:00", "2027-03-31 23:59")
    add("跨过午夜", "2027-03-09 22:00", "2027-03-10 01:00")
    add("到午夜为止", "2027-03-12 22:00", "2027-03-13 00:00")
    add("上月开始", "2027-02-27 09:00", "2027-03-02 17:00")
    add("四月的会", "2027-04-01 00:00", "2027-04-01 01:00")
    factories.commit()
    page = browser.sign_in("a").get("/events/month?date=2027-03-15")
    assert page.h1 == "2027年3月"
    days = sheet(page)
    assert len(days) == 31
    assert {day: titles for day, titles in days.items() if titles} == {
        "1": ["上月开始", "月初凌晨"],
        "2": ["上月开始"],
        "9": ["跨过午夜"],
        "10": ["跨过午夜"],
        "12": ["到午夜为止"],
        "31": ["月底深夜"],
    }
    assert page.find_all("caption")
    assert all(header.get("scope") == "col" for header in page.find_all("th"))


def test_calendars_turn_their_leaves(browser: Browser) -> None:
    Street()
    page = browser.sign_in("a").get("/events/month?date=2027-01-31&kind=lesson")
    back, forth = page.by("rel", "prev")[0], page.by("rel", "next")[0]
    assert browser.get(back.get("href") or "").h1 == "2026年12月"
    assert browser.get(forth.get("href") or "").h1 == "2027年2月"
    assert "kind=lesson" in (forth.get("href") or "")
    week = browser.get("/events/week?date=2027-01-01")
    assert week.h1 == "2026年12月28日–1月3日"
    assert browser.get(week.by("rel", "next")[0].get("href") or "").h1 == "2027年1月4日–10日"


def test_a_week_puts_events_into_their_part_of_the_day(browser: Browser) -> None:
    street = Street()
    for title, starts in (
        ("早上", "2027-03-10 11:59"),
        ("午后", "2027-03-10 12:00"),
        ("晚上的", "2027-03-10 18:00"),
    ):
        factories.event(street.shantou, street.secretary, title=title, starts_at=china(starts))
    factories.commit()
    page = browser.sign_in("a").get("/events/week?date=2027-03-14")
    rows = {
        text_of(next(e for e in row if e.tag == "th")): [
            text_of(e) for e in row.iter() if e.get("class") == "entry-title"
        ]
        for row in page.find_all("tr")[1:]
    }
    assert rows == {"上午": ["早上"], "下午": ["午后"], "晚上": ["晚上的"]}


def test_today_is_marked_in_both_sheets(browser: Browser) -> None:
    Street()
    browser.sign_in("a")
    for path in ("/events/week", "/events/month"):
        assert len(browser.get(path).by("aria-current", "date")) == 1


@pytest.mark.parametrize("day", ["", "昨天", "0001-01-01", "9999-12-31", "2027-02-30", "x" * 5000])
@pytest.mark.parametrize("path", ["/events/week", "/events/month"])
def test_a_day_that_is_none_is_today(browser: Browser, path: str, day: str) -> None:
    Street()
    browser.sign_in("a")
    assert browser.get(path, date=day).h1 == browser.get(path).h1


@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_have_their_sheets(browser: Browser, day: str) -> None:
    Street()
    browser.sign_in("a")
    assert browser.get("/events/week", date=day).status == 200
    assert browser.get("/events/month", date=day).status == 200


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_weeks_and_months_hold_their_day(day: date) -> None:
    week, month = week_of(day), month_of(day)
    assert len(week.days()) == 7
    assert week.first.weekday() == 0
    assert day in week.days()
    assert day in month.days()
    assert month.first.day == 1
    assert (month.last + timedelta(days=1)).day == 1
    weeks = calendars.month_sheet(month, [])
    assert [len(days) for days in weeks] == [7] * len(weeks_of(month))
    inside = [each.date for days in weeks for each in days if not each.is_outside]
    assert inside == month.days()


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 40))
def test_a_span_ends_where_the_next_one_begins(day: date, length: int) -> None:
    span = Span(day, day + timedelta(days=length))
    assert span.ends_at - span.starts_at == timedelta(days=length + 1)
    assert len(span.days()) == length + 1


@given(st.text(max_size=12))
def test_only_a_day_is_read_as_a_day(text: str) -> None:
    found = day_typed(text)
    assert found is None or found.isoformat().replace("-", "") == text.strip().replace("-", "")
