"""One box: what is found, in which order, for whom; through the front door."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.database import db, write_transaction
from portal.events import services as events
from portal.events.models import Audience, Event, EventDueOrganisation, EventState
from portal.people.models import OrganisationKind, Person, PersonKey
from portal.people.naming import search_keys, stroke_key
from portal.people.services import organisations
from portal.people.services.organisations import Description, Renaming
from portal.search.queries import MOST_COUNTED
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page, text_of


class Town(Street):
    """A street where things have names that can be found."""

    def event(self, title: str, **values: object) -> Event:
        host = values.pop("host", self.shantou)
        made: Event = factories.event(host, self.secretary, title=title, **values)  # type: ignore[arg-type]
        made.host = host  # type: ignore[assignment]
        events.index(made)
        factories.commit()
        return made

    def due(self, title: str, **values: object) -> Event:
        made = self.event(title, audience=Audience.DUE, **values)
        db.session.add(EventDueOrganisation(event_id=made.id, organisation_id=self.branch_far.id))
        factories.commit()
        return made

    def somebody(self, name: str, branch: object) -> Person:
        made = factories.person(name, branch)  # type: ignore[arg-type]
        made.stroke_key = stroke_key(name)
        db.session.add_all(
            PersonKey(person_id=made.id, key=key) for key in search_keys(name) if key != name
        )
        factories.commit()
        return made

    def index_organisations(self) -> None:
        with write_transaction():
            organisations.tell_of_names(
                [db.session.merge(one) for one in (self.street, self.shantou, self.branch_one)]
                + [db.session.merge(one) for one in (self.haikou, self.branch_far)]
            )


@pytest.fixture
def town(app: Flask) -> Town:
    return Town()


def found(page: Page, kind: str) -> list[str]:
    """The titles of a group."""
    return [
        text_of(link)
        for section in page.by("data-kind", kind)
        for link in section.iter("a")
        if "search?" not in (link.get("href") or "")
    ]


def test_events_are_found_by_characters_pinyin_and_initials(
    browser: Browser, town: Town, any_database: str
) -> None:
    town.event("小区里的红色物业", summary="带好党员徽章")
    browser.sign_in("a")
    for typed in ("物业", "红色物业", "hongsewuye", "hswy", "hongse", "wuye 小区", "徽章"):
        page = browser.get("/search", q=typed)
        assert found(page, "event") == ["小区里的红色物业"], typed
        assert page.find_all("mark"), typed
    assert browser.get("/search", q="徽章").text.count("带好党员徽章") == 1
    assert found(browser.get("/search", q="火星"), "event") == []


def test_what_bears_it_in_its_title_comes_first_then_the_latest(
    browser: Browser, town: Town, any_database: str
) -> None:
    now = clock.now()
    town.event("红色书屋一", starts_at=now - timedelta(days=9))
    town.event("别的会", starts_at=now + timedelta(days=9), summary="在红色书屋")
    town.event("又一个会", starts_at=now + timedelta(days=1), place="红色书屋")
    town.event("红色书屋二", starts_at=now + timedelta(days=2))
    page = browser.sign_in("a").get("/search", q="红色书屋")
    assert found(page, "event") == ["红色书屋二", "红色书屋一", "别的会", "又一个会"]


def test_an_event_that_is_put_off_is_found_at_its_new_date(
    browser: Browser, town: Town, any_database: str
) -> None:
    first = town.event("红色书屋一", starts_at=clock.now() + timedelta(days=1))
    town.event("红色书屋二", starts_at=clock.now() + timedelta(days=2))
    browser.sign_in("secretary")
    assert found(browser.get("/search", q="红色书屋"), "event")[0] == "红色书屋二"
    later = clock.local(clock.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    page = browser.post(f"/events/{first.id}/postpone", {"starts_at": later, "reason": "场地"})
    assert page.status == 200
    assert found(browser.get("/search", q="红色书屋"), "event")[0] == "红色书屋一"


def test_everybody_finds_what_they_may_see_and_nothing_else(
    app: Flask, town: Town, any_database: str
) -> None:
    town.event("公开的党课")
    town.event("草稿里的党课", state=EventState.DRAFT)
    town.due("海口路的党课", host=town.haikou)
    town.event("取消了的党课", state=EventState.CANCELLED)
    expected = {
        "a": {"公开的党课", "取消了的党课"},
        "d": {"公开的党课", "取消了的党课", "海口路的党课"},
        "secretary": {"公开的党课", "取消了的党课", "草稿里的党课"},
        "secretary2": {"公开的党课", "取消了的党课", "海口路的党课"},
        "office": {"公开的党课", "取消了的党课", "草稿里的党课", "海口路的党课"},
    }
    for username, titles in expected.items():
        page = Browser(app).sign_in(username).get("/search", q="党课")
        assert set(found(page, "event")) == titles, username
        assert ("草稿" in page.text.replace("草稿里", "")) == ("草稿里的党课" in titles)


def test_people_are_found_by_those_who_list_them(app: Flask, town: Town, any_database: str) -> None:
    town.somebody("宋雅琴", town.branch_one)
    town.somebody("宋雅文", town.branch_far)
    for username, names in (
        ("secretary", ["宋雅琴"]),
        ("branch", ["宋雅琴"]),
        ("secretary2", ["宋雅文"]),
        ("office", ["宋雅文", "宋雅琴"]),
        ("a", []),
        ("keeper", []),
    ):
        browser = Browser(app).sign_in(username)
        for typed in ("宋雅", "songya", "sy"):
            assert found(browser.get("/search", q=typed), "person") == names, (username, typed)
        assert ("人员" in browser.get("/search").text) is bool(names)


def test_exactly_this_name_comes_first(browser: Browser, town: Town) -> None:
    town.somebody("丁宋雅", town.branch_one)
    town.somebody("宋雅", town.branch_one)
    page = browser.sign_in("secretary").get("/search", q="宋雅")
    assert found(page, "person") == ["宋雅", "丁宋雅"]


@pytest.mark.parametrize(("typed", "finds"), [("5678", True), ("678", False), ("8", False)])
def test_the_end_of_a_phone_finds_from_four_digits_on(
    browser: Browser, town: Town, typed: str, finds: bool
) -> None:
    person = town.somebody("宋雅琴", town.branch_one)
    db.session.add(PersonKey(person_id=person.id, key="#8765432199"))
    factories.commit()
    page = browser.sign_in("secretary").get("/search", q=typed)
    assert bool(found(page, "person")) is finds


def test_organisations_are_found_in_the_own_part_of_the_tree(
    app: Flask, town: Town, any_database: str
) -> None:
    town.index_organisations()
    office = Browser(app).sign_in("office")
    names = found(office.get("/search", q="shequ"), "organisation")
    assert set(names[:2]) == {"汕头路社区党委", "海口路社区党委"}
    assert set(names[2:]) == {"汕头路社区第一党支部", "海口路社区第一党支部"}
    secretary = Browser(app).sign_in("secretary")
    assert found(secretary.get("/search", q="社区"), "organisation") == [
        "汕头路社区党委",
        "汕头路社区第一党支部",
    ]
    assert found(Browser(app).sign_in("a").get("/search", q="社区"), "organisation") == []


def test_a_new_organisation_and_a_new_name_are_found_at_once(browser: Browser, town: Town) -> None:
    keeper = db.session.merge(town.sysadmin)
    with write_transaction():
        parent = db.session.merge(town.shantou)
        made = organisations.create_organisation(
            description=Description(
                name="银海楼院党支部", short_name="", kind=OrganisationKind.BRANCH
            ),
            parent=parent,
            code="",
            since=None,
            actor=keeper,
        )
    browser.sign_in("secretary")
    assert found(browser.get("/search", q="yinhai"), "organisation") == ["银海楼院党支部"]
    with write_transaction():
        organisations.change_organisation(
            organisation=db.session.merge(made),
            description=Description(
                name="金海楼院党支部", short_name="", kind=OrganisationKind.BRANCH
            ),
            renaming=Renaming(clock.today(), is_correction=True),
            parent=db.session.merge(town.shantou),
            version=made.version,
            actor=keeper,
        )
    assert found(browser.get("/search", q="yinhai"), "organisation") == []
    assert found(browser.get("/search", q="jinhai"), "organisation") == ["金海楼院党支部"]


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_box_and_find_nothing(
    browser: Browser, town: Town, username: str
) -> None:
    town.event("党课")
    browser.sign_in(username)
    assert not browser.get("/").by("data-search")
    assert browser.get("/search", q="党课").status == 403


def test_more_than_a_few_are_all_behind_a_link_and_turned_page_by_page(
    browser: Browser, town: Town, any_database: str
) -> None:
    for number in range(57):
        made: Event = factories.event(
            town.shantou,
            town.secretary,
            title=f"党课第{number}讲",
            starts_at=clock.now() + timedelta(days=number + 1),
        )
        made.host = town.shantou
        events.index(made)
    factories.commit()
    browser.sign_in("a")
    page = browser.get("/search", q="党课")
    assert found(page, "event") == [f"党课第{number}讲" for number in (56, 55, 54, 53, 52)]
    address = page.links()[f"活动：全部 {MOST_COUNTED} 多 条"]
    first = browser.get(address)
    assert len(found(first, "event")) == 50
    second = browser.get(first.links()["下一页"])
    assert found(second, "event") == [f"党课第{number}讲" for number in range(6, -1, -1)]
    assert "下一页" not in second.links()
    beyond = browser.get("/search", q="党课", kind="event", page=9)
    assert "这一页之后没有了" in beyond.text


def test_a_few_more_are_counted(browser: Browser, town: Town) -> None:
    for number in range(7):
        town.event(f"书屋第{number}期")
    page = browser.sign_in("a").get("/search", q="书屋")
    assert "活动：全部 7 条" in page.links()


def test_nothing_found_says_what_to_try(browser: Browser, town: Town) -> None:
    page = browser.sign_in("a").get("/search", q="没有这样的")
    assert page.status == 200
    assert "没有找到“没有这样的”" in page.text
    assert "拼音" in page.text
    page = browser.get("/search", q="没有这样的", kind="event")
    assert "在全部里找" in page.links()


def test_nothing_typed_says_what_can_be_found(browser: Browser, town: Town) -> None:
    assert "可以找活动" in browser.sign_in("a").get("/search").text
    hosts = Browser(browser.app).sign_in("secretary").get("/search").text
    assert re.search("可以找活动.*人员、组织", hosts)


def test_the_box_is_on_every_page_and_htmx_gets_the_results_alone(
    browser: Browser, town: Town
) -> None:
    town.event("红色物业")
    browser.sign_in("a")
    page = browser.get("/events/")
    box = next(form for form in page.forms() if form.element.get("role") == "search")
    assert box.action == "/search"
    assert box.element.get("hx-get") == "/search"
    plain = browser.submit(box, q="红色")
    assert found(plain, "event") == ["红色物业"]
    fragment = browser.submit(box, htmx=True, q="红色")
    assert not fragment.whole
    assert found(fragment, "event") == ["红色物业"]
    assert fragment.by("id", "found")


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        '"党课" OR "x',
        "党课*",
        "NEAR(党 课)",
        "a & | ! <-> b:*",
        "%_",
        "\x00党课",
        "党" * 5000,
        "a " * 3000,
        "。，！",
        "   ",
        "😀",
        "#",
        "1",
    ],
)
def test_whatever_is_typed_is_text(
    browser: Browser, town: Town, typed: str, any_database: str
) -> None:
    town.event("<b>党课</b> & <i>")
    town.somebody("宋雅琴", town.branch_one)
    page = browser.sign_in("secretary").get("/search", q=typed)
    assert page.status == 200
    assert not page.find_all("b")
    assert not [script for script in page.find_all("script") if not script.get("src")]


@pytest.mark.parametrize(
    "query", [{"kind": "nonsense"}, {"page": "x"}, {"page": "-1", "kind": "event"}]
)
def test_nonsense_in_the_address_asks_for_nothing_special(
    browser: Browser, town: Town, query: dict[str, Any]
) -> None:
    town.event("党课")
    page = browser.sign_in("a").get("/search", q="党课", **query)
    assert found(page, "event") == ["党课"]


def test_a_kind_that_is_not_offered_is_no_kind(browser: Browser, town: Town) -> None:
    town.somebody("宋雅琴", town.branch_one)
    page = browser.sign_in("a").get("/search", q="宋雅", kind="person")
    assert found(page, "person") == []


@pytest.mark.parametrize("username", ["a", "secretary", "office"])
def test_the_number_of_statements_is_small_and_always_the_same(
    app: Flask, town: Town, queries_of: Callable, username: str, any_database: str
) -> None:
    town.index_organisations()
    town.event("党课一")
    town.somebody("党课华", town.branch_one)
    browser = Browser(app).sign_in(username)
    browser.get("/search", q="党课")
    few = queries_of(lambda: browser.get("/search", q="党课"))
    for number in range(30):
        town.event(f"党课{number}")
        town.somebody(f"党课明{number}", town.branch_one)
    assert queries_of(lambda: browser.get("/search", q="党课")) == few <= 8
    assert queries_of(lambda: browser.get("/search", q="党课", kind="event")) <= 4
