"""Rooms, opening hours and closures on their page."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.sites import hooks
from portal.sites.models import Closure, OpeningHours, Room, Site
from portal.sites.uses.models import RoomUse, UseKind, UseSource
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page


def room_names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Room.name).order_by(Room.id)))


def test_a_keeper_adds_changes_and_removes_rooms(
    browser: Browser, site: Site, any_database: str
) -> None:
    browser.sign_in("keeper")
    form = browser.get(f"/sites/{site.id}/rooms/new").form("/rooms/new")
    page = browser.submit(form, name="议事厅", capacity="２４", equipment="圆桌")
    assert "议事厅" in page.text
    assert "24 人" in page.text
    typed: dict[str, Any] = {}
    for changes, field, word in (
        ({"name": "议事厅", "capacity": "5"}, "name", "同名"),
        ({"name": "", "capacity": "5"}, "name", "名称"),
        ({"name": "长" * 61, "capacity": "5"}, "name", "60"),
        ({"name": "新", "capacity": "0"}, "capacity", "1"),
        ({"name": "新", "capacity": "-3"}, "capacity", "数字"),
        ({"name": "新", "capacity": "99999999999"}, "capacity", "数字"),
        ({"name": "新", "capacity": "5", "equipment": "长" * 201}, "equipment", "200"),
    ):
        refused = browser.submit(form, **{**typed, **changes})
        assert refused.status == 422, changes
        assert word in refused.errors()[field]
    room_id = db.session.scalar(select(Room.id).where(Room.name == "议事厅"))
    edit = browser.get(f"/sites/{site.id}/rooms/{room_id}/edit").form("/edit")
    page = browser.submit(edit, capacity="30", is_step_free="y")
    assert "30 人" in page.text
    assert "无障碍" in page.text
    page = browser.post(f"/sites/{site.id}/rooms/{room_id}/remove")
    assert room_names() == ["红色书屋"]
    assert browser.get(f"/sites/{site.id}/rooms/{room_id}/edit").status == 404


def test_a_room_in_use_stays(
    browser: Browser, street: Street, site: Site, monkeypatch: pytest.MonkeyPatch, any_database: str
) -> None:
    room_id = db.session.scalar(select(Room.id))
    factories.event(street.branch_one, street.secretary, site_id=site.id, room_id=room_id)
    factories.commit()
    browser.sign_in("keeper")
    page = browser.post(f"/sites/{site.id}/rooms/{room_id}/remove")
    assert page.status == 409
    assert "不接受预约" in page.alert
    monkeypatch.setattr(hooks, "uses", [lambda _site, _room: ["已有 3 批预约"]])
    assert "已有 3 批预约" in browser.post(f"/sites/{site.id}/rooms/{room_id}/remove").alert
    assert room_names() == ["红色书屋"]


def test_the_week_is_typed_as_it_is_read(browser: Browser, site: Site) -> None:
    browser.sign_in("keeper")
    form = browser.get(f"/sites/{site.id}/rooms").form("/hours")
    assert form.fields["monday"] == "9:00-17:00"
    assert form.fields["sunday"] == ""
    page = browser.submit(form, monday="", sunday="9:00-11:30，14:00-17:00")
    assert page.form("/hours").fields["sunday"] == "9:00-11:30，14:00-17:00"
    rows = db.session.execute(
        select(OpeningHours.weekday, OpeningHours.opens_minute, OpeningHours.closes_minute)
        .where(OpeningHours.weekday.in_([0, 6]))
        .order_by(OpeningHours.opens_minute)
    ).all()
    assert [tuple(row) for row in rows] == [(6, 540, 690), (6, 840, 1020)]


def test_a_bad_line_keeps_the_whole_week_as_typed(browser: Browser, site: Site) -> None:
    browser.sign_in("keeper")
    form = browser.get(f"/sites/{site.id}/rooms").form("/hours")
    page = browser.submit(form, monday="上午开", tuesday="8:00-9:00")
    assert page.status == 422
    assert "请按" in page.errors()["monday"]
    assert page.form("/hours").fields["monday"] == "上午开"
    assert page.form("/hours").fields["tuesday"] == "8:00-9:00"
    assert db.session.scalar(select(func.count(OpeningHours.id))) == 5


def test_two_who_set_the_hours_are_told(browser: Browser, site: Site) -> None:
    browser.sign_in("keeper")
    form = browser.get(f"/sites/{site.id}/rooms").form("/hours")
    browser.submit(form, monday="8:00-9:00")
    page = browser.submit(form, monday="10:00-11:00")
    assert page.status == 409
    assert page.form("/hours").fields["monday"] == "10:00-11:00"
    again = browser.submit(page.form("/hours"))
    assert again.form("/hours").fields["monday"] == "10:00-11:00"


def test_closures_come_and_go(browser: Browser, site: Site, any_database: str) -> None:
    room_id = db.session.scalar(select(Room.id))
    browser.sign_in("keeper")
    form = browser.get(f"/sites/{site.id}/rooms").form("/closures")
    page = browser.submit(
        form, starts_on="2030-01-01", ends_on="2030-01-03", room=room_id, reason="检修"
    )
    assert "2030年1月1日至2030年1月3日，红色书屋 检修" in page.text
    browser.submit(form, starts_on="2030-01-01", ends_on="2030-01-03", room=room_id, reason="检修")
    page = browser.submit(form, starts_on="2026-01-05", weekday="0", reason="每周休息")
    assert "每周一" in page.text
    ids = list(db.session.scalars(select(Closure.id).order_by(Closure.id)))
    assert len(ids) == 2, "pressed twice is once"
    typed: dict[str, Any] = {}
    for changes, field in (
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "2030-02-30"}, "starts_on"),
        ({"starts_on": "1900-01-01"}, "starts_on"),
        ({"starts_on": "2030-01-05", "ends_on": "2030-01-01"}, "ends_on"),
        ({"starts_on": "2030-01-05", "reason": "长" * 121}, "reason"),
        ({"starts_on": "2030-01-05", "weekday": "9"}, "weekday"),
        ({"starts_on": "2030-01-05", "room": "999"}, "room"),
    ):
        refused = browser.submit(form, **{**typed, **changes})
        assert refused.status == 422, changes
        assert field in refused.errors()
    for closure_id in ids:
        browser.post(f"/sites/{site.id}/closures/{closure_id}/remove")
    assert db.session.scalar(select(func.count(Closure.id))) == 0
    assert browser.post(f"/sites/{site.id}/closures/{ids[0]}/remove").status == 404


def test_a_closure_is_put_right(browser: Browser, site: Site, any_database: str) -> None:
    browser.sign_in("keeper")
    form = browser.get(f"/sites/{site.id}/rooms").form("/closures")
    browser.submit(form, starts_on="2030-01-01", reason="检修")
    browser.submit(form, starts_on="2030-03-04", ends_on="2030-03-08")
    first = db.session.scalars(select(Closure.id).order_by(Closure.id)).all()[0]
    room_id = db.session.scalar(select(Room.id))
    path = f"/sites/{site.id}/closures/{first}/edit"
    form = browser.get(path).form("/edit")
    assert form.fields["starts_on"] == "2030-01-01"
    page = browser.submit(form, ends_on="2030-02-01", weekday="0", room=room_id)
    assert "2030年1月1日至2030年2月1日，每周一，红色书屋 检修" in page.text
    form = browser.get(path).form("/edit")
    assert (form.fields["weekday"], form.fields["room"]) == ("0", str(room_id))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2029-12-31"}, "ends_on"),
        ({"reason": "长" * 121}, "reason"),
        (
            {"starts_on": "2030-03-04", "ends_on": "2030-03-08", "weekday": "", "room": ""},
            "starts_on",
        ),
    ]
    for changes, field in wrong:
        refused = browser.submit(form, **changes)
        assert refused.status == 422, changes
        assert field in refused.errors()
    (entry,) = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "site.closure_changed")
    )
    assert '"范围": ["整个点位", "红色书屋"]' in entry.details
    assert browser.get(f"/sites/{site.id}/closures/999/edit").status == 404


def test_keepers_are_told_what_is_agreed_for_the_days_on_which_it_will_be_shut(
    browser: Browser, site: Site, any_database: str
) -> None:
    room_id = db.session.scalar(select(Room.id))
    monday = clock.today() + timedelta(days=21 - clock.today().weekday())
    for number, (day, room, hours) in enumerate(
        ((0, room_id, 1), (1, None, 1), (6, room_id, 30), (9, room_id, 1)), 1
    ):
        starts_at = clock.from_local(datetime.combine(monday + timedelta(days=day), time(10)))
        db.session.add(
            RoomUse(
                site_id=site.id,
                room_id=room,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=hours),
                source=UseSource.EVENT,
                source_id=number,
                kind=UseKind.LESSON,
                label=f"第{number}场党课",
                is_open=True,
            )
        )
    factories.commit()
    browser.sign_in("keeper")

    def told(page: Page) -> list[str]:
        return re.findall(r"第\d场党课", page.text)

    page = browser.get(f"/sites/{site.id}/rooms")
    assert told(page) == []
    page = browser.submit(page.form("/closures"), starts_on=monday, ends_on=monday)
    assert "其间有 1 场已经约定，不会自动取消" in page.text
    assert told(page) == ["第1场党课"]
    assert page.links()[next(one for one in page.links() if "第1场党课" in one)] == "/events/1"
    closure_id = db.session.scalar(select(Closure.id))
    path = f"/sites/{site.id}/closures/{closure_id}/edit"

    def change(**changes: Any) -> Page:
        return browser.submit(browser.get(path).form("/edit"), **changes)

    assert told(change(ends_on=monday + timedelta(days=8))) == [f"第{n}场党课" for n in (1, 2, 3)]
    assert told(change(room=room_id)) == ["第1场党课", "第3场党课"]
    assert told(change(room="", weekday="1")) == ["第2场党课"]
    page = change(starts_on=monday + timedelta(days=7), ends_on="", weekday="0")
    assert told(page) == ["第3场党课"], "it goes on into the next Monday"
    page = change(starts_on="2030-01-01")
    assert "其间没有已经约定的参观和活动" in page.text


def test_a_site_without_hours_says_what_to_do(browser: Browser, street: Street) -> None:
    bare = factories.site(street.branch_one, street.secretary, rooms=[], opening_hours=[])
    factories.commit()
    browser.sign_in("keeper")
    assert "参观前请先打电话" in browser.get(f"/sites/{bare.id}").text
    assert "添加第一间" in browser.get(f"/sites/{bare.id}/rooms").links()


def test_reviews_due_are_listed_for_their_keepers_soonest_first(
    browser: Browser, street: Street
) -> None:
    today = clock.today()
    for name, days, where in (
        ("还早", 91, street.branch_one),
        ("快了", 20, street.branch_one),
        ("过了", -5, street.branch_one),
        ("别处", 1, street.branch_far),
    ):
        factories.site(where, street.office, name=name, review_due_on=today + timedelta(days=days))
    factories.commit()
    page = browser.sign_in("keeper").get("/sites/reviews")
    assert "过了" in page.text
    assert page.text.index("过了") < page.text.index("快了")
    assert "还早" not in page.text
    assert "别处" not in page.text
    assert "已过 5 天" in page.text
    assert "开始复审" not in page.text
    office = Browser(browser.app).sign_in("office").get("/sites/reviews")
    assert "别处" in office.text
    assert "开始复审" in office.text
    assert Browser(browser.app).sign_in("a").get("/sites/reviews").status == 403
    assert (
        "近期没有到期"
        in Browser(browser.app).sign_in("secretary2").get("/sites/reviews", page=2).text
    )
