"""Pages of sites: what is shown to whom, what is typed, what is refused."""

import io
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.materials import services as materials
from portal.people.models import Post
from portal.sites import hooks, services
from portal.sites.models import (
    Closure,
    Level,
    Room,
    Site,
    SiteKind,
    SitePicture,
    SiteState,
    SiteTitle,
)
from portal.sites.uses.models import RoomUse, UseKind, UseSource
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.page import Browser, Page, text_of

NASTY = '<script>alert("1")</script>\'"&'


def site_path(site: Site) -> str:
    return f"/sites/{site.id}"


def new_form(browser: Browser) -> Any:
    return browser.get("/sites/new").form("/sites/new")


def only_site() -> Site:
    db.session.rollback()
    return db.session.scalars(select(Site)).one()


def test_the_page_shows_everything_that_was_written(browser: Browser, street: Street) -> None:
    db.session.add(
        Post(person_id=street.b.id, organisation_id=street.branch_one.id, title="党支部书记")
    )
    db.session.add(
        Post(person_id=street.a.id, organisation_id=street.branch_one.id, title="党支部副书记")
    )
    texts = {
        "summary": "一句话",
        "story": "故事",
        "compound": "鲁商首府小区",
        "property_company": "示例物业",
        "facilities": "红色书屋",
        "accessibility": "有坡道",
        "deliberation": "每月议事",
        "contact": "0532-5550 0101",
        "address": "汕头路 1 号",
        "transport": "公交下车即到",
    }
    site = factories.site(
        street.branch_one,
        street.secretary,
        valid_until=clock.today() + timedelta(days=30),
        sketch_x=100,
        sketch_y=200,
        is_approximate=True,
        longitude=120.4,
        latitude=36.05,
        crs="gcj02",
        title="区级示范点",
        **texts,
    )
    factories.commit()
    page = browser.sign_in("a").get(site_path(site))
    for text in texts.values():
        assert text in page.text
    assert "书记 党员测试乙" in page.text
    assert "汕头路社区党委" in page.text
    assert "示例〔2025〕1 号" in page.text
    assert "区级示范点" in page.text
    assert "周一至周五9:00–17:00" in page.text
    assert "120.4，36.05（GCJ-02 坐标系，大致位置）" in page.text
    assert "不对应任何坐标系" in page.text
    assert page.by("class", "sketch"), "the sketch is there without scripts"
    assert "维护" not in page.text


def test_expired_honours_and_names_are_shown_so(browser: Browser, street: Street) -> None:
    past = clock.today() - timedelta(days=1)
    site = factories.site(street.branch_one, street.secretary, valid_until=past, title="旧荣誉")
    site.titles[0].valid_until = past
    factories.commit()
    page = browser.sign_in("a").get(site_path(site))
    assert "命名已过有效期" in page.text
    assert "旧荣誉 已过期" in page.text
    assert "旧荣誉" not in browser.get("/sites/").text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SiteState.UNDER_REVIEW, "复审中"),
        (SiteState.RECTIFY, "正在整改"),
        (SiteState.DELISTED, "已摘牌"),
    ],
)
def test_everybody_reads_where_a_site_stands(
    browser: Browser, street: Street, state: SiteState, words: str
) -> None:
    site = factories.site(street.branch_one, street.secretary, state=state)
    services.note_move(site, SiteState.NAMED, reason="写明的原因", actor=street.office)
    factories.commit()
    page = browser.sign_in("d").get(site_path(site))
    assert words in page.text
    assert "写明的原因" in page.text
    assert ("不再接受参观预约" in page.text) == (state is SiteState.DELISTED)


def test_a_site_put_forward_is_unknown_to_others(browser: Browser, street: Street) -> None:
    site = factories.site(street.branch_one, street.secretary, state=SiteState.NOMINATED)
    factories.commit()
    assert browser.sign_in("a").get(site_path(site)).status == 404
    assert Browser(browser.app).sign_in("keeper").get(site_path(site)).status == 200
    for path in ("edit", "card", "rooms"):
        assert browser.get(f"{site_path(site)}/{path}").status == 404


def test_a_secretary_puts_a_site_forward_and_the_office_names_it(
    browser: Browser, street: Street, any_database: str
) -> None:
    secretary = browser.sign_in("secretary")
    page = secretary.submit(
        new_form(secretary),
        name="新示范点",
        kind="red_property",
        organisation=street.branch_one.id,
        reason="条件成熟",
        document="示例〔2026〕1 号",
    )
    assert page.h1 == "新示范点"
    assert "还没有命名" in page.text
    assert "条件成熟" in page.text
    site = only_site()
    assert site.state is SiteState.NOMINATED
    assert secretary.get(f"{site_path(site)}/decide/name").status == 403
    office = Browser(browser.app).sign_in("office")
    page = office.get(f"{site_path(site)}/decide/name")
    refused = office.submit(page.form("/decide/name"), naming_document="")
    assert refused.status == 422
    assert "命名文号" in refused.errors()["naming_document"]
    page = office.submit(
        page.form("/decide/name"), naming_document="示例〔2026〕2 号", naming_level="district"
    )
    assert "在册" in page.text
    assert "示例〔2026〕2 号" in page.text
    assert Browser(browser.app).sign_in("d").get(site_path(site)).status == 200
    acts = set(db.session.scalars(select(AuditEntry.action)))
    assert {"site.create", "site.name"} <= acts


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(
    browser: Browser, street: Street
) -> None:
    browser.sign_in("secretary")
    typed: dict[str, Any] = {"name": "好", "organisation": street.branch_one.id, "story": NASTY}
    changes: dict[str, Any]
    for changes, field, word in (
        ({"name": ""}, "name", "名称"),
        ({"name": "长" * 300}, "name", "80"),
        ({"name": "好", "summary": "长" * 5001}, "summary", "5000"),
        ({"name": "好", "longitude": "120.4"}, "longitude", "坐标系"),
        (
            {"name": "好", "longitude": "东经", "latitude": "1", "crs": "gcj02"},
            "longitude",
            "十进制",
        ),
        ({"name": "好", "longitude": "99", "latitude": "99", "crs": "gcj02"}, "latitude", "纬度"),
        ({"name": "好", "longitude": "nan", "latitude": "1", "crs": "gcj02"}, "longitude", "度"),
        ({"name": "好", "longitude": "inf", "latitude": "1", "crs": "gcj02"}, "longitude", "度"),
        ({"name": "好", "sketch_x": "5"}, "sketch_x", "一起"),
        ({"name": "好", "sketch_x": "5", "sketch_y": "1001"}, "sketch_y", "1000"),
        ({"name": "好", "kind": "nonsense"}, "kind", ""),
        ({"name": "好", "organisation": street.branch_far.id}, "organisation", ""),
    ):
        page = browser.submit(new_form(browser), **{**typed, **changes})
        assert page.status == 422, changes
        assert word in page.errors()[field]
        assert browser.get("/sites/").status == 200
        assert NASTY in text_of(page.find_all("textarea", name="story")[0])
    assert db.session.scalar(select(func.count(Site.id))) == 0


def test_one_organisation_has_no_two_sites_of_one_name(
    browser: Browser, street: Street, any_database: str
) -> None:
    browser.sign_in("secretary")
    typed: dict[str, Any] = {"name": "同名", "organisation": street.branch_one.id}
    assert browser.submit(new_form(browser), **typed).status == 200
    page = browser.submit(new_form(browser), **typed)
    assert page.status == 422
    assert "同名" in page.errors()["name"]
    assert (
        browser.submit(new_form(browser), name="同名", organisation=street.shantou.id).status == 200
    )


def test_text_never_becomes_markup(browser: Browser, street: Street) -> None:
    site = factories.site(
        street.branch_one,
        street.secretary,
        name=NASTY[:80],
        story=NASTY,
        title=NASTY,
        sketch_x=1,
        sketch_y=1,
    )
    factories.commit()
    browser.sign_in("keeper")
    for path in ("", "/card", "/edit", "/rooms"):
        page = browser.get(site_path(site) + path)
        assert page.status == 200
        assert not [one for one in page.find_all("script") if not one.get("src")]
    assert NASTY in browser.get("/sites/", view="map").text


def test_whoever_comes_second_is_told_what_changed_and_keeps_what_was_typed(
    browser: Browser, street: Street, site: Site, any_database: str
) -> None:
    keeper = browser.sign_in("keeper")
    form = keeper.get(f"{site_path(site)}/edit").form("/edit")
    other = Browser(browser.app).sign_in("secretary")
    other.submit(other.get(f"{site_path(site)}/edit").form("/edit"), summary="书记写的")
    page = keeper.submit(form, summary="负责人写的")
    assert page.status == 409
    assert "书记测试甲" in page.alert
    assert "现在是“书记写的”，您填的是“负责人写的”" in page.alert
    page = keeper.submit(page.form("/edit"))
    assert page.status == 200
    assert "负责人写的" in page.text
    assert only_site().summary == "负责人写的"


def test_an_edit_that_changes_nothing_leaves_no_trace(browser: Browser, site: Site) -> None:
    browser.sign_in("keeper")
    version = only_site().version
    browser.submit(browser.get(f"{site_path(site)}/edit").form("/edit"))
    assert only_site().version == version


def test_the_office_corrects_the_naming_and_the_review_follows(
    browser: Browser, site: Site
) -> None:
    office = browser.sign_in("office")
    form = office.get(f"{site_path(site)}/naming").form("/naming")
    page = office.submit(form, review_months="24", naming_document="更正〔2025〕2 号")
    assert "更正〔2025〕2 号" in page.text
    kept = only_site()
    assert kept.review_due_on is not None
    assert (kept.review_due_on.year, kept.review_months) == (2027, 24)
    stale = office.submit(form, naming_document="又一份")
    assert stale.status == 409
    assert "更正〔2025〕2 号" in stale.alert
    assert Browser(browser.app).sign_in("keeper").get(f"{site_path(site)}/naming").status == 403


def test_honours_are_written_put_right_and_removed(browser: Browser, site: Site, way: str) -> None:
    browser.sign_in("keeper")
    form = browser.get(f"{site_path(site)}/titles/new").form("/titles/new")
    page = browser.submit(form, name="先进小区", issuer="街道", awarded_on="2025-01-01")
    assert "先进小区" in page.text
    twice = browser.submit(form, name="先进小区", issuer="街道", awarded_on="2025-01-01")
    assert "已经登记过" in twice.errors()["name"]
    title_id = db.session.scalars(select(SiteTitle.id)).one()
    edit = browser.get(f"{site_path(site)}/titles/{title_id}/edit")
    wrong = browser.submit(edit.form("/edit"), awarded_on="2999-01-01")
    assert wrong.status == 422
    wrong = browser.submit(edit.form("/edit"), valid_until="2024-01-01")
    assert "不能早于" in wrong.errors()["valid_until"]
    page = browser.submit(edit.form("/edit"), valid_until="2026-01-01")
    assert "有效期至 2026年1月1日" in page.text
    page = browser.post(f"{site_path(site)}/titles/{title_id}/remove", htmx=way == "htmx")
    assert db.session.scalar(select(func.count(SiteTitle.id))) == 0
    assert browser.get(f"{site_path(site)}/titles/{title_id}/edit").status == 404


def test_only_what_was_never_named_is_thrown_away(browser: Browser, street: Street) -> None:
    site = factories.site(
        street.branch_one, street.secretary, state=SiteState.NOMINATED, named_on=None
    )
    factories.commit()
    browser.sign_in("secretary")
    page = browser.get(site_path(site))
    assert "不能找回" in page.text
    browser.submit(page.form("/discard"))
    assert db.session.scalar(select(func.count(Site.id))) == 0
    named = factories.site(street.branch_one, street.secretary, state=SiteState.NOMINATED)
    factories.commit()
    page = browser.post(f"/sites/{named.id}/discard")
    assert page.status == 409
    assert "曾经命名" in page.alert


def test_a_site_in_use_is_not_thrown_away(
    browser: Browser, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = factories.site(
        street.branch_one, street.secretary, state=SiteState.NOMINATED, named_on=None
    )
    factories.route(street.branch_one, street.secretary, [site])
    factories.commit()
    browser.sign_in("secretary")
    assert browser.post(f"/sites/{site.id}/discard").status == 409
    monkeypatch.setattr(hooks, "uses", [lambda _site, _room: ["下周有两批参观"]])
    page = browser.post(f"/sites/{site.id}/discard")
    assert "下周有两批参观" in page.alert
    assert only_site().id == site.id


def test_a_delisted_site_is_put_forward_anew(browser: Browser, street: Street) -> None:
    site = factories.site(street.branch_one, street.secretary, state=SiteState.DELISTED)
    factories.commit()
    browser.sign_in("secretary")
    form = browser.get(f"{site_path(site)}/nominate").form("/nominate")
    assert browser.submit(form, reason="").status == 422
    page = browser.submit(form, reason="已恢复开放")
    assert "申报中" in page.text
    assert browser.get(f"{site_path(site)}/nominate").status == 409


def test_an_unknown_move_is_not_found(browser: Browser, site: Site) -> None:
    browser.sign_in("office")
    assert browser.get(f"{site_path(site)}/decide/nonsense").status == 404
    assert browser.get(f"{site_path(site)}/decide/nominate").status == 404
    assert browser.get(f"{site_path(site)}/decide/delist").status == 409


def test_the_office_goes_through_review_rectification_and_delisting(
    browser: Browser, site: Site
) -> None:
    office = browser.sign_in("office")

    def decide(move: str, **typed: Any) -> Page:
        page = office.get(f"{site_path(site)}/decide/{move}")
        return office.submit(page.form(move), **typed)

    assert "复审中" in decide("review", reason="到期").text
    in_order = decide("approve", reason="都好", valid_until="2028-01-01")
    assert "在册" in in_order.text
    decide("review", reason="举报")
    assert decide("rectify", reason="没有开放", deadline="2020-01-01").status == 422
    page = decide("rectify", reason="没有开放", deadline="2030-01-01")
    assert "正在整改" in page.text
    page = decide("delist", reason="期满未改")
    assert "已摘牌" in page.text
    page = office.get(f"{site_path(site)}/reviews")
    assert [text_of(cell) for cell in page.find_all("span", class_="badge badge-amber")] != []
    assert "复审通过" in page.text
    assert "限期整改" in page.text


def test_panels_tabs_and_rows_of_other_rooms_are_shown(
    browser: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"sentence": "这里的预约", "sent": None, "heading": "", "status": 200, "sign_in": False}
    monkeypatch.setattr(
        hooks,
        "panels",
        [
            hooks.Panel("signups/panel.html", "main", lambda _site, _reader: None),
            hooks.Panel("errors/alert.html", "side", lambda _site, _reader: told),
        ],
    )
    monkeypatch.setattr(hooks, "tabs", [hooks.Tab("名片页", "sites.card", lambda _p, _s: True)])
    monkeypatch.setattr(hooks, "row_facts", [lambda ids: dict.fromkeys(ids, "本周 6 场")])
    browser.sign_in("a")
    page = browser.get(site_path(site))
    assert "名片页" in page.links()
    assert "这里的预约" in page.text
    assert "本周 6 场" in browser.get("/sites/").text


def test_the_card_has_a_code_and_no_expired_honours(browser: Browser, street: Street) -> None:
    site = factories.site(
        street.branch_one, street.secretary, title="旧荣誉", sketch_x=5, sketch_y=5
    )
    site.titles[0].valid_until = clock.today() - timedelta(days=1)
    factories.commit()
    page = browser.sign_in("a").get(f"{site_path(site)}/card")
    assert page.by("class", "qr")
    assert "旧荣誉" not in page.text
    assert "周一至周五 9:00–17:00" in page.text


# ------------------------------------------------------------------ lists


@pytest.fixture
def many(app: Flask, any_database: str) -> Street:
    street = Street()

    def add(name: str, **values: Any) -> Site:
        organisation = values.pop("organisation", street.branch_one)
        site = factories.site(organisation, street.office, name=name, **values)
        services.index(site)
        return site

    add("鲁商首府", sketch_x=10, sketch_y=10)
    add("奥帆中心", organisation=street.branch_far, kind=SiteKind.CIVILISATION)
    add("摘了牌的", state=SiteState.DELISTED)
    add("申报的", state=SiteState.NOMINATED)
    factories.commit()
    return street


def found(page: Page) -> set[str]:
    return {
        text_of(link)
        for link in page.find_all("a")
        if (link.get("href") or "").removeprefix("/sites/").isdigit()
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"鲁商首府", "奥帆中心", "申报的"}),
        ({"state": "delisted"}, {"摘了牌的"}),
        ({"state": "nominated"}, {"申报的"}),
        ({"kind": "civilisation"}, {"奥帆中心"}),
        ({"q": "首府"}, {"鲁商首府"}),
        ({"q": "lssf"}, {"鲁商首府"}),
        ({"q": "'; DROP TABLE site; --"}, set()),
        ({"kind": "nonsense", "state": "x", "org": "x", "page": "-1"}, None),
        ({"org": "99999999"}, set()),
        ({"view": "map"}, None),
        ({"view": "map", "q": "首府"}, {"鲁商首府"}),
        ({"page": "9"}, set()),
    ],
)
def test_filters_stand_in_the_address(
    browser: Browser, many: Street, query: dict[str, str], names: set[str] | None, way: str
) -> None:
    browser.sign_in("secretary")
    page = browser.get("/sites/", htmx=way == "htmx", **query)
    assert page.status == 200
    assert found(page) == ({"鲁商首府", "奥帆中心", "申报的"} if names is None else names)


def test_a_list_is_narrowed_to_an_organisation(browser: Browser, many: Street) -> None:
    browser.sign_in("a")
    assert found(browser.get("/sites/", org=many.haikou.id)) == {"奥帆中心"}
    assert found(browser.get("/sites/")) == {"鲁商首府", "奥帆中心"}


def test_the_map_lists_the_same_sites_and_those_without_a_place(
    browser: Browser, many: Street
) -> None:
    page = browser.sign_in("a").get("/sites/", view="map")
    (item,) = page.by("data-x")
    assert "鲁商首府" in text_of(item)
    assert "没有标在图上 奥帆中心" in page.text


def test_lists_ask_the_same_number_of_questions_for_one_and_fifty(
    browser: Browser, site: Site, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    browser.sign_in("keeper")
    site.review_due_on = clock.today()
    factories.commit()
    pages = ("/sites/", "/sites/?view=map", "/sites/reviews", "/routes/")

    def ask() -> list[int]:
        return [queries_of(lambda path=path: browser.get(path)) for path in pages]  # type: ignore[misc]

    factories.route(street.branch_one, street.office, [site])
    factories.commit()
    one = ask()
    for _ in range(49):
        more = factories.site(
            street.branch_one, street.office, review_due_on=clock.today(), title="x"
        )
        factories.route(street.branch_one, street.office, [site, more])
    factories.commit()
    assert ask() == one
    assert max(one) <= 8


@pytest.mark.parametrize("username", ["a", "keeper"])
def test_the_page_of_a_site_asks_the_same_for_one_and_fifty_of_everything(
    browser: Browser,
    site: Site,
    street: Street,
    queries_of: Callable[[Callable[[], object]], int],
    username: str,
    any_database: str,
) -> None:
    browser.sign_in(username)

    def add(number: int) -> None:
        """One more of each thing that the page shows."""
        day = clock.today() + timedelta(days=1 + number // 8)
        room = Room(site_id=site.id, name=f"场地{number:02}", capacity=5)
        db.session.add(room)
        material = materials.keep(
            stream=io.BytesIO(samples.picture(size=(20, 20 + number))),
            filename=f"{number}.png",
            owner=street.branch_one,
            actor=street.secretary,
        )
        starts_at = clock.from_local(datetime.combine(day, time(9 + number % 8)))
        db.session.add_all(
            [
                SiteTitle(site_id=site.id, name=f"荣誉{number:02}", title_level=Level.DISTRICT),
                Closure(site_id=site.id, room_id=room.id, starts_on=day, reason=f"检修{number:02}"),
                SitePicture(
                    site_id=site.id,
                    material_id=material.id,
                    alt_text=f"图片{number}",
                    position=100 - number,
                ),
                RoomUse(
                    site_id=site.id,
                    room_id=room.id,
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(hours=1),
                    source=UseSource.EVENT,
                    source_id=number + 1,
                    kind=UseKind.LESSON,
                    label="党课",
                    is_open=True,
                ),
            ]
        )
        services.note_move(site, SiteState.NAMED, reason=f"第{number}步", actor=street.office)
        factories.route(street.branch_one, street.office, [site], name=f"路线{number:02}")
        factories.commit()

    pages: list[Page] = []

    def ask() -> int:
        return queries_of(lambda: pages.append(browser.get(site_path(site))))

    add(0)
    one = ask()
    for number in range(1, 50):
        add(number)
    assert ask() == one <= 8
    words = pages[-1].text
    for what in ("荣誉", "检修", "场地"):
        assert {f"{number:02}" for number in range(50)} <= set(re.findall(rf"{what}(\d\d)", words))
    assert re.findall(r"第\d+步", words) == [f"第{number}步" for number in reversed(range(50))]
    assert re.findall(r"路线\d+", words) == [f"路线{number:02}" for number in range(50)]
    shown = [picture.get("alt") for picture in pages[-1].find_all("img", class_="gallery-picture")]
    assert shown == [f"图片{number}" for number in reversed(range(50))]
