"""The page of one event and its calendar file."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from portal import clock
from portal.database import db
from portal.events import hooks
from portal.events.models import Audience, Event, EventDueOrganisation, EventState
from portal.people.models import Organisation, OrganisationKind
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page, text_of


def test_everybody_opens_a_published_open_event(browser: Browser) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary, title="情景党课：守护")
    page = browser.sign_in("d").get(f"/events/{event.id}")
    assert page.status == 200
    assert page.h1 == "情景党课：守护"


def facts(page: Page) -> dict[str, str]:
    names = [text_of(element) for element in page.find_all("dt")]
    return dict(zip(names, [text_of(element) for element in page.find_all("dd")], strict=True))


def test_signing_up_ends_with_the_start_whatever_the_deadline(browser: Browser) -> None:
    street = Street()
    starts_at = clock.now() + timedelta(days=3)
    event = factories.event(
        street.shantou,
        street.secretary,
        starts_at=starts_at,
        signup_closes_at=starts_at + timedelta(hours=1),
    )
    page = browser.sign_in("a").get(f"/events/{event.id}")
    at = f"{clock.local(starts_at):%H:%M}".removeprefix("0")
    assert facts(page)["报名"].endswith(f"{at} 截止")
    assert facts(page)["报名截止"].endswith(f"{at}（活动开始）")


def test_a_group_is_named_with_its_branch(browser: Browser) -> None:
    """Every branch has a 第1党小组."""
    street = Street()
    for branch in (street.branch_one, street.branch_two):
        factories.organisation(
            f"{branch.name}第1党小组", branch, OrganisationKind.GROUP, short_name="第1党小组"
        )
    event = factories.event(street.shantou, street.secretary, audience=Audience.DUE)
    group = db.session.query(Organisation).filter_by(short_name="第1党小组").first()
    assert group is not None
    db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=group.id))
    factories.commit()
    page = browser.sign_in("secretary").get(f"/events/{event.id}")
    assert facts(page)["面向"] == "应到人员：汕头路社区第一党支部第1党小组"
    choices = [text_of(label) for label in browser.get("/events/new").by("class", "choice")]
    assert "汕头路社区第二党支部第1党小组" in choices
    assert len(choices) == len(set(choices))


def test_the_facts_stand_in_one_block(browser: Browser) -> None:
    street = Street()
    event = factories.event(
        street.shantou,
        street.secretary,
        place="红色书屋",
        lecturer="测试主讲",
        contact="办公室 0532-0000 0000",
        capacity=40,
        audience=Audience.DUE,
        summary="先听课，再看现场。",
        agenda="9:00 集合\n自由交流",
        note="带徽章",
    )
    for branch in (street.branch_one, street.branch_two):
        db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=branch.id))
    factories.commit()
    page = browser.sign_in("a").get(f"/events/{event.id}")
    told = facts(page)
    assert told["地点"] == "红色书屋"
    assert told["主讲"] == "测试主讲"
    assert told["主办"] == "汕头路社区党委"
    assert told["人数"] == "限 40 人"
    assert told["面向"].startswith("应到人员：汕头路社区第一党支部、")
    assert "先听课" in page.text
    assert "带徽章" in page.text
    assert [text_of(e) for e in page.by("class", "agenda-time")] == ["9:00"]


@pytest.mark.parametrize("path", ["/events/99", "/events/99/edit", "/events/99.ics"])
def test_an_unknown_event_is_not_found(browser: Browser, path: str) -> None:
    Street()
    assert browser.sign_in("office").get(path).status == 404


@pytest.mark.parametrize("path", ["", ".ics", "/edit"])
def test_nobody_sees_an_event_signed_out(browser: Browser, path: str) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary)
    page = browser.get(f"/events/{event.id}{path}")
    assert page.find_all("input", name="password")


def test_rooms_above_add_panels_and_tabs(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary)
    factories.commit()
    for_hosts: Callable[[Any, Any], bool] = lambda person, _event: person.name == "书记测试甲"  # noqa: E731
    panel = hooks.Panel(
        "errors/alert.html",
        "side",
        lambda event, reader: (
            {"sentence": f"{reader.name}：{event.title}"} if reader.name != "党员测试乙" else None
        ),
    )
    monkeypatch.setattr(hooks, "panels", [panel])
    monkeypatch.setattr(hooks, "tabs", [hooks.Tab("报名表", "events.edit", for_hosts)])
    path = f"/events/{event.id}"
    page = browser.sign_in("secretary").get(path)
    assert page.alert == "书记测试甲：社区治理主题党课"
    assert page.links()["报名表"] == f"{path}/edit"
    here = [text_of(e) for e in page.by("aria-current", "page")]
    assert "概况" in here
    reader = Browser(browser.app).sign_in("b").get(path)
    assert reader.alert == ""
    assert "报名表" not in reader.links()


# ---- the calendar file


def calendar_of(browser: Browser, event_id: int) -> Any:
    response = browser.client.get(f"/events/{event_id}.ics")
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    return Calendar.from_ical(response.data)


def test_the_calendar_file_says_when_and_where_in_chinas_time(browser: Browser) -> None:
    street = Street()
    starts_at = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    event = factories.event(
        street.shantou,
        street.secretary,
        title="王䶮讲党课；第三讲，🎉",
        place="红色书屋, 二楼",
        starts_at=starts_at,
        summary="第一行\n第二行",
    )
    factories.commit()
    calendar = calendar_of(browser.sign_in("d"), event.id)
    (entry,) = calendar.walk("VEVENT")
    assert entry["SUMMARY"] == "王䶮讲党课；第三讲，🎉"
    assert entry["LOCATION"] == "红色书屋, 二楼"
    assert entry.decoded("DTSTART") == starts_at
    assert entry["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["SEQUENCE"] == 1
    assert f"/events/{event.id}" in entry["URL"]
    assert "第二行" in entry["DESCRIPTION"]
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"


def test_the_calendar_follows_an_event_by_its_uid_and_sequence(browser: Browser) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary)
    factories.commit()
    event_id = event.id
    browser.sign_in("secretary")
    (before,) = calendar_of(browser, event_id).walk("VEVENT")
    browser.post(f"/events/{event_id}/postpone", {"reason": "维修"})
    (postponed,) = calendar_of(browser, event_id).walk("VEVENT")
    assert postponed["STATUS"] == "TENTATIVE"
    browser.post(f"/events/{event_id}/cancel", {"reason": "不办了"})
    (cancelled,) = calendar_of(browser, event_id).walk("VEVENT")
    assert cancelled["STATUS"] == "CANCELLED"
    assert before["UID"] == postponed["UID"] == cancelled["UID"]
    assert before["SEQUENCE"] < postponed["SEQUENCE"] < cancelled["SEQUENCE"]
    assert "不办了" in cancelled["DESCRIPTION"]


def test_a_draft_has_a_tentative_entry_for_its_hosts_alone(app: Flask) -> None:
    street = Street()
    event: Event = factories.event(street.shantou, street.secretary, state=EventState.DRAFT)
    factories.commit()
    event_id = event.id
    (entry,) = calendar_of(Browser(app).sign_in("secretary"), event_id).walk("VEVENT")
    assert entry["STATUS"] == "TENTATIVE"
    assert Browser(app).sign_in("d").client.get(f"/events/{event_id}.ics").status_code == 404
