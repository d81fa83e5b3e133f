"""Series: made from one event, changed from one on, published and called off together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.events import agenda_rows
from portal.events.agenda import AgendaRow
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventState,
)
from portal.events.series.models import EventSeries
from portal.messages.models import Message
from portal.people.models import Person
from portal.workdays.models import Holiday
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page, text_of

WEEKLY: dict[str, Any] = {"rhythm": "weekly", "every": "1", "count": "4"}


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def first_event(street: Street, **values: Any) -> Event:
    """A draft of 汕头路 at 9:00 on a day of next month."""
    local = clock.local(clock.now() + timedelta(days=40)).replace(
        hour=9, minute=0, second=0, microsecond=0, tzinfo=None
    )
    made = factories.event(
        street.shantou,
        street.secretary,
        **{"state": EventState.DRAFT, "starts_at": clock.from_local(local), **values},
    )
    factories.commit()
    return made


def repeated(browser: Browser, event: Event, then: str = "draft", **typed: str) -> Page:
    form = browser.get(f"/events/{event.id}/repeat").form("/repeat")
    form.fields.pop("until", None)
    return browser.submit(form, **{**WEEKLY, **typed}, then=then)


def events() -> list[Event]:
    wanted = select(Event).where(Event.series_id.is_not(None))
    return list(db.session.scalars(wanted.order_by(Event.planned_at)))


def inbox(person: Person) -> list[str]:
    wanted = select(Message.subject).where(Message.person_id == person.id).order_by(Message.id)
    return list(db.session.scalars(wanted))


def due_series(browser: Browser, street: Street) -> list[Event]:
    """Four published events for branch one."""
    event = first_event(street, audience=Audience.DUE)
    db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=street.branch_one.id))
    repeated(browser.sign_in("secretary"), event, "publish", title="{月}月{日}日第{次}次党课")
    return events()


def test_days_are_looked_at_before_anything_is_made(
    browser: Browser, street: Street, way: str
) -> None:
    event = first_event(street)
    closed = clock.local(event.starts_at).date() + timedelta(days=7)
    db.session.add(Holiday(day=closed, name="试验假日"))
    factories.commit()
    form = browser.sign_in("secretary").get(f"/events/{event.id}/repeat").form("/repeat")
    form.fields.pop("until", None)
    page = browser.submit(form, htmx=way == "htmx", **WEEKLY, then="preview")
    assert page.whole is (way == "plain")
    assert "一共 4 次" in page.text
    assert "遇到节假日不办的" in page.text
    assert events() == []


def test_a_series_is_made_as_drafts_and_published_at_once(browser: Browser, street: Street) -> None:
    event = first_event(street, capacity=30, signup_closes_at=clock.now() + timedelta(days=39))
    agenda_rows.replace([event.id], [AgendaRow("学习", "甲", 60)])
    page = repeated(browser.sign_in("secretary"), event, title="{月}月第{次}次")
    assert page.h1 == "系列：{月}月第{次}次"  # nothing would be left of it
    made = events()
    assert [one.starts_at - made[0].starts_at for one in made] == [
        timedelta(weeks=number) for number in range(4)
    ]
    assert {one.state for one in made} == {EventState.DRAFT}
    assert {one.capacity for one in made} == {30}
    local = clock.local(made[2].starts_at)
    assert made[2].title == f"{local.month}月第3次"
    before = {one.starts_at - one.signup_closes_at for one in made if one.signup_closes_at}
    assert len(before) == 1
    assert agenda_rows.rows(made[3].id) == [AgendaRow("学习", "甲", 60)]
    page = browser.submit(page.form("/publish"))
    assert "已发布 4 次活动" in page.text
    assert {one.state for one in events()} == {EventState.PUBLISHED}
    series = db.session.scalars(select(EventSeries)).one()
    assert browser.post(f"/events/series/{series.id}/publish").status == 409


def test_an_event_is_in_one_series_only(browser: Browser, street: Street) -> None:
    event = first_event(street)
    repeated(browser.sign_in("secretary"), event)
    assert browser.get(f"/events/{event.id}/repeat").status == 409
    assert browser.post(f"/events/{event.id}/repeat", {**WEEKLY, "title": "再来"}).status == 409
    assert len(events()) == 4


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"count": ""}, "count"),
        ({"count": "61"}, "count"),
        ({"count": "很多"}, "count"),
        ({"every": "0"}, "every"),
        ({"rhythm": "daily"}, "rhythm"),
        ({"title": " "}, "title"),
        ({"count": "", "until": "2001-01-01"}, "until"),
        ({"count": "", "until": "明年"}, "until"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_as_typed(
    browser: Browser, wrong: dict[str, str], field: str
) -> None:
    event = first_event(Street())
    page = repeated(browser.sign_in("secretary"), event, **wrong)
    assert page.status == 422
    assert page.errors()[field]
    assert events() == []
    if field in {"count", "until"}:
        assert page.form("/repeat").fields[field] == wrong[field]


def test_people_are_called_once_to_all_of_it(browser: Browser, street: Street) -> None:
    made = due_series(browser, street)
    assert len(made) == 4
    assert inbox(street.a) == [f"请您参加：{made[0].title}（共 4 次）"]
    body = db.session.scalars(select(Message.body).where(Message.person_id == street.a.id)).one()
    assert body.count("9:00–11:00") == 4
    # Who becomes due for one of them later is called; the others know already.
    form = browser.get(f"/events/{made[1].id}/edit").form("/edit")
    both = [str(street.branch_one.id), str(street.branch_two.id)]
    browser.submit(form, due=both)
    assert len(inbox(street.a)) == 1
    assert len(inbox(street.c)) == 1


def test_the_invited_are_invited_to_each(browser: Browser, street: Street) -> None:
    event = first_event(street, audience=Audience.INVITED)
    db.session.add(
        EventInvitation(
            event_id=event.id,
            person_id=street.a.id,
            invited_by_id=street.secretary.id,
            invited_at=clock.now(),
        )
    )
    repeated(browser.sign_in("secretary"), event, "publish")
    assert len(inbox(street.a)) == 1
    assert len(db.session.scalars(select(EventInvitation.id)).all()) == 4


def change(browser: Browser, event: Event, **typed: Any) -> Page:
    form = browser.get(f"/events/{event.id}/following").form("/following")
    return browser.submit(form, **typed)


def test_this_and_the_following_change_and_what_was_changed_by_hand_stays(
    browser: Browser, street: Street
) -> None:
    made = due_series(browser, street)
    before = [one.starts_at for one in made]
    form = browser.get(f"/events/{made[2].id}/edit").form("/edit")
    browser.submit(form, place="单独的地点")
    form = browser.get(f"/events/{made[3].id}/edit").form("/edit")
    moved = clock.local(made[3].starts_at) + timedelta(days=1)
    browser.submit(
        form,
        starts_at=f"{moved:%Y-%m-%dT09:00}",
        ends_at=f"{moved:%Y-%m-%dT11:00}",
    )
    told_before = len(inbox(street.a))
    new = clock.local(made[1].starts_at) + timedelta(days=2, hours=1)
    page = change(
        browser,
        made[1],
        title="{月}月{日}日第{次}次新课",
        place="二楼报告厅",
        lecturer="新主讲",
        starts_at=f"{new:%Y-%m-%dT10:00}",
        ends_at=f"{new:%Y-%m-%dT12:30}",
    )
    assert page.h1 == "有几次保留了单独的改动"
    assert [text_of(note) for note in page.by("class", "note") if "没有动" in text_of(note)] == [
        "没有动的：地点",
        "没有动的：时间",
    ]
    now = events()
    shift = timedelta(days=2, hours=1)
    assert now[0].starts_at == before[0]
    assert now[0].lecturer == ""
    assert now[1].starts_at == before[1] + shift
    assert now[2].starts_at == before[2] + shift
    assert now[3].starts_at == before[3] + timedelta(days=1)
    assert [one.lecturer for one in now] == ["", "新主讲", "新主讲", "新主讲"]
    assert [one.place for one in now[1:]] == ["二楼报告厅", "单独的地点", "二楼报告厅"]
    local = clock.local(now[2].starts_at)
    assert now[2].title == f"{local.month}月{local.day}日第3次新课"
    assert now[1].ends_at - now[1].starts_at == timedelta(hours=2, minutes=30)
    assert now[3].ends_at - now[3].starts_at == timedelta(hours=2, minutes=30)
    # One message tells of all of it.
    assert len(inbox(street.a)) == told_before + 1
    assert inbox(street.a)[-1].endswith("（3 次）")


def test_a_second_change_finds_what_the_first_has_planned(browser: Browser, street: Street) -> None:
    made = due_series(browser, street)
    change(browser, made[2], place="从第三次起在三楼")
    page = change(browser, made[0], place="全都在一楼")
    assert "保留" not in page.h1
    assert [one.place for one in events()] == ["全都在一楼"] * 4


def test_whoever_is_second_is_told_and_keeps_what_was_typed(
    browser: Browser, street: Street
) -> None:
    made = due_series(browser, street)
    form = browser.get(f"/events/{made[1].id}/following").form("/following")
    edit = browser.get(f"/events/{made[1].id}/edit").form("/edit")
    browser.submit(edit, place="别人改的")
    page = browser.submit(form, place="我改的")
    assert page.status == 409
    assert "别人也改了" in page.alert
    assert page.form("/following").fields["place"] == "我改的"
    browser.submit(page.form("/following"))
    assert [one.place for one in events()][1:] == ["我改的"] * 3


def test_one_that_cannot_be_changed_stops_all_and_is_named(
    browser: Browser, street: Street
) -> None:
    made = due_series(browser, street)
    for name in ("a", "b"):
        Browser(browser.app).sign_in(name).post(f"/events/{made[2].id}/signups")
    page = change(browser, made[1], capacity="1", place="别处")
    assert page.status == 422
    assert "那一次：已有 2 人报名成功" in page.errors()["capacity"]
    assert {one.place for one in events()} == {"党群服务中心"}
    assert {one.capacity for one in events()} == {None}


def test_only_this_one_changes_when_only_this_one_is_edited(
    browser: Browser, street: Street
) -> None:
    made = due_series(browser, street)
    form = browser.get(f"/events/{made[1].id}/edit").form("/edit")
    browser.submit(form, place="只这一次")
    assert [one.place for one in events()] == [
        "党群服务中心",
        "只这一次",
        "党群服务中心",
        "党群服务中心",
    ]


def test_the_following_are_called_off_with_one_message(browser: Browser, street: Street) -> None:
    made = due_series(browser, street)
    db.session.get_one(Event, made[3].id).state = EventState.DRAFT
    page = browser.get(f"/events/{made[1].id}/following/cancel")
    assert "下面 3 次都会取消" in page.text
    page = browser.submit(page.form("/following/cancel"), reason="")
    assert page.status == 422
    page = browser.submit(page.form("/following/cancel"), reason="场地维修")
    assert "已取消 3 次活动" in page.text
    states = [one.state for one in events()]
    assert states == [EventState.PUBLISHED, EventState.CANCELLED, EventState.CANCELLED]
    assert inbox(street.a)[-1] == f"已取消：{made[1].title}（2 次）"
    assert len(inbox(street.a)) == 2
    page = browser.get(f"/events/{made[1].id}/following/cancel")
    assert "没有可以取消的活动" in page.text
    assert browser.post(f"/events/{made[1].id}/following/cancel", {"reason": "再"}).status == 409


def test_what_is_over_is_left_alone(browser: Browser, street: Street) -> None:
    made = due_series(browser, street)
    past = db.session.get_one(Event, made[2].id)
    past.state = EventState.RECORDED
    change(browser, made[1], lecturer="新主讲")
    assert [one.lecturer for one in events()] == ["", "新主讲", "", "新主讲"]


def test_others_see_of_a_series_what_is_meant_for_them(browser: Browser, street: Street) -> None:
    made = due_series(browser, street)
    series = db.session.scalars(select(EventSeries)).one()
    path = f"/events/series/{series.id}"
    page = Browser(browser.app).sign_in("a").get(path)
    assert made[3].title in page.text
    assert not [link for link in page.links() if "改这次" in link]
    assert Browser(browser.app).sign_in("d").get(path).status == 404
    assert browser.get("/events/series/9999").status == 404
    assert Browser(browser.app).sign_in("secretary2").post(f"{path}/publish").status == 403
    assert "系列活动中的一次，看全部" in browser.get(f"/events/{made[0].id}").links()


def test_the_page_of_a_series_costs_the_same_for_two_and_for_sixty(
    browser: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    repeated(browser.sign_in("secretary"), first_event(street), count="2")
    one = db.session.scalars(select(EventSeries.id)).one()
    few = queries_of(lambda: browser.get(f"/events/series/{one}"))
    repeated(browser, first_event(street, title="另一个"), count="60")
    other = max(db.session.scalars(select(EventSeries.id)))
    assert queries_of(lambda: browser.get(f"/events/series/{other}")) == few <= 4
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("series%")))
    assert acts.all() == ["series.create", "series.create"]


def test_an_event_of_no_series_has_nothing_that_follows(browser: Browser, street: Street) -> None:
    event = first_event(street)
    browser.sign_in("secretary")
    assert browser.get(f"/events/{event.id}/following").status == 409
    assert browser.get(f"/events/{event.id}/following/cancel").status == 409
