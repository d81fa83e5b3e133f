"""Hosts plan who sits where; people see it once it is shown; the door says it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.database import db
from portal.doors import queries as queries_of_doors
from portal.doors import services as doors
from portal.doors.models import PassKind
from portal.events.models import Event
from portal.events.sessions.queries import sessions_of
from portal.people.models import Person
from portal.seating import queries
from portal.seating.models import Seat, SeatGroup
from portal.signups.models import Signup, SignupStatus
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Page

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def event(browser: Browser, street: Street) -> Event:
    """With room for three; a, b and c have it, d waits."""
    made: Event = factories.event(
        street.shantou,
        street.secretary,
        capacity=3,
        starts_at=MORNING + timedelta(hours=1),
    )
    commit()
    for name in ("a", "b", "c", "d"):
        browser.sign_in(name).post(f"/events/{made.id}/signups")
    return made


def plan(browser: Browser, event: Event, **typed: object) -> Page:
    form = browser.get(f"/events/{event.id}/seats").form("/seats")
    return browser.submit(replace(form, fields={**form.fields, **typed}))


def press(browser: Browser, event: Event, act: str, **typed: object) -> Page:
    page = browser.get(f"/events/{event.id}/seats")
    version = page.form("/seats").fields["version"]
    return browser.post(f"/events/{event.id}/seats/{act}", {"version": version, **typed})


def group(event: Event, name: str) -> int:
    found = queries.find_plan(event.id)
    assert found is not None
    return next(one.id for one in found.groups if one.name == name)


def sitting(event: Event) -> dict[str, tuple[str, int]]:
    db.session.expire_all()
    names = {one.id: one.name for one in db.session.scalars(select(SeatGroup))}
    return {
        one.name: (names[one.group_id], one.number or 0)
        for one in queries.people(event)
        if one.group_id is not None
    }


def test_a_host_makes_groups_seats_people_and_shows_it(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    browser.sign_in("secretary")
    page = plan(browser, event, kind="groups", groups="第1组：2\n第2组：2 人")
    assert page.status == 200
    assert "没有安排的 3 人" in page.text, "who waits is not to be seated"
    first = group(event, "第1组")
    page = press(browser, event, "assign", person=[street.a.id, street.b.id], group=first)
    assert sitting(event) == {"党员测试甲": ("第1组", 1), "党员测试乙": ("第1组", 2)}
    page = press(browser, event, "assign", person=[street.c.id], group=first)
    assert page.status == 422
    assert "还能坐 0 人" in page.alert
    assert not browser.sign_in("a").get(f"/events/{event.id}").by("data-my-seat")
    press(browser.sign_in("secretary"), event, "show")
    own = browser.sign_in("a").get(f"/events/{event.id}")
    assert "第1组" in own.text
    assert not browser.sign_in("c").get(f"/events/{event.id}").by("data-my-seat")


def test_an_exact_seat_is_given_once(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    browser.sign_in("secretary")
    plan(browser, event, kind="seats", rows="2", columns="4")
    row = group(event, "第1排")
    press(browser, event, "assign", person=[street.a.id], group=row, number="3")
    page = press(browser, event, "assign", person=[street.b.id], group=row, number="3")
    assert page.status == 422
    assert "“第1排”3 号已经是党员测试甲的座位" in page.alert
    assert (
        press(browser, event, "assign", person=[street.b.id], group=row, number="5").status == 422
    )
    press(browser, event, "assign", person=[street.a.id], group=group(event, "第2排"), number="1")
    assert sitting(event) == {"党员测试甲": ("第2排", 1)}
    seat = db.session.scalars(select(Seat)).one()
    db.session.add(
        Seat(event_id=event.id, group_id=seat.group_id, number=seat.number, person_id=street.b.id)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_rest_is_filled_and_what_was_set_by_hand_stays(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    elder = db.session.get_one(Person, street.c.id)
    elder.birth_year = 1950
    commit()
    browser.sign_in("secretary")
    plan(browser, event, kind="seats", rows="3", columns="1")
    press(browser, event, "assign", person=[street.a.id], group=group(event, "第2排"))
    page = press(browser, event, "fill", manner="together")
    assert "已安排 2 人" in page.text
    assert sitting(event) == {
        "党员测试丙": ("第1排", 1),
        "党员测试甲": ("第2排", 1),
        "党员测试乙": ("第3排", 1),
    }


def test_a_place_given_back_frees_the_seat_and_who_moves_up_has_none(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    browser.sign_in("secretary")
    plan(browser, event, kind="seats", rows="1", columns="3")
    press(browser, event, "fill", manner="together")
    press(browser, event, "show")
    seat = sitting(event)["党员测试甲"]
    browser.sign_in("a").post(f"/events/{event.id}/signups/cancel")
    assert "党员测试甲" not in sitting(event)
    page = browser.sign_in("secretary").get(f"/events/{event.id}/seats")
    assert "没有安排的 1 人" in page.text
    assert "党员测试丁" in page.text
    assert not browser.sign_in("d").get(f"/events/{event.id}").by("data-my-seat")
    press(
        browser.sign_in("secretary"),
        event,
        "assign",
        person=[street.d.id],
        group=group(event, seat[0]),
        number=str(seat[1]),
    )
    assert sitting(event)["党员测试丁"] == seat
    # Whoever comes back later has no seat from before.
    db.session.add(
        Signup(
            event_id=event.id,
            person_id=street.a.id,
            status=SignupStatus.CONFIRMED,
            origin="self",
            signed_up_by_id=street.a.id,
            created_at=MORNING,
        )
    )
    commit()
    assert "党员测试甲" not in sitting(event)
    assert queries.find_place(event.id, street.a.id) is None


def test_two_hosts_are_told_of_each_other(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    browser.sign_in("secretary")
    plan(browser, event, kind="groups", groups="第1组：3")
    stale = browser.get(f"/events/{event.id}/seats").form("/seats").fields["version"]
    first = group(event, "第1组")
    press(browser.sign_in("office"), event, "assign", person=[street.a.id], group=first)
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/seats/assign",
        {"version": stale, "person": [street.b.id], "group": first},
    )
    assert page.status == 409
    assert "刚刚有人改过座次" in page.alert
    assert set(sitting(event)) == {"党员测试甲"}
    page = browser.post(
        f"/events/{event.id}/seats", {"version": stale, "kind": "groups", "groups": "甲车：40"}
    )
    assert page.status == 409
    assert page.form("/seats").fields["groups"] == "甲车：40"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "groups", "groups": ""}, "要有 1 到 60 个组"),
        ({"kind": "groups", "groups": "第1组"}, "后面要写冒号和人数"),
        ({"kind": "groups", "groups": "第1组：0"}, "人数要在 1 到 200 之间"),
        ({"kind": "groups", "groups": "一组：5\n一组：6"}, "名称相同"),
        ({"kind": "seats", "rows": "3", "columns": ""}, "请填写几排、每排几座"),
        ({"kind": "seats", "rows": "61", "columns": "2"}, "最多 60 排"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_the_field(
    browser: Browser, event: Event, typed: dict[str, object], sentence: str
) -> None:
    page = plan(browser.sign_in("secretary"), event, **typed)
    assert page.status == 422
    assert any(sentence in words for words in page.errors().values())
    assert queries.find_plan(event.id) is None


def test_groups_change_without_taking_anybodys_seat(
    browser: Browser, street: Street, event: Event
) -> None:
    browser.sign_in("secretary")
    plan(browser, event, kind="groups", groups="第1组：3\n第2组：3")
    press(browser, event, "assign", person=[street.a.id, street.b.id], group=group(event, "第1组"))
    assert plan(browser, event, groups="第2组：3").status == 422
    assert plan(browser, event, groups="第1组：1").status == 422
    assert plan(browser, event, groups="第1组：2\n第3组：9").status == 200
    assert set(sitting(event)) == {"党员测试甲", "党员测试乙"}
    press(browser, event, "free", person=[street.a.id])
    assert set(sitting(event)) == {"党员测试乙"}
    press(browser, event, "clear")
    assert sitting(event) == {}


def test_the_door_the_kiosk_and_the_pass_name_the_seat(
    app: Flask, browser: Browser, street: Street, event: Event
) -> None:
    browser.sign_in("secretary")
    plan(browser, event, kind="seats", rows="1", columns="3")
    press(browser, event, "fill", manner="together")
    seat = f"第1排 {sitting(event)['党员测试甲'][1]} 号"
    press(browser, event, "show")
    browser.sign_in("a").post("/me/pass")
    assert seat in browser.get("/me/pass").text
    held = doors_pass(app, street.a)
    page = browser.sign_in("secretary").post(f"/events/{event.id}/scan", {"shown": held})
    assert "已签到" in page.text
    assert seat in page.text
    browser.post(
        f"/events/{event.id}/kiosk/start",
        {"name": "门口", "pin": "2580", "masks_names": "y"},
    )
    browser.forget_token()
    form = browser.get(f"/events/{event.id}/kiosk", person=street.b.id).form(f"/{street.b.id}")
    page = browser.submit(form)
    assert f"请坐：第1排 {sitting(event)['党员测试乙'][1]} 号" in page.text


def test_at_each_session_the_plan_of_the_whole_holds(
    app: Flask, browser: Browser, street: Street, event: Event
) -> None:
    browser.sign_in("secretary")
    for number, hours in enumerate((1, 4), start=1):
        form = browser.get(f"/events/{event.id}/sessions").form("/sessions")
        typed: dict[str, Any] = {
            "starts_at": f"2026-12-03T{10 + hours}:00",
            "ends_at": f"2026-12-03T{12 + hours}:00",
        }
        browser.submit(form, name=f"第{number}场", **typed)
    first, _ = sessions_of(event.id)
    browser.post(f"/events/{first.id}/publish")
    page = browser.get(f"/events/{first.id}/seats")
    assert page.form("/seats").action == f"/events/{event.id}/seats"
    plan(browser, event, kind="seats", rows="1", columns="3")
    press(browser, event, "fill", manner="together")
    press(browser, event, "show")
    seat = f"第1排 {sitting(event)['党员测试甲'][1]} 号"
    assert browser.post(f"/events/{first.id}/seats/clear", {"version": "9"}).status == 409
    browser.sign_in("a").post("/me/pass")
    assert seat in browser.get(f"/events/{first.id}").text
    held = doors_pass(app, street.a)
    page = browser.sign_in("secretary").post(f"/events/{first.id}/scan", {"shown": held})
    assert "已签到" in page.text
    assert seat in page.text


def doors_pass(app: Flask, person: Person) -> str:
    """What the person's phone shows."""
    held = queries_of_doors.find_pass(person.id, PassKind.PHONE)
    assert held is not None
    return doors.text_of(held, key=app.config["SECRET_KEY"]) or ""


def test_printed_are_the_plan_the_list_and_the_cards(
    browser: Browser, street: Street, event: Event
) -> None:
    browser.sign_in("secretary")
    path = f"/events/{event.id}/seats/print"
    assert "还没有安排座次" in browser.get(path).text
    for typed in ({"kind": "groups", "groups": "1号桌：3"}, {}):
        plan(browser, event, **typed)
        press(browser, event, "fill", manner="mixed")
        assert "党员测试甲" in browser.get(path).text
    by_stroke = browser.get(path, what="list")
    by_pinyin = browser.get(path, what="list", order="pinyin")
    for page in (by_stroke, by_pinyin):
        assert len(page.by("data-person")) == 3
        assert "1号桌" in page.text
    cards = browser.get(path, what="cards")
    assert "汕头路社区第一党支部" in cards.text


def test_the_pages_ask_the_same_for_one_and_for_fifty(
    browser: Browser,
    street: Street,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    small: Event = factories.event(street.shantou, street.secretary)
    large: Event = factories.event(street.shantou, street.secretary)
    for event, number in ((small, 1), (large, 50)):
        for one in range(number):
            db.session.add(
                Signup(
                    event_id=event.id,
                    person_id=factories.person(f"座位测试{one}", street.branch_one).id,
                    status=SignupStatus.CONFIRMED,
                    origin="self",
                    signed_up_by_id=street.secretary.id,
                    created_at=MORNING,
                )
            )
    commit()
    browser.sign_in("secretary")

    def asked(path: str) -> int:
        return queries_of(lambda: browser.get(path))

    counted = []
    for event in (small, large):
        plan(browser, event, kind="seats", rows="5", columns="10")
        press(browser, event, "fill", manner="together")
        path = f"/events/{event.id}/seats"
        counted.append((asked(path), asked(f"{path}/print?what=list")))
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 8


def test_nothing_is_planned_once_it_is_over(browser: Browser, event: Event) -> None:
    browser.sign_in("secretary")
    plan(browser, event, kind="groups", groups="第1组：3")
    browser.post(f"/events/{event.id}/cancel", {"reason": "下雨"})
    page = browser.post(
        f"/events/{event.id}/seats", {"version": "1", "kind": "groups", "groups": "第1组：9"}
    )
    assert page.status == 409
