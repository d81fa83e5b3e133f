"""Rules of an event's sign-up: set by its hosts, read by everybody, kept on every path."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db, write_transaction
from portal.events import services as events
from portal.events.models import Event
from portal.events.queries import event as event_by_id
from portal.messages.models import Message
from portal.people.models import Organisation, Person
from portal.signups import queries, services
from portal.signups.models import Signup, SignupMove, SignupQuota, SignupRules, SignupStatus
from portal.signups.rules import Rules
from portal.signups.services import UnitWish
from tests import factories
from tests.chores import work_at
from tests.factories import Street, commit
from tests.page import Browser, Page
from tests.signups.conftest import with_grants

CONFIRMED, WAITLISTED = SignupStatus.CONFIRMED, SignupStatus.WAITLISTED


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def held(street: Street, **values: Any) -> Event:
    """An event of the office in ten days, for which sign-up closes three days before."""
    starts_at = values.pop("starts_at", clock.now() + timedelta(days=10))
    made: Event = factories.event(
        street.street,
        street.office,
        starts_at=starts_at,
        **{"signup_closes_at": starts_at - timedelta(days=3), **values},
    )
    commit()
    return made


def ruled(
    event: Event, street: Street, *units: tuple[Organisation, int | None, int], **rules: Any
) -> None:
    with write_transaction():
        services.set_rules(
            event=event_by_id(event.id),
            rules=Rules(**rules),
            units=[UnitWish(*unit) for unit in units],
            actor=with_grants(street.office),
        )


def sign_up(event: Event, *people: Person) -> list[SignupStatus]:
    stands = []
    for each in people:
        with write_transaction():
            made = services.sign_up(
                event=event_by_id(event.id), person=each, actor=with_grants(each)
            )
            stands.append(made.status)
    return stands


def stands(event: Event, *people: Person) -> list[SignupStatus]:
    db.session.rollback()
    found = []
    for each in people:
        signup = queries.signup_of(event, each)
        assert signup is not None
        found.append(signup.status)
    return found


def reasons(event: Event, who: Person) -> list[str]:
    """What the log says of a person, in order."""
    db.session.rollback()
    return list(
        db.session.scalars(
            select(SignupMove.reason)
            .join(Signup, Signup.id == SignupMove.signup_id)
            .where(Signup.event_id == event.id, Signup.person_id == who.id)
            .order_by(SignupMove.id)
        )
    )


def told(who: Person) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Message.subject).where(Message.person_id == who.id).order_by(Message.id)
        )
    )


def typed_into(browser: Browser, form: Any, typed: dict[str, Any]) -> Page:
    return browser.submit(form, **typed)


def open_form(browser: Browser, event: Event) -> Any:
    return browser.get(f"/events/{event.id}/signups/rules").form("/signups/rules")


# ---- setting them


def test_a_host_sets_the_rules_and_who_signs_up_reads_them_before(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = held(street, capacity=20)
    form = open_form(browser.sign_in("office"), event)
    page = typed_into(
        browser,
        form,
        {
            "needs_approval": "y",
            "offer_hours": "4",
            "cancel_hours": "24",
            "units-0-organisation": str(street.shantou.id),
            "units-0-most": "10",
            "units-0-floor": "3",
            "release_hours": "48",
        },
    )
    assert "报名规则已保存" in page.text
    page = Browser(browser.app).sign_in("a").get(f"/events/{event.id}")
    for words in ("由主办方审核", "汕头路社区党委最多 10 人，保留 3 个", "4 个工作小时内确认"):
        assert words in page.text
    assert "以后不能自己取消报名" in page.text
    assert "还剩 10 个" in page.text
    assert "申请报名" in page.text
    # What was set stands in the form again.
    again = open_form(browser, event)
    assert again.fields["units-0-most"] == "10"
    assert again.fields["offer_hours"] == "4"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"offer_hours": "0"}, "答复时限要在 1 到"),
        ({"cancel_hours": "9999"}, "取消截止要在"),
        ({"release_hours": "9999"}, "放开时间要在"),
        ({"units-0-most": "2", "units-0-floor": "3"}, "不能多于最多的名额"),
        ({"units-0-floor": "21"}, "超过了总名额 20 个"),
        ({"units-0-most": "一"}, "整数"),
        ({"units-0-most": "3", "units-1-organisation": "{branch}", "units-1-most": "2"}, "上下级"),
        ({"units-0-most": "3", "units-1-organisation": "{unit}", "units-1-most": "2"}, "填了两次"),
    ],
)
def test_rules_that_cannot_be_are_refused_and_come_back_as_typed(
    browser: Browser, street: Street, typed: dict[str, str], words: str
) -> None:
    event = held(street, capacity=20)
    form = open_form(browser.sign_in("office"), event)
    ids = {"unit": street.shantou.id, "branch": street.branch_one.id}
    fields = {"units-0-organisation": "{unit}", **typed}
    page = typed_into(browser, form, {name: text.format(**ids) for name, text in fields.items()})
    assert page.status == 422
    assert words in page.text
    assert not db.session.scalars(select(SignupRules.id)).all()


def test_places_are_kept_only_where_there_is_a_limit(browser: Browser, street: Street) -> None:
    event = held(street)
    form = open_form(browser.sign_in("office"), event)
    typed = {"units-0-organisation": str(street.shantou.id), "units-0-floor": "3"}
    assert "不用为单位保留名额" in typed_into(browser, form, typed).text


def test_nobody_loses_a_place_by_a_rule(browser: Browser, street: Street) -> None:
    event = held(street, capacity=20)
    sign_up(event, street.a, street.b)
    form = open_form(browser.sign_in("office"), event)
    typed = {"units-0-organisation": str(street.shantou.id), "units-0-most": "1"}
    page = typed_into(browser, form, typed)
    assert page.status == 422
    assert "已有 2 人有名额，最多的名额不能少于 2" in page.text


def test_fewer_places_than_are_kept_are_refused(browser: Browser, street: Street) -> None:
    event = held(street, capacity=20)
    ruled(event, street, (street.shantou, None, 5), (street.haikou, None, 4))
    form = (
        browser.sign_in("office").get(f"/events/{event.id}/edit").form(f"/events/{event.id}/edit")
    )
    page = browser.submit(form, capacity="8")
    assert page.status == 422
    assert "共保留 9 个名额" in page.errors()["capacity"]


def test_a_copy_goes_by_the_same_rules(street: Street) -> None:
    event = held(street, capacity=20)
    ruled(event, street, (street.shantou, 5, 1), cancel_hours=12)
    with write_transaction():
        made = events.copy(event=event_by_id(event.id), actor=with_grants(street.office))
        copied = made.id
    rules = db.session.scalars(select(SignupRules).where(SignupRules.event_id == copied)).one()
    assert rules.cancel_hours == 12
    quota = db.session.scalars(select(SignupQuota).where(SignupQuota.event_id == copied)).one()
    assert (quota.most, quota.floor) == (5, 1)


# ---- quotas and floors


def test_a_units_quota_lets_its_people_wait_and_others_pass(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = held(street, capacity=5)
    ruled(event, street, (street.shantou, 1, 0))
    assert sign_up(event, street.a, street.b, street.d) == [CONFIRMED, WAITLISTED, CONFIRMED]
    page = browser.sign_in("b").get(f"/events/{event.id}")
    assert "候补第 1 位" in page.text
    assert "为什么：汕头路社区党委最多 1 人，名额已用完" in page.text
    page = Browser(browser.app).sign_in("c").get(f"/events/{event.id}")
    assert "排队候补" in page.text
    assert "汕头路社区党委的名额已用完" in page.text
    page = Browser(browser.app).sign_in("office").get(f"/events/{event.id}/signups?show=waitlisted")
    assert page.by("data-unit", str(street.shantou.id))
    assert "名额已用完" in page.text


def test_a_place_that_a_unit_frees_goes_to_that_unit(street: Street, any_database: str) -> None:
    event = held(street, capacity=5)
    ruled(event, street, (street.shantou, 1, 0))
    sign_up(event, street.a, street.b)
    with write_transaction():
        mine = queries.signup_of(event, street.a)
        assert mine is not None
        services.cancel(event=event_by_id(event.id), signup=mine, actor=street.a)
    assert stands(event, street.b) == [CONFIRMED]
    assert "占汕头路社区党委第 1/1 个名额" in reasons(event, street.b)[-1]


def test_a_larger_quota_moves_people_up(street: Street) -> None:
    event = held(street, capacity=5)
    ruled(event, street, (street.shantou, 1, 0))
    sign_up(event, street.a, street.b, street.c)
    ruled(event, street, (street.shantou, 2, 0))
    assert stands(event, street.b, street.c) == [CONFIRMED, WAITLISTED]
    assert reasons(event, street.b)[-1].startswith("报名规则调整后，按报名先后递补")


def test_kept_places_wait_for_their_unit_and_are_free_at_the_hour(
    app: Flask, street: Street, any_database: str
) -> None:
    event = held(street, capacity=2)
    ruled(event, street, (street.haikou, None, 1), release_hours=24)
    assert sign_up(event, street.a, street.b) == [CONFIRMED, WAITLISTED]
    assert "为海口路社区党委保留" in reasons(event, street.b)[0]
    closes_at = event.signup_closes_at
    assert closes_at is not None
    work_at(app, closes_at - timedelta(hours=25))
    assert stands(event, street.b) == [WAITLISTED]
    work_at(app, closes_at - timedelta(hours=23))
    assert stands(event, street.b) == [CONFIRMED]
    assert reasons(event, street.b)[-1].startswith("到了规则里的时间")
    assert len(told(street.b)) == 1


def test_a_kept_place_is_there_for_its_unit_though_others_wait(street: Street) -> None:
    event = held(street, capacity=2)
    ruled(event, street, (street.haikou, None, 1))
    assert sign_up(event, street.a, street.b, street.d) == [CONFIRMED, WAITLISTED, CONFIRMED]
    assert "用海口路社区党委的保留名额（第 1/1 个）" in reasons(event, street.d)[0]


# ---- the deadline to cancel


def test_after_the_deadline_one_is_told_to_ask_for_leave_and_the_host_still_can(
    app: Flask, browser: Browser, street: Street, way: str
) -> None:
    event = held(
        street,
        starts_at=clock.now() + timedelta(hours=20),
        signup_closes_at=None,
        contact="张三 8101",
    )
    ruled(event, street, cancel_hours=24)
    sign_up(event, street.a)
    page = browser.sign_in("a").get(f"/events/{event.id}")
    assert "请向主办方请假" in page.text
    assert not [form for form in page.forms() if form.action.endswith("/cancel")]
    page = browser.post(f"/events/{event.id}/signups/cancel", {}, htmx=way == "htmx")
    assert page.status == 409
    assert "不能自己取消" in page.alert
    assert "张三 8101" in page.alert
    mine = queries.signup_of(event, street.a)
    assert mine is not None
    host = Browser(app).sign_in("office")
    form = host.get(f"/events/{event.id}/signups/{mine.id}/remove").form("/remove")
    host.submit(form, reason="电话请假")
    assert stands(event, street.a) == [SignupStatus.CANCELLED]
    assert told(street.a) == [f"您的报名已取消：{event.title}"]


def test_who_waits_may_leave_after_the_deadline_to_cancel(street: Street) -> None:
    event = held(
        street, capacity=1, starts_at=clock.now() + timedelta(hours=20), signup_closes_at=None
    )
    ruled(event, street, cancel_hours=24)
    sign_up(event, street.a, street.b)
    with write_transaction():
        mine = queries.signup_of(event, street.b)
        assert mine is not None
        services.cancel(event=event_by_id(event.id), signup=mine, actor=street.b)
    assert stands(event, street.b) == [SignupStatus.CANCELLED]


# ---- precedence


def test_who_goes_first_needs_a_reason_that_all_can_read(
    app: Flask, browser: Browser, street: Street, any_database: str
) -> None:
    event = held(street, capacity=1)
    sign_up(event, street.a, street.b, street.c)
    last = queries.signup_of(event, street.c)
    assert last is not None
    browser.sign_in("office")
    form = browser.get(f"/events/{event.id}/signups/{last.id}/queue").form("/prefer")
    page = browser.submit(form)
    assert page.status == 422
    assert "请写明原因" in page.errors()["reason"]
    page = browser.submit(form, reason="要作交流发言")
    assert "已让" in page.text
    assert "优先" in page.text
    mine = Browser(app).sign_in("c").get(f"/events/{event.id}")
    assert "候补第 1 位" in mine.text
    with write_transaction():
        first = queries.signup_of(event, street.a)
        assert first is not None
        services.cancel(event=event_by_id(event.id), signup=first, actor=street.a)
    assert stands(event, street.b, street.c) == [WAITLISTED, CONFIRMED]
    log = browser.get(f"/events/{event.id}/signups/log").text
    assert "主办方让其优先：要作交流发言" in log
    assert "经主办方优先安排递补，原候补第 1 位" in log


# ---- groups


def entered(event: Event, street: Street, *people: Person, is_together: bool = False) -> None:
    with write_transaction():
        found = queries.chosen_people([each.id for each in people])
        services.sign_up_many(
            event=event_by_id(event.id),
            people=found,
            actor=with_grants(street.office),
            together=is_together,
        )


def together(event: Event, street: Street, *people: Person) -> None:
    entered(event, street, *people, is_together=True)


def leave(event: Event, who: Person) -> None:
    with write_transaction():
        mine = queries.signup_of(event, who)
        assert mine is not None
        services.cancel(event=event_by_id(event.id), signup=mine, actor=who)


def test_a_group_waits_for_enough_places_and_is_not_overtaken(
    app: Flask, street: Street, any_database: str
) -> None:
    event = held(street, capacity=3)
    sign_up(event, street.a, street.secretary, street.branch)
    together(event, street, street.b, street.c)
    sign_up(event, street.d)
    leave(event, street.a)
    assert stands(event, street.b, street.c, street.d) == [WAITLISTED] * 3
    leave(event, street.branch)
    assert stands(event, street.b, street.c, street.d) == [CONFIRMED, CONFIRMED, WAITLISTED]
    assert "2 人一起参加" in reasons(event, street.b)[-1]


def test_a_day_before_sign_up_closes_those_who_fit_go_on(app: Flask, street: Street) -> None:
    event = held(street, capacity=2)
    sign_up(event, street.a, street.secretary)
    together(event, street, street.b, street.c)
    sign_up(event, street.d)
    leave(event, street.a)
    page = Browser(app).sign_in("d").get(f"/events/{event.id}")
    assert "前面有 2 人一起参加" in page.text
    closes_at = event.signup_closes_at
    assert closes_at is not None
    work_at(app, closes_at - timedelta(hours=25))
    assert stands(event, street.d) == [WAITLISTED]
    work_at(app, closes_at - timedelta(hours=23))
    assert stands(event, street.b, street.c, street.d) == [WAITLISTED, WAITLISTED, CONFIRMED]


def test_a_group_that_is_parted_or_shrinks_moves_up(browser: Browser, street: Street) -> None:
    event = held(street, capacity=2)
    sign_up(event, street.a, street.secretary)
    together(event, street, street.b, street.c)
    leave(event, street.a)
    mine = queries.signup_of(event, street.b)
    assert mine is not None
    browser.sign_in("office")
    page = browser.get(f"/events/{event.id}/signups/{mine.id}/queue")
    assert f"一起参加：{street.b.name}、{street.c.name}" in page.text
    path = f"/events/{event.id}/signups/{mine.id}/part"
    assert browser.post(path, {"reason": ""}).status == 422
    browser.post(path, {"reason": "只来一位也可以"})
    assert stands(event, street.b, street.c) == [CONFIRMED, WAITLISTED]


def test_who_leaves_a_group_lets_the_rest_fit(street: Street) -> None:
    event = held(street, capacity=2)
    sign_up(event, street.a, street.secretary)
    together(event, street, street.b, street.c)
    leave(event, street.a)
    leave(event, street.c)
    assert stands(event, street.b) == [CONFIRMED]


def test_a_group_larger_than_the_event_is_refused(browser: Browser, street: Street) -> None:
    event = held(street, capacity=1)
    browser.sign_in("office")
    people = [str(street.b.id), str(street.c.id)]
    page: Page = browser.post(
        f"/events/{event.id}/signups/add", {"person": people, "together": "1"}
    )
    assert page.status == 422
    assert "2 人一起参加，超过了名额" in page.alert
    assert queries.counts([event.id])[event.id].waitlisted == 0


def test_the_tick_for_going_together_makes_a_group(browser: Browser, street: Street) -> None:
    event = held(street, capacity=5)
    browser.sign_in("office")
    people = [str(street.b.id), str(street.c.id)]
    browser.post(f"/events/{event.id}/signups/add", {"person": people, "together": "1"})
    rows = db.session.scalars(select(Signup).where(Signup.event_id == event.id)).all()
    assert len({row.party_id for row in rows} - {None}) == 1
    assert "2 人一起参加" in reasons(event, street.b)[0]


# ---- what it costs


def test_quotas_cost_the_event_page_two_statements_at_most_however_many_wait(
    app: Flask, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    plain, ruled_one = held(street, capacity=40), held(street, capacity=40)
    ruled(ruled_one, street, (street.shantou, 1, 0), (street.haikou, 9, 3), cancel_hours=24)
    sign_up(plain, street.a, street.b)
    sign_up(ruled_one, street.a, street.b)
    browser = Browser(app).sign_in("c")
    here, there = f"/events/{plain.id}", f"/events/{ruled_one.id}"
    for path in (here, there):
        browser.get(path)
    usual, few = queries_of(lambda: browser.get(here)), queries_of(lambda: browser.get(there))
    crowd = [factories.person(f"候补测试{number}", street.branch_one) for number in range(50)]
    commit()
    entered(ruled_one, street, *crowd)
    assert queries.counts([ruled_one.id])[ruled_one.id].waitlisted == 51
    many = queries_of(lambda: browser.get(there))
    assert many == few <= usual + 2
    assert usual <= 8


def test_the_hosts_lists_cost_the_same_for_one_and_for_fifty(
    app: Flask, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    event = held(street, capacity=40)
    ruled(event, street, (street.shantou, 1, 0), (street.haikou, 9, 3), needs_approval=True)
    host = Browser(app).sign_in("office")
    sign_up(event, street.a)
    with write_transaction():
        services.approve(
            event=event_by_id(event.id),
            ids=[row.id for row in db.session.scalars(select(Signup))],
            actor=with_grants(street.office),
        )
    sign_up(event, street.b)
    shows = ("waitlisted", "pending", "confirmed")
    paths = [f"/events/{event.id}/signups?show={show}" for show in shows]
    paths += [f"/events/{event.id}/signups/rules", f"/events/{event.id}/signups/log"]
    entered(event, street, street.c)
    host.get(paths[0])
    few = [queries_of(lambda path=path: host.get(path)) for path in paths]  # type: ignore[misc]
    crowd = [factories.person(f"候补测试{number}", street.branch_one) for number in range(100)]
    commit()
    sign_up(event, *crowd[:50])
    entered(event, street, *crowd[50:])
    many = [queries_of(lambda path=path: host.get(path)) for path in paths]  # type: ignore[misc]
    assert many == few
    assert max(few) <= 8, few
