"""Routes: times that add up, stops put in order, the sheet for paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.database import db
from portal.sites import hooks
from portal.sites.models import Route, RouteStop, Site, SiteState
from portal.sites.opening import MINUTES_OF_A_DAY
from portal.sites.routes import queries, services
from portal.sites.routes.timetable import (
    is_open_for,
    length_words,
    minute_words,
    timetable,
)
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page, text_of


@dataclass(frozen=True)
class Leg:
    minutes: int
    walk_minutes: int = 0
    walk_metres: int | None = None


legs = st.builds(
    Leg, st.integers(1, 600), st.integers(0, 600), st.one_of(st.none(), st.integers(0, 5000))
)


@given(st.lists(legs, max_size=30), st.integers(0, MINUTES_OF_A_DAY - 1))
def test_times_follow_one_from_the_other(stops: list[Leg], starts: int) -> None:
    times = timetable(stops, starts)
    now = starts
    for leg, timed in zip(stops, times.stops, strict=True):
        assert timed.arrives == now
        assert timed.leaves == now + leg.minutes
        now = timed.leaves + timed.walk_minutes
    assert times.total == sum(leg.minutes for leg in stops) + times.walking
    assert times.walking == sum(leg.walk_minutes for leg in stops[:-1])
    assert times.ends == starts + times.total
    known = [leg.walk_metres for leg in stops[:-1]]
    assert (times.metres is None) == (not known or None in known)


def test_times_past_midnight_are_told_so() -> None:
    assert minute_words(545) == "9:05"
    assert minute_words(MINUTES_OF_A_DAY + 20) == "次日 0:20"
    assert minute_words(2 * MINUTES_OF_A_DAY) == "第 3 天 0:00"
    assert [length_words(n) for n in (45, 60, 135)] == ["45 分钟", "1 小时", "2 小时 15 分"]


def test_a_stop_is_checked_against_the_hours_of_its_site() -> None:
    @dataclass(frozen=True)
    class Hours:
        weekday: int = 0
        opens_minute: int = 540
        closes_minute: int = 660

    monday = date(2026, 11, 23)
    early, late = timetable([Leg(60), Leg(120)], 540).stops
    assert is_open_for(early, [Hours()], [], monday) is True
    assert is_open_for(late, [Hours()], [], monday) is False
    assert is_open_for(early, [Hours()], [], date(2026, 11, 24)) is False
    assert is_open_for(early, [], [], monday) is None
    (night,) = timetable([Leg(120)], 1400).stops
    assert is_open_for(night, [Hours()], [], monday) is None


@pytest.fixture
def sites(street: Street) -> list[int]:
    made = [
        factories.site(
            street.branch_one, street.office, name=name, sketch_x=100 * at, sketch_y=300
        ).id
        for at, name in enumerate(("甲点", "乙点", "丙点"), 1)
    ]
    factories.commit()
    return made


def stops_of(page: Page) -> list[str]:
    return [text_of(one) for one in page.find_all("p", class_="title")]


def test_a_keeper_lays_a_route_of_three_sites(
    browser: Browser, street: Street, sites: list[int], any_database: str, way: str
) -> None:
    keeper = browser.sign_in("keeper")
    form = keeper.get("/routes/new").form("/routes/new")
    page = keeper.submit(form, name="三站路线", starts_minute="8:30", summary="走一走")
    assert page.h1 == "排点位：三站路线"
    for site_id in sites:
        add = page.form("/stops")
        page = keeper.submit(
            add, site=site_id, minutes="30", walk_minutes="10", walk_metres="700", note="听讲"
        )
    assert stops_of(page) == ["甲点", "乙点", "丙点"]
    assert "8:30 – 10:20，共 1 小时 50 分" in page.text
    route_id = db.session.scalars(select(Route.id)).one()
    third = db.session.scalars(select(RouteStop.id).order_by(RouteStop.position.desc())).first()
    move = f"/routes/{route_id}/stops/{third}/move"
    page = keeper.post(move, {"direction": "up"}, htmx=way == "htmx")
    assert stops_of(page) == ["甲点", "丙点", "乙点"]
    assert stops_of(keeper.post(move, {"direction": "up"})) == ["丙点", "甲点", "乙点"]
    assert stops_of(keeper.post(move, {"direction": "up"})) == ["丙点", "甲点", "乙点"]
    assert stops_of(keeper.post(move, {"direction": "down"})) == ["甲点", "丙点", "乙点"]
    assert keeper.post(move, {"direction": "sideways"}).status == 422
    page = keeper.post(f"/routes/{route_id}/stops/{third}/remove")
    assert stops_of(page) == ["甲点", "乙点"]
    positions = db.session.scalars(select(RouteStop.position).order_by(RouteStop.position)).all()
    assert list(positions) == [1, 2]
    assert keeper.get(f"/routes/{route_id}/stops/{third}/edit").status == 404
    shown = Browser(browser.app).sign_in("d").get(f"/routes/{route_id}", start="14:00")
    assert "14:00 – 15:10" in shown.text
    assert len(shown.by("data-x")) == 2
    assert "甲点 → 乙点" in browser.get("/routes/").text
    assert "1 小时 10 分" in browser.get("/routes/").text


def test_the_hour_and_the_day_stand_in_the_address(
    browser: Browser, street: Street, sites: list[int], way: str
) -> None:
    rows = [db.session.get_one(Site, site_id) for site_id in sites]
    route = factories.route(street.branch_one, street.office, rows, starts_minute=600)
    factories.commit()
    browser.sign_in("a")
    path, htmx = f"/routes/{route.id}", way == "htmx"
    assert "10:00 – 11:50" in browser.get(path, htmx=htmx).text
    assert "10:00 – 11:50" in browser.get(path, htmx=htmx, start="早上", date="x").text
    assert "次日 0:20" in browser.get(path, htmx=htmx, start="23:40").text
    sunday = browser.get(path, htmx=htmx, start="9:00", date="2026-11-22")
    assert sunday.text.count("这段时间不开放") == 3
    monday = browser.get(path, htmx=htmx, start="9:00", date="2026-11-23")
    assert "这段时间不开放" not in monday.text


def test_the_sheet_for_paper_has_times_places_contact_sketch_and_code(
    browser: Browser, street: Street, sites: list[int]
) -> None:
    rows = [db.session.get_one(Site, site_id) for site_id in sites]
    rows[0].contact = "0532-5550 0101"
    route = factories.route(street.branch_one, street.office, rows, contact="0532-5550 0107")
    factories.commit()
    page = browser.sign_in("a").get(f"/routes/{route.id}/sheet", start="9:00", date="2026-11-22")
    assert "2026年11月22日（周日） 9:00 出发，10:50 结束" in page.text
    for text in (
        "甲点",
        "9:40",
        "步行 10 分钟",
        "0532-5550 0101",
        "0532-5550 0107",
        "这段时间不开放",
    ):
        assert text in page.text
    assert page.by("class", "qr")
    assert page.by("class", "sketch")


def test_a_stop_is_changed_and_whoever_comes_second_is_told(
    browser: Browser, street: Street, sites: list[int], any_database: str
) -> None:
    rows = [db.session.get_one(Site, site_id) for site_id in sites]
    route = factories.route(street.branch_one, street.office, rows)
    path = f"/routes/{route.id}/stops/{route.stops[0].id}/edit"
    factories.commit()
    browser.sign_in("keeper")
    form = browser.get(path).form("/edit")
    typed: dict[str, Any] = {}
    for changes, field in (
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "601"}, "minutes"),
        ({"minutes": "很久"}, "minutes"),
        ({"walk_minutes": "-1"}, "walk_minutes"),
        ({"walk_metres": "50001"}, "walk_metres"),
        ({"note": "长" * 201}, "note"),
    ):
        page = browser.submit(form, **{**typed, **changes})
        assert page.status == 422, changes
        assert field in page.errors()
    assert "停留 45 分钟" in browser.submit(form, minutes="45").text
    page = browser.submit(form, minutes="50")
    assert page.status == 409
    assert page.form("/edit").fields["minutes"] == "50"
    assert "停留 50 分钟" in browser.submit(page.form("/edit")).text


def test_only_named_sites_are_put_on_a_route(browser: Browser, street: Street) -> None:
    route = factories.route(street.branch_one, street.office, [])
    for state in (SiteState.NOMINATED, SiteState.DELISTED):
        factories.site(street.branch_one, street.office, state=state, name=state.label)
    factories.commit()
    page = browser.sign_in("keeper").get(f"/routes/{route.id}/stops")
    assert "命名以后才能排进路线" in page.text
    closed = db.session.scalars(select(Site.id)).first()
    factories.site(street.branch_far, street.office, name="别处的点")
    factories.commit()
    page = browser.get(f"/routes/{route.id}/stops")
    assert "别处的点" in page.text
    refused = browser.submit(page.form("/stops"), site=closed)
    assert refused.status == 422
    assert "site" in refused.errors()


def test_a_delisted_stop_is_marked(browser: Browser, street: Street, sites: list[int]) -> None:
    rows = [db.session.get_one(Site, site_id) for site_id in sites]
    route = factories.route(street.branch_one, street.office, rows)
    rows[1].state = SiteState.DELISTED
    rows[2].state = SiteState.NOMINATED
    factories.commit()
    page = browser.sign_in("a").get(f"/routes/{route.id}")
    assert "乙点 已摘牌" in page.text
    assert "丙点" not in page.links(), "nobody is led to a page that is not theirs"


def test_an_unpublished_route_is_unknown_to_others(browser: Browser, street: Street) -> None:
    route = factories.route(
        street.branch_one, street.office, [], is_published=False, name="未公开的路线"
    )
    factories.commit()
    assert browser.sign_in("a").get(f"/routes/{route.id}").status == 404
    assert "未公开的路线" not in browser.get("/routes/").text
    keeper = Browser(browser.app).sign_in("keeper")
    assert "添加第一站" in keeper.get(f"/routes/{route.id}").links()
    form = keeper.get(f"/routes/{route.id}/edit").form("/edit")
    page = keeper.submit(form, is_published="y", starts_minute="9点")
    assert page.status == 200
    assert "这条路线还在准备" in browser.get(f"/routes/{route.id}").text


def test_routes_are_found_changed_and_thrown_away(
    browser: Browser, street: Street, sites: list[int], any_database: str
) -> None:
    made = factories.route(street.branch_one, street.office, [db.session.get_one(Site, sites[0])])
    made.name = "向海而兴"
    services.index(made)
    factories.commit()
    keeper = browser.sign_in("keeper")
    assert "向海而兴" in keeper.get("/routes/", q="xhex").text
    assert "向海而兴" in keeper.get("/routes/", q="甲点").text
    assert "没有符合条件的路线" in keeper.get("/routes/", q="没有").text
    path = f"/routes/{made.id}"
    assert "向海而兴" in keeper.get(f"/sites/{sites[0]}").links()
    form = keeper.get(f"{path}/edit").form("/edit")
    assert keeper.submit(form, name="").status == 422
    assert keeper.submit(form, name="长" * 81).status == 422
    assert keeper.submit(form, starts_minute="25:00").status == 422
    assert keeper.submit(form, starts_minute="上午").status == 422
    page = keeper.submit(form, name="新名字", summary="新的说明")
    assert page.h1 == "新名字"
    stale = keeper.submit(form, name="又一个名字")
    assert stale.status == 409
    assert "现在是“新名字”，您填的是“又一个名字”" in stale.alert
    keeper.submit(keeper.get(f"{path}/edit").form("/discard"))
    assert db.session.scalar(select(func.count(Route.id))) == 0
    assert db.session.scalar(select(func.count(RouteStop.id))) == 0
    assert keeper.get(path).status == 404


def test_a_route_takes_no_more_than_thirty_stops(
    browser: Browser, street: Street, sites: list[int]
) -> None:
    site = db.session.get_one(Site, sites[0])
    route = factories.route(street.branch_one, street.office, [site] * 30)
    factories.commit()
    browser.sign_in("keeper")
    form = browser.get(f"/routes/{route.id}/stops").form("/stops")
    assert "30 站" in browser.submit(form, minutes="5").errors()["site"]


def test_panels_of_other_rooms_are_shown_and_lessons_choose_published_routes(
    browser: Browser, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = factories.route(street.branch_one, street.office, [])
    factories.route(street.branch_one, street.office, [], is_published=False)
    factories.commit()
    told = {"sentence": "两堂党课用这条路线"}
    monkeypatch.setattr(
        hooks,
        "route_panels",
        [
            hooks.RoutePanel("errors/alert.html", lambda _route, _reader: told),
            hooks.RoutePanel("errors/alert.html", lambda _route, _reader: None),
        ],
    )
    assert "两堂党课" in browser.sign_in("a").get(f"/routes/{route.id}").text
    assert [one.id for one in queries.published_routes()] == [route.id]


def test_a_route_asks_the_same_for_one_and_fifty_stops_and_lessons(
    browser: Browser,
    street: Street,
    queries_of: Callable[[Callable[[], object]], int],
    any_database: str,
) -> None:
    site = factories.site(street.branch_one, street.office, sketch_x=1, sketch_y=1)
    route = factories.route(street.branch_one, street.office, [site])
    factories.lesson(street.shantou, street.secretary, title="第0课", route_id=route.id)
    factories.commit()
    browser.sign_in("keeper")
    pages = [f"/routes/{route.id}{page}" for page in ("", "/sheet", "/stops", "/edit")]

    def ask() -> list[int]:
        return [queries_of(lambda path=path: browser.get(path)) for path in pages]  # type: ignore[misc]

    one = ask()
    for number in range(1, 50):
        more = factories.site(street.branch_one, street.office, closes=True, name=f"第{number}站")
        db.session.add(
            RouteStop(route_id=route.id, site_id=more.id, position=number + 1, minutes=5)
        )
        factories.lesson(street.shantou, street.secretary, title=f"第{number}课", route_id=route.id)
    factories.commit()
    assert ask() == one
    assert max(one) <= 8
    assert {"第49站", "第49课"} <= browser.get(pages[0]).links().keys()
