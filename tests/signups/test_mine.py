"""Signing oneself up and taking it back, through the front door, plain and with htmx."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.events.models import Audience, Event, EventDueOrganisation, EventInvitation, EventState
from portal.signups import queries
from portal.signups.models import Signup, SignupStatus
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Page


def post(browser: Browser, path: str, way: str, **data: str) -> Page:
    return browser.post(path, dict(data), htmx=way == "htmx")


def state_on(page: Page) -> str:
    elements = page.by("data-my-signup")
    assert len(elements) == 1
    return elements[0].get("data-my-signup") or ""


def held_by(street: Street, **values: object) -> Event:
    made: Event = factories.event(street.shantou, street.secretary, **values)
    commit()
    return made


def signed_in(app: Flask, username: str) -> Browser:
    return Browser(app).sign_in(username)


def test_one_tap_signs_up(browser: Browser, street: Street, any_database: str, way: str) -> None:
    event = held_by(street, capacity=40)
    browser.sign_in("a")
    page = browser.get(f"/events/{event.id}")
    assert state_on(page) == "none"
    assert "还剩 40 个名额" in page.text
    page = browser.submit(page.form(f"/events/{event.id}/signups"), htmx=way == "htmx")
    assert page.status == 200
    assert state_on(page) == "confirmed"
    assert "已报名" in page.text
    assert "还剩 39 个" in page.text
    assert state_on(browser.get(f"/events/{event.id}")) == "confirmed"


def test_htmx_gets_the_panel_alone_and_tells_the_rest_of_the_page(
    browser: Browser, street: Street
) -> None:
    event = held_by(street)
    page = post(browser.sign_in("a"), f"/events/{event.id}/signups", "htmx")
    assert not page.whole
    assert "signups-changed" in page.response.headers["HX-Trigger"]
    assert page.response.vary.as_set() >= {"hx-request"}


def test_when_full_one_waits_and_sees_the_position(
    app: Flask, browser: Browser, street: Street, way: str
) -> None:
    event = held_by(street, capacity=1)
    for username in ("b", "c"):
        post(signed_in(app, username), f"/events/{event.id}/signups", "plain")
    page = browser.sign_in("a").get(f"/events/{event.id}")
    assert "名额已满，1 人候补" in page.text
    assert "排队候补" in page.text
    page = browser.submit(page.form("/signups"), htmx=way == "htmx")
    assert state_on(page) == "waitlisted"
    assert "候补第 2 位" in page.text


def test_pressing_twice_is_answered_with_the_state(
    browser: Browser, street: Street, way: str
) -> None:
    event = held_by(street)
    browser.sign_in("a")
    post(browser, f"/events/{event.id}/signups", way)
    page = post(browser, f"/events/{event.id}/signups", way)
    assert page.status == 409
    assert "您已报名" in page.alert
    assert state_on(page) == "confirmed"
    assert queries.counts([event.id])[event.id].confirmed == 1


def test_cancelling_hands_the_place_to_who_waits_first(
    app: Flask, browser: Browser, street: Street, any_database: str, way: str
) -> None:
    event = held_by(street, capacity=1)
    post(browser.sign_in("a"), f"/events/{event.id}/signups", "plain")
    for username in ("b", "c"):
        post(signed_in(app, username), f"/events/{event.id}/signups", "plain")
    form = browser.get(f"/events/{event.id}").form("/signups/cancel")
    page = browser.submit(form, htmx=way == "htmx", reason="要去医院复查")
    assert page.status == 200
    assert state_on(page) == "cancelled"
    assert "重新报名" in page.text or "排队候补" in page.text
    assert state_on(signed_in(app, "b").get(f"/events/{event.id}")) == "confirmed"
    waiting = signed_in(app, "c").get(f"/events/{event.id}")
    assert "候补第 1 位" in waiting.text


def test_who_comes_back_goes_to_the_end(app: Flask, browser: Browser, street: Street) -> None:
    event = held_by(street, capacity=1)
    post(browser.sign_in("a"), f"/events/{event.id}/signups", "plain")
    for username in ("b", "c"):
        post(signed_in(app, username), f"/events/{event.id}/signups", "plain")
    post(browser, f"/events/{event.id}/signups/cancel", "plain")
    page = post(browser, f"/events/{event.id}/signups", "plain")
    assert "候补第 2 位" in page.text
    rows = db.session.query(Signup).filter_by(person_id=street.a.id).order_by(Signup.id).all()
    assert [row.status for row in rows] == [SignupStatus.CANCELLED, SignupStatus.WAITLISTED]


def test_cancelling_twice_or_nothing_is_refused_in_words(
    browser: Browser, street: Street, way: str
) -> None:
    event = held_by(street)
    browser.sign_in("a")
    page = post(browser, f"/events/{event.id}/signups/cancel", way)
    assert (page.status, page.alert) == (409, "您没有报名，不用取消。")
    post(browser, f"/events/{event.id}/signups", way)
    post(browser, f"/events/{event.id}/signups/cancel", way)
    page = post(browser, f"/events/{event.id}/signups/cancel", way)
    assert page.status == 409
    assert "此前已经取消" in page.alert


def test_when_the_event_is_called_off_nothing_is_left_to_be_cancelled(
    app: Flask, browser: Browser, street: Street
) -> None:
    event = held_by(street)
    post(browser.sign_in("a"), f"/events/{event.id}/signups", "plain")
    signed_in(app, "secretary").post(f"/events/{event.id}/cancel", {"reason": "大风"})
    page = browser.get(f"/events/{event.id}")
    assert state_on(page) == "confirmed"
    assert "活动已取消，您的报名不用再处理" in page.text
    refused = post(browser, f"/events/{event.id}/signups/cancel", "plain")
    assert (refused.status, refused.alert) == (409, "活动已取消，不用再取消报名。")
    assert [form.action for form in page.forms() if "/signups" in form.action] == []


def test_a_huge_reason_comes_back_as_typed(browser: Browser, street: Street, way: str) -> None:
    event = held_by(street)
    browser.sign_in("a")
    post(browser, f"/events/{event.id}/signups", way)
    page = post(browser, f"/events/{event.id}/signups/cancel", way, reason="请" * 10_000)
    assert page.status == 422
    assert "最多 120 个字" in page.alert
    assert state_on(page) == "confirmed"
    assert page.find_all("input", name="reason")[0].get("value") == "请" * 10_000


def test_markup_in_a_reason_stays_text(browser: Browser, street: Street) -> None:
    event = held_by(street)
    browser.sign_in("a")
    post(browser, f"/events/{event.id}/signups", "plain")
    page = post(
        browser, f"/events/{event.id}/signups/cancel", "plain", reason="<script>alert(1)</script>😀"
    )
    assert "<script>alert(1)</script>😀" in page.text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"signup_closes_at": timedelta(hours=-1)}, "报名已截止"),
        ({"signup_opens_at": timedelta(hours=1)}, "报名还没有开始"),
        ({"starts_at": timedelta(hours=-1)}, "活动已经开始"),
        ({"state": EventState.CANCELLED}, "活动已取消"),
        ({"state": EventState.POSTPONED, "moved_from_at": timedelta(days=1)}, "活动延期"),
        ({"state": EventState.ENDED}, "活动已经结束"),
        ({"state": EventState.RECORDED}, "活动已经结束"),
    ],
)
def test_outside_its_time_signing_up_is_refused_with_the_reason(
    browser: Browser, street: Street, way: str, values: dict[str, object], sentence: str
) -> None:
    now = clock.now()
    at = {key: now + v if isinstance(v, timedelta) else v for key, v in values.items()}
    event = held_by(street, **at)
    browser.sign_in("a")
    shown = browser.get(f"/events/{event.id}")
    assert state_on(shown) == "none"
    assert not [f for f in shown.forms() if f.action.endswith("/signups")], "no button to refuse"
    page = post(browser, f"/events/{event.id}/signups", way)
    assert page.status == 409
    assert sentence in page.alert
    assert queries.counts([event.id])[event.id].confirmed == 0


def test_once_the_event_has_begun_nobody_withdraws(
    browser: Browser, street: Street, way: str
) -> None:
    event = held_by(street)
    browser.sign_in("a")
    post(browser, f"/events/{event.id}/signups", way)
    db.session.get_one(Event, event.id).starts_at = clock.now() - timedelta(minutes=1)
    page = post(browser, f"/events/{event.id}/signups/cancel", way)
    assert page.status == 409
    assert "活动已经开始" in page.alert
    assert state_on(page) == "confirmed"


def test_withdrawing_after_the_deadline_is_allowed_and_marked(
    app: Flask, browser: Browser, street: Street
) -> None:
    event = held_by(street, capacity=1)
    post(browser.sign_in("a"), f"/events/{event.id}/signups", "plain")
    post(signed_in(app, "b"), f"/events/{event.id}/signups", "plain")
    db.session.get_one(Event, event.id).signup_closes_at = clock.now() - timedelta(minutes=1)
    page = post(browser, f"/events/{event.id}/signups/cancel", "plain")
    assert state_on(page) == "cancelled"
    assert state_on(signed_in(app, "b").get(f"/events/{event.id}")) == "waitlisted", (
        "nobody is moved up by surprise"
    )
    host = signed_in(app, "secretary")
    listed = host.get(f"/events/{event.id}/signups", show="cancelled")
    assert "截止后" in listed.text
    page = host.submit(host.get(f"/events/{event.id}/signups").form("/signups/promote"))
    assert "已按报名先后递补 1 人" in page.text
    assert state_on(signed_in(app, "b").get(f"/events/{event.id}")) == "confirmed"


def test_an_event_at_the_same_time_is_named_and_nothing_is_blocked(
    browser: Browser, street: Street, way: str
) -> None:
    starts_at = clock.now() + timedelta(days=2)
    other = held_by(street, title="联席会议", starts_at=starts_at)
    event = held_by(street, title="主题党课", starts_at=starts_at + timedelta(hours=1))
    later = held_by(street, title="参观", starts_at=starts_at + timedelta(hours=5))
    browser.sign_in("a")
    post(browser, f"/events/{other.id}/signups", "plain")
    before = browser.get(f"/events/{event.id}")
    assert "时间冲突" in before.text, "said before the tap"
    page = browser.submit(before.form("/signups"), htmx=way == "htmx")
    assert state_on(page) == "confirmed"
    assert page.links()["联席会议"] == f"/events/{other.id}"
    assert "时间冲突" not in browser.get(f"/events/{later.id}").text


def test_who_is_due_elsewhere_is_warned(browser: Browser, street: Street) -> None:
    starts_at = clock.now() + timedelta(days=2)
    due = held_by(street, title="支部大会", starts_at=starts_at, audience=Audience.DUE)
    db.session.add(EventDueOrganisation(event_id=due.id, organisation_id=street.shantou.id))
    event = held_by(street, title="主题党课", starts_at=starts_at)
    assert "支部大会" in browser.sign_in("a").get(f"/events/{event.id}").text
    far = Browser(browser.app).sign_in("d").get(f"/events/{event.id}")
    assert "支部大会" not in far.text


def test_members_of_due_organisations_sign_up_and_others_see_nothing(
    app: Flask, browser: Browser, street: Street, way: str
) -> None:
    event = held_by(street, audience=Audience.DUE)
    db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=street.shantou.id))
    page = post(browser.sign_in("a"), f"/events/{event.id}/signups", way)
    assert state_on(page) == "confirmed"
    assert post(signed_in(app, "d"), f"/events/{event.id}/signups", way).status == 404


def test_the_host_who_is_not_due_is_told_so(browser: Browser, street: Street, way: str) -> None:
    event = held_by(street, audience=Audience.INVITED)
    browser.sign_in("secretary")
    assert state_on(browser.get(f"/events/{event.id}")) == "none"
    page = post(browser, f"/events/{event.id}/signups", way)
    assert page.status == 409
    assert "邀请名单" in page.alert


def test_the_invited_sign_up(browser: Browser, street: Street) -> None:
    event = held_by(street, audience=Audience.INVITED)
    db.session.add(
        EventInvitation(
            event_id=event.id,
            person_id=street.d.id,
            invited_by_id=street.secretary.id,
            invited_at=clock.now(),
        )
    )
    page = post(browser.sign_in("d"), f"/events/{event.id}/signups", "plain")
    assert state_on(page) == "confirmed"


def test_a_draft_shows_no_sign_up(browser: Browser, street: Street) -> None:
    event = held_by(street, state=EventState.DRAFT)
    assert browser.sign_in("secretary").get(f"/events/{event.id}").by("data-my-signup") == []
    assert (
        post(Browser(browser.app).sign_in("a"), f"/events/{event.id}/signups", "plain").status
        == 404
    )


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_administrators_sign_up_for_nothing(
    browser: Browser, street: Street, username: str
) -> None:
    event = held_by(street)
    page = post(browser.sign_in(username), f"/events/{event.id}/signups", "plain")
    assert page.status in {403, 404}
    assert queries.counts([event.id])[event.id].confirmed == 0


def test_signed_out_nobody_signs_up(browser: Browser, street: Street) -> None:
    event = held_by(street)
    page = browser.post(f"/events/{event.id}/signups")
    assert page.find_all("input", name="password")
    fragment = browser.client.post(
        f"/events/{event.id}/signups",
        data={"csrf_token": browser.token()},
        headers={"HX-Request": "true"},
    )
    assert fragment.status_code == 401
    assert "/login" in fragment.headers["HX-Redirect"]


def test_an_event_that_does_not_exist(browser: Browser, street: Street, way: str) -> None:
    browser.sign_in("a")
    assert post(browser, "/events/999999/signups", way).status == 404
    assert post(browser, "/events/999999/signups/cancel", way).status == 404
