"""Signing up others, and walk-ins at the door."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock
from portal.database import db
from portal.events.models import Audience, Event, EventDueOrganisation, EventState
from portal.people.models import Membership, Participation, Person, PersonKind
from portal.signups import queries
from portal.signups.forms import MOST_AT_ONCE
from portal.signups.models import SignupOrigin, SignupStatus
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Form, Page

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


def held_by(street: Street, **values: object) -> Event:
    made: Event = factories.event(street.shantou, street.secretary, **values)
    commit()
    return made


def today(street: Street, **values: object) -> Event:
    """An event this afternoon: walk-ins are taken."""
    return held_by(street, **{"starts_at": clock.now() + timedelta(hours=4), **values})


def tick_form(page: Page) -> Form:
    """The form as its button that signs up sends it."""
    form = next(form for form in page.forms() if "/add" in form.action)
    button = next(one for one in page.find_all("button") if one.get("formmethod") == "post")
    token = {str(button.get("name")): button.get("value")}
    return replace(form, method="post", fields={**form.fields, **token})


def outcomes(page: Page) -> dict[str, str]:
    return {
        row.get("data-person") or "": row.get("data-outcome") or ""
        for row in page.by("data-outcome")
    }


# ------------------------------------------------------------------ on behalf


def test_many_at_once_each_with_its_outcome(
    browser: Browser, street: Street, any_database: str, way: str
) -> None:
    event = held_by(street, capacity=2)
    browser.sign_in("secretary")
    browser.post(f"/events/{event.id}/signups/add", {"person": [street.a.id]})
    page = browser.get(f"/events/{event.id}/signups/add", org=street.branch_one.id)
    form = tick_form(page)
    chosen = [street.a.id, street.b.id, street.c.id]
    page = browser.submit(form, htmx=way == "htmx", person=chosen)
    assert page.status == 200
    assert outcomes(page) == {
        str(street.a.id): "already",
        str(street.b.id): "confirmed",
        str(street.c.id): "waitlisted",
    }
    assert "此前已报名 1 人" in page.text
    signup = queries.signup_of(event, street.b)
    assert signup is not None
    assert signup.origin is SignupOrigin.ON_BEHALF
    assert signup.signed_up_by_id == street.secretary.id
    theirs = Browser(browser.app).sign_in("b").get(f"/events/{event.id}")
    assert "由书记测试甲代您报名" in theirs.text


def test_a_whole_branch_needs_one_tick_and_no_script(browser: Browser, street: Street) -> None:
    event = held_by(street)
    factories.person("支部测试甲", street.branch_two)
    commit()
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/signups/add", org=street.branch_two.id)
    assert "整个支部都报名" in page.text
    page = browser.submit(tick_form(page), branch=str(street.branch_two.id))
    assert set(outcomes(page).values()) == {"confirmed"}
    assert len(outcomes(page)) == 2
    again = browser.post(f"/events/{event.id}/signups/add", {"branch": street.branch_two.id})
    assert set(outcomes(again).values()) == {"already"}


def test_people_of_another_part_of_the_tree_are_refused_without_their_names(
    browser: Browser, street: Street
) -> None:
    event = held_by(street)
    browser.sign_in("secretary2")
    page = browser.post(f"/events/{event.id}/signups/add", {"person": [street.a.id, street.d.id]})
    assert outcomes(page) == {str(street.d.id): "confirmed"}
    assert "有 1 人不在您负责的范围" in page.text
    assert "党员测试甲" not in page.text
    assert queries.signup_of(event, street.a) is None
    listed = browser.get(f"/events/{event.id}/signups/add", q="党员测试甲")
    assert "没有找到" in listed.text


def test_more_than_fit_into_one_go_are_refused_as_a_whole(browser: Browser, street: Street) -> None:
    event = held_by(street)
    for number in range(MOST_AT_ONCE):
        factories.person(f"党员{number}", street.branch_two)
    commit()
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/signups/add", {"branch": street.branch_two.id}
    )
    assert page.status == 422
    assert "一次最多为 500 人报名" in page.alert
    assert queries.counts([event.id])[event.id].confirmed == 0


def test_who_left_the_branch_is_no_longer_signed_up_by_it(browser: Browser, street: Street) -> None:
    event = held_by(street)
    membership = db.session.query(Membership).filter_by(person_id=street.a.id).one()
    membership.valid_to = clock.today() - timedelta(days=1)
    page = browser.sign_in("branch").post(
        f"/events/{event.id}/signups/add", {"person": [street.a.id]}
    )
    assert "有 1 人不在您负责的范围" in page.text
    assert queries.signup_of(event, street.a) is None


def test_a_branch_secretary_signs_up_the_own_people_to_anothers_event(
    browser: Browser, street: Street
) -> None:
    event: Event = factories.event(street.street, street.office)
    commit()
    browser.sign_in("branch")
    page = browser.get(f"/events/{event.id}")
    assert page.links()["替别人报名"] == f"/events/{event.id}/signups/add"
    page = browser.post(f"/events/{event.id}/signups/add", {"person": [street.a.id, street.c.id]})
    assert outcomes(page) == {str(street.a.id): "confirmed"}
    page = browser.get(f"/events/{event.id}/signups/add")
    gone = browser.submit(
        browser.get(page.links()["移出党员测试甲"]).form("/remove"), reason="生病"
    )
    assert gone.status == 200
    signup = queries.signup_of(event, street.a)
    assert signup is not None
    assert signup.status is SignupStatus.CANCELLED


def test_who_is_not_meant_is_named_and_the_others_go_through(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = held_by(street, audience=Audience.DUE)
    db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=street.branch_one.id))
    browser.sign_in("secretary")
    page = browser.post(f"/events/{event.id}/signups/add", {"person": [street.a.id, street.c.id]})
    assert outcomes(page) == {str(street.a.id): "confirmed", str(street.c.id): "not_meant"}


def test_a_clash_of_times_is_named_for_each(browser: Browser, street: Street) -> None:
    starts_at = clock.now() + timedelta(days=2)
    other = held_by(street, title="联席会议", starts_at=starts_at)
    event = held_by(street, starts_at=starts_at)
    browser.sign_in("secretary")
    browser.post(f"/events/{other.id}/signups/add", {"person": [street.a.id]})
    page = browser.post(f"/events/{event.id}/signups/add", {"person": [street.a.id, street.b.id]})
    assert set(outcomes(page).values()) == {"confirmed"}
    assert "时间冲突：党员测试甲同时要参加联席会议" in page.text
    assert "党员测试乙同时" not in page.text


@pytest.mark.parametrize(
    "data", [{}, {"person": ["x", "-1", "99999999999999999999", ""]}, {"branch": ["abc"]}]
)
def test_nobody_ticked_is_said(
    browser: Browser, street: Street, data: dict[str, list[str]], way: str
) -> None:
    event = held_by(street)
    path = f"/events/{event.id}/signups/add"
    page = browser.sign_in("secretary").post(path, data, htmx=way == "htmx")
    assert page.status == 422
    assert page.alert == "请先勾选要报名的人。"


def test_ids_of_nobody_sign_nobody_up(browser: Browser, street: Street) -> None:
    event = held_by(street)
    browser.sign_in("secretary")
    page = browser.post(f"/events/{event.id}/signups/add", {"person": ["999999"]})
    assert page.status == 422
    assert page.alert == "没有找到勾选的人，请重新勾选。"
    page = browser.post(
        f"/events/{event.id}/signups/add", {"person": [str(n) for n in range(1000, 1501)]}
    )
    assert page.status == 422
    assert "一次最多为 500 人报名" in page.alert


def test_after_the_deadline_nobody_is_signed_up_on_behalf(browser: Browser, street: Street) -> None:
    event = held_by(street, signup_closes_at=clock.now() - timedelta(minutes=1))
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/signups/add", {"person": [street.a.id]}
    )
    assert page.status == 409
    assert "报名已截止" in page.alert


@pytest.mark.parametrize("username", ["a", "keeper", "visitor", "sysadmin"])
def test_others_sign_up_nobody(browser: Browser, street: Street, username: str) -> None:
    event = held_by(street)
    browser.sign_in(username)
    assert browser.get(f"/events/{event.id}/signups/add").status == 403
    page = browser.post(f"/events/{event.id}/signups/add", {"person": [street.b.id]})
    assert page.status == 403
    assert queries.signup_of(event, street.b) is None


@pytest.mark.parametrize("way", ["plain", "htmx"])
def test_people_are_searched_within_ones_part_of_the_tree(
    browser: Browser, street: Street, way: str
) -> None:
    event = held_by(street)
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/signups/add", htmx=way == "htmx", q="党员测试")
    assert "党员测试丙" in page.text
    assert "党员测试丁" not in page.text
    assert page.whole is (way == "plain")


def ticked(page: Page) -> list[str]:
    return [
        str(box.get("value"))
        for box in page.by("type", "checkbox")
        if "checked" in box.attrib and box.get("name") == "person"
    ]


@pytest.mark.parametrize("way", ["plain", "htmx"])
def test_ticks_stay_while_one_looks_further(browser: Browser, street: Street, way: str) -> None:
    event = held_by(street)
    browser.sign_in("secretary")
    path, htmx = f"/events/{event.id}/signups/add", way == "htmx"
    mine = {"person": [street.a.id], "branch": [street.branch_two.id]}
    page = browser.get(path, htmx=htmx, q="党员测试乙", **mine)
    assert ticked(page) == [str(street.a.id)]
    assert "整个支部：汕头路社区第二党支部" in page.text
    page = browser.get(path, htmx=htmx, q="党员测试甲", **mine)
    assert ticked(page) == [str(street.a.id)], "found again it is ticked where it stands"


def test_looking_further_sends_no_token_and_shows_nobody_from_elsewhere(
    browser: Browser, street: Street
) -> None:
    event = held_by(street)
    path = f"/events/{event.id}/signups/add"
    page = browser.sign_in("secretary").get(path)
    looking = next(form for form in page.forms() if form.action == path)
    assert looking.method == "get"
    assert "csrf_token" not in looking.fields
    page = browser.get(path, q="党员测试甲", person=[street.d.id, 999_999])
    assert "党员测试丁" not in page.text
    assert ticked(page) == []


def test_a_refusal_keeps_the_ticks(browser: Browser, street: Street) -> None:
    event = held_by(street)
    for number in range(MOST_AT_ONCE):
        factories.person(f"党员{number}", street.branch_two)
    commit()
    both = {"person": [street.a.id], "branch": [street.branch_two.id]}
    page = browser.sign_in("secretary").post(f"/events/{event.id}/signups/add", both)
    assert page.status == 422
    assert ticked(page) == [str(street.a.id)]
    assert "整个支部：" in page.text


# ------------------------------------------------------------------ at the door


def test_a_walk_in_from_the_roster_takes_one_press(
    app: Flask, browser: Browser, street: Street, any_database: str, way: str
) -> None:
    event = today(street)
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/signups/walk-in", q="党员测试甲")
    button = next(b for b in page.find_all("button", name="person"))
    page = browser.post(
        f"/events/{event.id}/signups/walk-in",
        {"person": button.get("value")},
        htmx=way == "htmx",
    )
    assert page.status == 200
    assert "党员测试甲已登记" in page.text
    signup = queries.signup_of(event, street.a)
    assert signup is not None
    assert (signup.origin, signup.status) == (SignupOrigin.WALK_IN, SignupStatus.CONFIRMED)


def test_who_waits_gets_the_place_by_coming_and_over_full_is_warned_and_kept(
    app: Flask, browser: Browser, street: Street, any_database: str
) -> None:
    event = today(street, capacity=1)
    for username in ("a", "b"):
        Browser(app).sign_in(username).post(f"/events/{event.id}/signups")
    browser.sign_in("secretary")
    path = f"/events/{event.id}/signups/walk-in"
    page = browser.post(path, {"person": street.b.id})
    assert "超过名额 1 个" in page.text
    page = browser.post(path, {"person": street.a.id})
    assert "原来就在名单中" in page.text
    page = browser.post(path, {"person": street.c.id})
    assert queries.counts([event.id])[event.id].confirmed == 3
    log = browser.get(f"/events/{event.id}/signups/log").text
    assert "本人到场，由候补转为已报名，超出名额（2/1）" in log
    assert "现场登记，超出名额（3/1）" in log
    assert "超过名额 1 个，请留意座位" in browser.get(f"/events/{event.id}/signups").text


def test_a_new_guest_needs_only_a_name_and_can_be_found_again(
    browser: Browser, street: Street, any_database: str
) -> None:
    event, other = today(street), today(street)
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/signups/walk-in", q="来宾测试甲")
    form = next(form for form in page.forms() if "name" in form.fields)
    assert form.fields["name"] == "来宾测试甲", "what was searched is filled in"
    page = browser.submit(form, unit="　辽源路街道 ", phone="138 0000 1234")
    assert "来宾测试甲已登记" in page.text
    guest = db.session.query(Person).filter_by(name="来宾测试甲").one()
    assert (guest.kind, guest.work_unit, guest.phone) == (
        PersonKind.GUEST,
        "辽源路街道",
        "13800001234",
    )
    relation = db.session.query(Membership).filter_by(person_id=guest.id).one()
    assert (relation.organisation_id, relation.participation) == (
        street.shantou.id,
        Participation.GUEST,
    )
    found = browser.get(f"/events/{other.id}/signups/walk-in", q="lbcsj")
    assert "来宾测试甲" in found.text
    data = {"name": "来宾测试甲", "phone": "13800001234"}
    browser.post(f"/events/{other.id}/signups/walk-in", data)
    assert db.session.query(Person).filter_by(name="来宾测试甲").count() == 1


def test_two_guests_of_one_name_without_a_phone_are_two(browser: Browser, street: Street) -> None:
    event = today(street)
    browser.sign_in("secretary")
    path, guest = f"/events/{event.id}/signups/walk-in", {"name": "来宾测试乙"}
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser.post(path, guest)
        page = browser.post(path, guest)  # the button was pressed twice
        assert "原来就在名单中" in page.text
        assert queries.counts([event.id])[event.id].confirmed == 1
        browser.post(path, {**guest, "unit": "辽源路街道"})
        moment.shift(timedelta(seconds=20))
        browser.post(path, guest)
    assert queries.counts([event.id])[event.id].confirmed == 3


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "名" * 10_000}, "name"),
        ({"name": "<script>alert(1)</script>"}, "name"),
        ({"name": "来宾测试丙", "unit": "单" * 10_000}, "unit"),
        ({"name": "来宾测试丙", "phone": "不知道"}, "phone"),
    ],
)
def test_what_cannot_be_a_guest_comes_back_as_typed(
    browser: Browser, street: Street, typed: dict[str, str], field: str
) -> None:
    event = today(street)
    page = browser.sign_in("secretary").post(f"/events/{event.id}/signups/walk-in", typed)
    assert page.status == 422
    assert page.errors()[field]
    assert queries.counts([event.id])[event.id].confirmed == 0


@pytest.mark.parametrize("number", ["2147483648", "9" * 30, "-1", "²", "abc"])
def test_what_is_nobodys_number_registers_nobody(
    browser: Browser, street: Street, any_database: str, number: str
) -> None:
    event = today(street)
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/signups/walk-in", {"person": number}
    )
    assert page.status == 422
    assert page.errors()["name"] == "请填写姓名。"


def test_what_no_keyboard_types_is_not_searched_for(
    browser: Browser, street: Street, any_database: str
) -> None:
    event = today(street)
    browser.sign_in("secretary")
    for path in ("", "/add", "/walk-in"):
        page = browser.get(f"/events/{event.id}/signups{path}", q="党员\x00测试甲")
        assert page.status == 200
        assert page.find_all("input", name="q")[-1].get("value") == "党员测试甲"


def test_somebody_from_elsewhere_is_found_by_the_whole_name_or_phone_only(
    browser: Browser, street: Street
) -> None:
    event = today(street)
    browser.sign_in("secretary")
    path = f"/events/{event.id}/signups/walk-in"
    assert "海口路社区第一党支部" in browser.get(path, q="党员测试丁").text
    assert "海口路社区第一党支部" in browser.get(path, q=street.d.phone).text
    assert "海口路社区第一党支部" not in browser.get(path, q="党员测试").text
    assert "海口路社区第一党支部" not in browser.get(path, q=street.d.phone[:8]).text
    page = browser.post(path, {"person": street.d.id})
    assert "党员测试丁已登记" in page.text


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"starts_at": timedelta(days=1)}, 409),
        ({"starts_at": timedelta(hours=-1)}, 200),
        ({"starts_at": timedelta(hours=-5), "state": EventState.ENDED}, 200),
        ({"starts_at": timedelta(hours=-5), "state": EventState.RECORDED}, 409),
        ({"state": EventState.CANCELLED}, 409),
    ],
)
def test_walk_ins_have_their_time(
    browser: Browser, street: Street, values: dict[str, object], status: int
) -> None:
    now = clock.now()
    at = {key: now + v if isinstance(v, timedelta) else v for key, v in values.items()}
    event = today(street, **at)
    browser.sign_in("secretary")
    path = f"/events/{event.id}/signups/walk-in"
    page = browser.post(path, {"person": street.a.id})
    assert page.status == status
    guest = browser.post(path, {"name": "来宾测试丁"})
    assert guest.status == status
    if status == 409:
        assert "现场登记在活动当天进行" in page.alert
        assert "现场登记从活动当天开始" in browser.get(path).text
        assert db.session.query(Person).filter_by(name="来宾测试丁").count() == 0


def test_a_wrong_walk_in_can_be_taken_back_after_the_start(
    browser: Browser, street: Street
) -> None:
    event = today(street, starts_at=clock.now() - timedelta(minutes=5))
    browser.sign_in("secretary")
    browser.post(f"/events/{event.id}/signups/walk-in", {"person": street.a.id})
    links = browser.get(f"/events/{event.id}/signups").links()
    page = browser.submit(browser.get(links["移出党员测试甲"]).form("/remove"), reason="点错了人")
    assert page.status == 200
    assert queries.counts([event.id])[event.id].confirmed == 0


@pytest.mark.parametrize("username", ["branch", "secretary2", "a"])
def test_only_hosts_register_walk_ins(browser: Browser, street: Street, username: str) -> None:
    event = today(street)
    page = browser.sign_in(username).post(
        f"/events/{event.id}/signups/walk-in", {"name": "来宾测试戊"}
    )
    assert page.status == 403
    assert db.session.query(Person).filter_by(name="来宾测试戊").count() == 0
