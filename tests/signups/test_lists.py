"""The host's list, removing, the log, and what lists of events say."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from portal import clock
from portal.audit import services as audit
from portal.database import db, write_transaction
from portal.events.models import Event
from portal.events.queries import event as event_by_id
from portal.people.models import Person, PersonKey
from portal.signups import queries, services
from portal.signups.models import SignupStatus
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, text_of

Counting = Callable[[Callable[[], object]], int]


def held_by(street: Street, **values: object) -> Event:
    made: Event = factories.event(street.shantou, street.secretary, **values)
    commit()
    return made


def all_sign_up(event: Event, people: list[Person]) -> None:
    with write_transaction():
        found = event_by_id(event.id)
        for person in people:
            services.sign_up(event=found, person=person, actor=person)


def crowd(street: Street, number: int) -> list[Person]:
    people = [
        factories.person(f"名单测试{n:02d}", street.branch_one, phone=f"1380000{n:04d}")
        for n in range(number)
    ]
    commit()
    return people


def test_the_host_sees_who_comes_who_waits_and_why(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = held_by(street, capacity=2)
    all_sign_up(event, [street.a, street.b, street.c, street.d])
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/signups")
    assert "已报名 2/2" in page.text
    assert "候补 2" in page.text
    rows = page.by("data-signup", "confirmed")
    assert [row.get("data-person") for row in rows] == [str(street.a.id), str(street.b.id)]
    waiting = browser.get(f"/events/{event.id}/signups", show="waitlisted")
    words = [text_of(row) for row in waiting.by("data-signup", "waitlisted")]
    assert "第 1 位" in words[0]
    assert "党员测试丙" in words[0]
    assert "名额已满（2/2）" in words[0]
    assert "第 2 位" in words[1]


def test_a_name_beyond_ones_reach_is_no_dead_link(browser: Browser, street: Street) -> None:
    event = held_by(street)
    all_sign_up(event, [street.a, street.d])
    links = browser.sign_in("secretary").get(f"/events/{event.id}/signups").links()
    assert links["党员测试甲"] == f"/people/{street.a.id}"
    assert "党员测试丁" not in links


@pytest.mark.parametrize("typed", ["名单测试07", "0007"])
def test_the_list_is_searched(browser: Browser, street: Street, way: str, typed: str) -> None:
    event = held_by(street)
    people = crowd(street, 12)
    db.session.add_all(
        PersonKey(person_id=person.id, key=f"#{person.phone[::-1]}") for person in people
    )
    commit()
    all_sign_up(event, people)
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/signups", htmx=way == "htmx", q=typed)
    assert [row.get("data-person") for row in page.by("data-signup")] == [str(people[7].id)]
    assert page.whole is (way == "plain")


def test_no_match_and_an_empty_list_say_what_will_be_here(browser: Browser, street: Street) -> None:
    event = held_by(street)
    browser.sign_in("secretary")
    assert "还没有人报名" in browser.get(f"/events/{event.id}/signups").text
    assert "没有人候补" in browser.get(f"/events/{event.id}/signups", show="waitlisted").text
    assert "没有人取消" in browser.get(f"/events/{event.id}/signups", show="cancelled").text
    assert "还没有变动" in browser.get(f"/events/{event.id}/signups/log").text
    assert "没有找到" in browser.get(f"/events/{event.id}/signups", q="zzz").text
    assert browser.get(f"/events/{event.id}/signups", page="x", show="?").status == 200


def test_the_list_is_paged_at_fifty(browser: Browser, street: Street) -> None:
    event = held_by(street)
    all_sign_up(event, crowd(street, 51))
    browser.sign_in("secretary")
    first = browser.get(f"/events/{event.id}/signups")
    assert len(first.by("data-signup")) == 50
    second = browser.get(first.links()["下一页"])
    assert len(second.by("data-signup")) == 1


def test_positions_hold_on_the_second_page_and_in_a_search(
    browser: Browser, street: Street
) -> None:
    event = held_by(street, capacity=1)
    people = crowd(street, 53)
    all_sign_up(event, people)
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/signups", show="waitlisted", page=2)
    assert "第 51 位" in text_of(page.by("data-signup")[0])
    page = browser.get(f"/events/{event.id}/signups", show="waitlisted", q="名单测试40")
    assert "第 40 位" in text_of(page.by("data-signup")[0])


PAGES = [
    "/signups",
    "/signups?show=waitlisted",
    "/signups?show=cancelled",
    "/signups/log",
    "/signups/add",
    "/signups/walk-in?q=a",
    "",
]


def test_the_number_of_queries_does_not_grow(
    app: Flask,
    browser: Browser,
    street: Street,
    any_database: str,
    queries_of: Counting,
) -> None:
    small, large = held_by(street, capacity=1), held_by(street, capacity=60)
    people = crowd(street, 120)
    all_sign_up(small, people[:3])
    all_sign_up(large, people)
    with write_transaction():
        for event in (small, large):
            found = event_by_id(event.id)
            for signup in list(queries.live_signups(event.id, [p.id for p in people]).values()):
                if signup.id % 2:
                    services.cancel(
                        event=found, signup=signup, actor=street.secretary, reason="重复"
                    )
    browser.sign_in("secretary")
    for path in PAGES:
        one, hundred = (f"/events/{event.id}{path}" for event in (small, large))
        browser.get(one)  # what a process asks once
        few = queries_of(partial(browser.get, one))
        many = queries_of(partial(browser.get, hundred))
        assert few == many, path
        assert many <= 8, path


def test_removing_needs_a_reason_and_the_person_reads_it(
    app: Flask, browser: Browser, street: Street, any_database: str, way: str
) -> None:
    event = held_by(street, capacity=1)
    all_sign_up(event, [street.a, street.b])
    browser.sign_in("secretary")
    listed = browser.get(f"/events/{event.id}/signups")
    page = browser.get(listed.links()["移出党员测试甲"])
    form = page.form("/remove")
    refused = browser.submit(form, htmx=way == "htmx", reason="  ")
    assert refused.status == 422
    assert refused.errors()["reason"] == "请写明原因。"
    refused = browser.submit(form, reason="长" * 5000)
    assert refused.status == 422
    done = browser.submit(form, htmx=way == "htmx", reason="报了两次")
    assert done.status == 200
    theirs = Browser(app).sign_in("a").get(f"/events/{event.id}")
    assert "报了两次" in theirs.text
    assert theirs.by("data-my-signup", "cancelled")
    assert Browser(app).sign_in("b").get(f"/events/{event.id}").by("data-my-signup", "confirmed")
    notice = browser.get(f"/events/{event.id}/signups").text
    assert "有人被移出，已按报名先后递补 1 人" in notice
    log = browser.get(f"/events/{event.id}/signups/log").text
    assert "由工作人员移出：报了两次" in log
    assert "有人被移出，按报名先后递补，原候补第 1 位" in log
    assert audit.verify()[1] is None


def test_removing_somebody_twice_is_a_conflict(browser: Browser, street: Street) -> None:
    event = held_by(street)
    all_sign_up(event, [street.a])
    signup = queries.signup_of(event, street.a)
    assert signup is not None
    path = f"/events/{event.id}/signups/{signup.id}/remove"
    browser.sign_in("secretary")
    browser.post(path, {"reason": "重复"})
    page = browser.post(path, {"reason": "重复"})
    assert page.status == 409
    assert "此前已经取消" in page.alert
    assert browser.get(path).status == 409, "nor is it asked about any more"


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("secretary", 200),
        ("office", 200),
        ("branch", 403),  # runs a branch below the host
        ("secretary2", 403),
        ("a", 403),
        ("keeper", 403),
    ],
)
@pytest.mark.parametrize("path", ["", "/log", "/walk-in"])
def test_only_hosts_see_the_list(
    browser: Browser, street: Street, username: str, status: int, path: str
) -> None:
    event = held_by(street)
    browser.sign_in(username)
    assert browser.get(f"/events/{event.id}/signups{path}").status == status


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("secretary", 200),  # hosts the event
        ("secretary2", 200),  # answers for the person
        ("branch", 403),
        ("a", 403),
        ("keeper", 403),
    ],
)
def test_who_may_remove_somebody(
    browser: Browser, street: Street, username: str, status: int
) -> None:
    event = held_by(street)
    all_sign_up(event, [street.d])
    signup = queries.signup_of(event, street.d)
    assert signup is not None
    path = f"/events/{event.id}/signups/{signup.id}/remove"
    browser.sign_in(username)
    assert browser.get(path).status == status
    assert browser.post(path, {"reason": "重复"}).status == status


def test_a_sign_up_of_another_event_is_not_found(browser: Browser, street: Street) -> None:
    event, other = held_by(street), held_by(street)
    all_sign_up(event, [street.a])
    signup = queries.signup_of(event, street.a)
    assert signup is not None
    browser.sign_in("secretary")
    path = f"/events/{other.id}/signups/{signup.id}/remove"
    assert browser.post(path, {"reason": "重复"}).status == 404
    db.session.expire_all()
    assert queries.signup_of(event, street.a) is not None


def test_lists_of_events_say_how_full_they_are(browser: Browser, street: Street) -> None:
    event = held_by(street, capacity=2)
    all_sign_up(event, [street.a, street.b, street.c])
    assert "报名 2/2，候补 1" in browser.sign_in("secretary").get("/events/").text


def test_fewer_places_than_people_are_refused_on_the_form(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = held_by(street, capacity=5, signup_closes_at=clock.now() + timedelta(days=1))
    all_sign_up(event, [street.a, street.b, street.c])
    browser.sign_in("secretary")
    form = browser.get(f"/events/{event.id}/edit").form(f"/events/{event.id}/edit")
    page = browser.submit(form, capacity="2")
    assert page.status == 422
    assert page.errors()["capacity"] == "已有 3 人报名成功，名额不能少于 3。"


def test_more_places_move_the_list_up_by_themselves(
    app: Flask, browser: Browser, street: Street, any_database: str
) -> None:
    event = held_by(street, capacity=1, signup_closes_at=clock.now() + timedelta(days=1))
    all_sign_up(event, [street.a, street.b, street.c, street.d])
    browser.sign_in("secretary")
    form = browser.get(f"/events/{event.id}/edit").form(f"/events/{event.id}/edit")
    assert browser.submit(form, capacity="3").status == 200
    found = queries.counts([event.id])[event.id]
    assert (found.confirmed, found.waitlisted) == (3, 1)
    notice = browser.get(f"/events/{event.id}/signups").text
    assert "活动调整后名额共 3 个，已按报名先后递补 2 人" in notice
    waiting = Browser(app).sign_in("d").get(f"/events/{event.id}")
    assert "候补第 1 位" in waiting.text


def test_what_other_rooms_ask(street: Street, any_database: str) -> None:
    event = held_by(street, capacity=2)
    past = held_by(street, starts_at=clock.now() - timedelta(days=2))
    all_sign_up(event, [street.b, street.a, street.c])
    with write_transaction():
        services.register_walk_in(
            event=event_by_id(past.id), person=street.a, actor=street.secretary
        )
    assert [p.id for p in queries.confirmed_people(event.id)] == [street.b.id, street.a.id]
    assert [s.event_id for s in queries.my_signups(street.a, upcoming=True)] == [event.id]
    assert [s.event.host.id for s in queries.my_signups(street.a, upcoming=False)] == [
        street.shantou.id
    ]
    mine = queries.signup_of(event, street.c)
    assert mine is not None
    assert mine.status is SignupStatus.WAITLISTED
    assert queries.positions([mine]) == {mine.id: 1}
    assert queries.positions([]) == {}
    assert queries.counts([]) == {}
