"""Templates are kept, used, renamed and thrown away; holidays are kept by the office."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.events import agenda_rows
from portal.events.agenda import AgendaRow
from portal.events.models import Audience, Event, EventDueOrganisation, EventKind
from portal.events.series import policies
from portal.events.series.models import EventTemplate
from portal.people.models import Organisation, Person, Role, RoleGrant
from portal.workdays.models import Holiday
from portal.workdays.queries import calendar_from, holidays_from
from tests import factories
from tests.factories import Street
from tests.page import Browser


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def held(street: Street) -> Event:
    starts_at = clock.now().replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=20)
    event = factories.event(
        street.shantou,
        street.secretary,
        title="11月主题党日",
        kind=EventKind.THEME_DAY,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        signup_closes_at=starts_at - timedelta(hours=24),
        audience=Audience.DUE,
        place="二楼会议室",
        capacity=30,
        note="佩戴党徽",
    )
    db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=street.branch_one.id))
    agenda_rows.replace([event.id], [AgendaRow("学习", "测试主讲", 60)])
    factories.commit()
    return event


def test_an_event_is_kept_as_a_template_and_the_next_one_begins_from_it(
    browser: Browser, street: Street
) -> None:
    event = held(street)
    form = browser.sign_in("secretary").get(f"/events/{event.id}/template").form("/template")
    page = browser.submit(form, name="每月主题党日", title="{月}月主题党日")
    assert "已存为模板" in page.text
    page = browser.get(page.links()["每月主题党日"])
    form = page.form("/events/new")
    start = clock.local(clock.now()) + timedelta(days=1)
    while start.weekday() != clock.local(event.starts_at).weekday():
        start += timedelta(days=1)
    assert form.fields["starts_at"] == f"{start:%Y-%m-%d}T09:00"
    assert form.fields["ends_at"] == f"{start:%Y-%m-%d}T11:30"
    assert form.fields["title"] == f"{start.month}月主题党日"
    assert form.fields["due"] == str(street.branch_one.id)
    assert form.fields["note"] == "佩戴党徽"
    assert form.fields["capacity"] == "30"
    page = browser.submit(form, then="save")
    made = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert made is not None
    assert made.signup_closes_at == made.starts_at - timedelta(hours=24)
    assert agenda_rows.rows(made.id) == [AgendaRow("学习", "测试主讲", 60)]
    assert "测试主讲" in page.text


def test_a_template_is_renamed_and_a_name_is_borne_once(browser: Browser, street: Street) -> None:
    factories.event_template(street.shantou, street.secretary, "甲")
    other = factories.event_template(street.shantou, street.secretary, "乙")
    factories.event_template(street.haikou, street.secretary2, "丙")
    factories.commit()
    path = f"/events/templates/{other.id}"
    form = browser.sign_in("secretary").get(path).form(path)
    page = browser.submit(form, name="甲")
    assert page.status == 422
    assert "同名" in page.errors()["name"]
    assert page.form(path).fields["name"] == "甲"
    assert browser.submit(form, name="").status == 422
    page = browser.submit(form, name="丙")
    assert "已改名" in page.text
    assert set(db.session.scalars(select(EventTemplate.name))) == {"甲", "丙"}


def test_the_same_name_cannot_be_kept_twice(browser: Browser, street: Street) -> None:
    event = held(street)
    browser.sign_in("secretary")
    for status in (200, 422):
        form = browser.get(f"/events/{event.id}/template").form("/template")
        assert browser.submit(form, name="主题党日").status == status
    assert len(db.session.scalars(select(EventTemplate.id)).all()) == 1


def test_a_template_is_thrown_away_and_events_stay(browser: Browser, street: Street) -> None:
    number = factories.event_template(street.shantou, street.secretary).id
    held(street)
    page = browser.sign_in("secretary").get(f"/events/templates/{number}")
    assert "会被彻底删除" in page.text
    page = browser.submit(page.form("/discard"))
    assert "已删除" in page.text
    assert "还没有模板" in page.text
    assert len(db.session.scalars(select(Event.id)).all()) == 1
    assert browser.get(f"/events/templates/{number}").status == 404
    assert browser.get("/events/new", template=number).status == 404
    assert browser.get("/events/new", template="x").status == 200


def test_what_the_office_keeps_is_there_for_all_below_and_theirs_for_the_office(
    browser: Browser, street: Street
) -> None:
    factories.event_template(street.street, street.office, "街道的")
    factories.event_template(street.branch_one, street.branch, "一支部的")
    far = factories.event_template(street.haikou, street.secretary2, "海口路的")
    factories.commit()

    def seen(name: str) -> set[str]:
        page = Browser(browser.app).sign_in(name).get("/events/templates")
        return {word for word in ("街道的", "一支部的", "海口路的") if word in page.links()}

    assert seen("branch") == {"街道的", "一支部的"}
    assert seen("secretary") == {"街道的", "一支部的"}
    assert seen("secretary2") == {"街道的", "海口路的"}
    assert seen("office") == {"街道的", "一支部的", "海口路的"}
    assert Browser(browser.app).sign_in("branch").get("/events/new", template=far.id).status == 403


STREET = Organisation(id=1, path="/S/")
COMMUNITY = Organisation(id=2, path="/S/C/")
BRANCH = Organisation(id=3, path="/S/C/B/")
ELSEWHERE = Organisation(id=4, path="/S/D/")


@pytest.mark.parametrize(
    ("role", "over", "keeper", "may_use", "may_keep"),
    [
        (Role.OFFICE, STREET, COMMUNITY, True, True),
        (Role.COMMUNITY_SECRETARY, COMMUNITY, COMMUNITY, True, True),
        (Role.RECORDER, BRANCH, COMMUNITY, True, False),
        (Role.BRANCH_SECRETARY, BRANCH, STREET, True, False),
        (Role.COMMUNITY_SECRETARY, ELSEWHERE, COMMUNITY, False, False),
        (Role.SITE_KEEPER, COMMUNITY, COMMUNITY, False, False),
        (Role.AUDITOR, STREET, COMMUNITY, False, False),
    ],
)
def test_who_may_use_and_keep_a_template(
    role: Role, over: Organisation, keeper: Organisation, may_use: bool, may_keep: bool
) -> None:
    person = Person(id=1, grants=[RoleGrant(role=role, organisation=over)])
    template = EventTemplate(organisation=keeper)
    assert policies.may_use(person, template) is may_use
    assert policies.may_keep(person, template) is may_keep
    assert policies.may_keep_holidays(person) is (role is Role.OFFICE)


def test_templates_cost_the_same_for_one_and_for_fifty(
    browser: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    factories.event_template(street.shantou, street.secretary)
    browser.sign_in("secretary").get("/events/templates")
    few = queries_of(lambda: browser.get("/events/templates"))
    for number in range(50):
        factories.event_template(street.shantou, street.secretary, f"模板{number}")
    factories.commit()
    assert queries_of(lambda: browser.get("/events/templates")) == few <= 3


def test_the_office_keeps_holidays_and_others_read_them(browser: Browser, street: Street) -> None:
    form = browser.sign_in("office").get("/events/holidays").form("/events/holidays")
    page = browser.submit(form, name="春节", first="2027-02-05", last="2027-02-11")
    assert "已添加 7 天" in page.text
    page = browser.submit(form, name="春节", first="2027-02-11", last="2027-02-12")
    assert "已添加 1 天" in page.text
    assert "已经在表里" in browser.submit(form, name="春节", first="2027-02-11").text
    page = browser.get("/events/holidays")
    browser.submit(next(f for f in page.forms() if f.action.endswith("/remove")))
    assert len(db.session.scalars(select(Holiday.id)).all()) == 7
    assert date(2027, 2, 12) not in set(db.session.scalars(select(Holiday.day)))
    reader = Browser(browser.app).sign_in("secretary")
    page = reader.get("/events/holidays")
    assert "春节" in page.text
    assert not [form for form in page.forms() if "holidays" in form.action]
    assert reader.post("/events/holidays", {"name": "x", "first": "2027-01-01"}).status == 403


def test_a_weekend_day_worked_in_exchange_is_no_holiday(browser: Browser, street: Street) -> None:
    form = browser.sign_in("office").get("/events/holidays").form("/events/holidays")
    page = browser.submit(form, name="国庆节调休", first="2026-10-10", kind="working")
    assert "调休上班" in page.text
    browser.submit(form, name="国庆节", first="2026-10-01", last="2026-10-07")
    assert date(2026, 10, 10) not in holidays_from(date(2026, 9, 1))
    calendar = calendar_from(date(2026, 9, 1))
    assert calendar.is_worked(date(2026, 10, 10))
    assert not calendar.is_worked(date(2026, 10, 1))
    assert not calendar.is_worked(date(2026, 10, 11))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "字" * 41}, "name"),
        ({"first": ""}, "first"),
        ({"first": "春天"}, "first"),
        ({"first": "1900-01-01"}, "first"),
        ({"last": "2027-02-01"}, "last"),
        ({"last": "2027-05-01"}, "last"),
    ],
)
def test_wrong_holidays_are_refused(browser: Browser, wrong: dict[str, Any], field: str) -> None:
    Street()
    form = browser.sign_in("office").get("/events/holidays").form("/events/holidays")
    typed: dict[str, Any] = {"name": "春节", "first": "2027-02-05", **wrong}
    page = browser.submit(form, **typed)
    assert page.status == 422
    assert page.errors()[field]
    assert db.session.scalars(select(Holiday.id)).all() == []
