"""The invited send somebody else: one place, the roll follows, the host may refuse."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.attendance.models import AttendanceEntry
from portal.database import db
from portal.events.models import Audience, Event, EventInvitation
from portal.messages.models import Message, MessageKind, Silence
from portal.people.models import Person
from portal.signups import queries
from portal.signups.answer_models import StandIn
from portal.signups.models import LIVE, Signup
from tests import factories
from tests.chores import work_at
from tests.factories import Street, commit
from tests.page import Browser, Form, Page, text_of

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def colleague(street: Street) -> Person:
    made: Person = factories.person("替会测试甲", street.branch_one)
    factories.account(made, "colleague")
    return made


@pytest.fixture
def event(street: Street, colleague: Person) -> Event:
    made: Event = factories.event(
        street.shantou, street.secretary, audience=Audience.INVITED, capacity=2
    )
    for person in (street.a, street.b, street.c):
        db.session.add(
            EventInvitation(
                event_id=made.id,
                person_id=person.id,
                invited_by_id=street.secretary.id,
                invited_at=MORNING - DAY,
            )
        )
    commit()
    return made


def choosing(page: Page) -> Form:
    """The form that sends somebody; above it stands the one that looks for people."""
    return next(
        form for form in page.forms() if form.action.endswith("/stand-in") and form.method == "post"
    )


def send(browser: Browser, event: Event, **typed: object) -> Page:
    form = choosing(browser.get(f"/events/{event.id}/signups/stand-in"))
    return browser.submit(replace(form, fields={**form.fields, **typed}))


def on_list(event: Event) -> set[str]:
    wanted = (
        select(Person.name)
        .join(Signup, Signup.person_id == Person.id)
        .where(Signup.event_id == event.id, Signup.status.in_(LIVE))
    )
    return set(db.session.scalars(wanted))


def answers(browser: Browser, event: Event) -> dict[str, str]:
    page = browser.sign_in("secretary").get(f"/events/{event.id}/signups/invited")
    return {
        row.get("data-person") or "": row.get("data-answer") or "" for row in page.by("data-answer")
    }


def told(person: Person) -> list[str]:
    wanted = select(Message.subject).where(Message.person_id == person.id).order_by(Message.id)
    return list(db.session.scalars(wanted))


def test_somebody_of_the_unit_comes_instead_and_the_host_sees_for_whom(
    browser: Browser, street: Street, event: Event, colleague: Person, any_database: str
) -> None:
    page = send(browser.sign_in("a"), event, person=colleague.id, post="副书记")
    assert page.status == 200
    assert "由替会测试甲替您参会" in page.text
    assert on_list(event) == {"替会测试甲"}
    page = browser.sign_in("secretary").get(f"/events/{event.id}/signups/invited")
    assert "由替会测试甲（副书记）替会" in page.text
    assert answers(browser, event)[str(street.a.id)] == "stand-in"
    own = browser.sign_in("colleague").get(f"/events/{event.id}")
    assert "您替党员测试甲参会" in own.text
    assert [f"请您替党员测试甲参加：{event.title}"] == told(colleague)


def test_the_place_goes_over_though_others_wait_and_comes_back(
    browser: Browser, street: Street, event: Event, colleague: Person, any_database: str
) -> None:
    for name in ("a", "b", "c"):
        browser.sign_in(name).post(f"/events/{event.id}/signups")
    send(browser.sign_in("a"), event, person=colleague.id)
    counts = queries.counts([event.id])[event.id]
    assert (counts.confirmed, counts.waitlisted) == (2, 1)
    assert queries.standing(event, colleague).state == "confirmed"
    page = browser.sign_in("a").get(f"/events/{event.id}")
    assert "改回以后由您本人参加，替会测试甲不用再来" in page.text
    page = browser.submit(page.form("/stand-in/back"))
    assert page.by("data-my-signup")[0].get("data-my-signup") == "confirmed"
    counts = queries.counts([event.id])[event.id]
    assert (counts.confirmed, counts.waitlisted) == (2, 1)
    assert "替会测试甲" not in on_list(event)


def test_who_waits_sends_nobody(
    browser: Browser, street: Street, event: Event, colleague: Person
) -> None:
    for name in ("b", "c", "a"):
        browser.sign_in(name).post(f"/events/{event.id}/signups")
    assert browser.get(f"/events/{event.id}/signups/stand-in").status == 409
    page = browser.post(f"/events/{event.id}/signups/stand-in", {"person": colleague.id})
    assert page.status == 409
    assert "替会测试甲" not in on_list(event)


def test_a_guest_stands_in_with_name_unit_and_post(
    browser: Browser, event: Event, any_database: str
) -> None:
    page = send(browser.sign_in("a"), event, name="来宾测试甲", unit="物业公司", post="经理")
    assert page.status == 200
    guest = db.session.scalars(select(Person).where(Person.name == "来宾测试甲")).one()
    assert (guest.work_unit, guest.post) == ("物业公司", "经理")
    assert on_list(event) == {"来宾测试甲"}


@pytest.mark.parametrize(
    ("who", "sentence"), [("far", "这个人不在您的单位"), ("nobody", "请选择一位本单位的人")]
)
def test_only_people_of_the_own_unit_are_chosen(
    browser: Browser, street: Street, event: Event, who: str, sentence: str
) -> None:
    typed = {"person": street.d.id} if who == "far" else {}
    page = send(browser.sign_in("a"), event, **typed, post="主任")
    assert page.status == 422
    assert sentence in page.errors()["person"] or sentence in page.text
    assert choosing(page).fields["post"] == "主任"
    assert on_list(event) == set()


def test_a_bad_name_is_refused_beside_the_field_and_enters_nobody(
    browser: Browser, event: Event
) -> None:
    page = send(browser.sign_in("a"), event, name="12345")
    assert page.status == 422
    assert page.errors()["name"]
    assert on_list(event) == set()


def test_nobody_comes_twice_and_who_is_invited_stands_in_for_nobody(
    browser: Browser, street: Street, event: Event, colleague: Person
) -> None:
    path = f"/events/{event.id}/signups/stand-in"
    assert browser.sign_in("a").post(path, {"person": street.b.id}).status == 409
    browser.post(path, {"person": colleague.id})
    assert browser.post(path, {"name": "来宾测试乙"}).status == 409
    assert browser.post(f"/events/{event.id}/signups").status == 409
    assert browser.post(f"/events/{event.id}/signups/refuse").status == 409
    assert on_list(event) == {"替会测试甲"}
    browser.sign_in("secretary").post(f"/events/{event.id}/signups/add", {"person": [street.a.id]})
    assert on_list(event) == {"替会测试甲"}


def test_the_host_does_not_agree_with_a_reason_and_the_invited_answers_anew(
    browser: Browser, street: Street, event: Event, colleague: Person
) -> None:
    send(browser.sign_in("a"), event, person=colleague.id)
    form = browser.sign_in("secretary").get(f"/events/{event.id}/signups/invited").form("/refuse")
    page = browser.submit(form)
    assert page.status == 422
    assert "请写明原因" in page.alert
    browser.submit(form, reason="这次请本人参加")
    assert on_list(event) == set()
    assert answers(browser, event)[str(street.a.id)] == "none"
    page = browser.sign_in("a").get(f"/events/{event.id}")
    assert "没有同意由替会测试甲替会：这次请本人参加" in page.text
    assert any("没有同意替会" in subject for subject in told(street.a))
    assert any("您的报名已取消" in subject for subject in told(colleague))
    browser.submit(page.form("/signups"))
    assert on_list(event) == {"党员测试甲"}


def test_another_community_decides_on_nobodys_stand_in(
    browser: Browser, street: Street, event: Event, colleague: Person
) -> None:
    send(browser.sign_in("a"), event, person=colleague.id)
    row = db.session.scalars(select(StandIn)).one()
    path = f"/events/{event.id}/signups/stand-ins/{row.id}/refuse"
    assert browser.sign_in("secretary2").post(path, {"reason": "不行"}).status in {403, 404}
    other: Event = factories.event(street.haikou, street.secretary2)
    commit()
    path = f"/events/{other.id}/signups/stand-ins/{row.id}/refuse"
    assert browser.post(path, {"reason": "不行"}).status == 404
    assert on_list(event) == {"替会测试甲"}


def test_who_was_sent_and_cannot_come_frees_the_place_and_tells_the_invited(
    browser: Browser, street: Street, event: Event, colleague: Person
) -> None:
    send(browser.sign_in("a"), event, person=colleague.id)
    browser.sign_in("colleague").post(f"/events/{event.id}/signups/cancel")
    assert answers(browser, event)[str(street.a.id)] == "none"
    assert any("替会测试甲不能替会" in subject for subject in told(street.a))
    assert send(browser.sign_in("a"), event, name="来宾测试丙").status == 200


def test_on_the_roll_stands_who_was_sent_and_the_invited_is_excused(
    browser: Browser, street: Street, event: Event, colleague: Person, any_database: str
) -> None:
    send(browser.sign_in("a"), event, person=colleague.id)

    def roll() -> dict[str, tuple[str, str]]:
        browser.sign_in("secretary").get(f"/events/{event.id}/attendance")
        db.session.expire_all()
        return {
            row.name: (row.status.value, row.unit_name)
            for row in db.session.scalars(
                select(AttendanceEntry).where(AttendanceEntry.event_id == event.id)
            )
        }

    entries = roll()
    assert entries["党员测试甲"][0] == "exempt"
    assert entries["替会测试甲"][0] == "expected"
    assert entries["替会测试甲"][1].endswith("（替党员测试甲）")
    assert entries["党员测试乙"][0] == "expected"
    row = db.session.scalars(select(StandIn)).one()
    path = f"/events/{event.id}/signups/stand-ins/{row.id}/refuse"
    browser.post(path, {"reason": "请本人参加"})
    entries = roll()
    assert entries["党员测试甲"][0] == "expected"
    assert "替会测试甲" not in entries


def test_the_home_answers_with_one_tap_and_asks_no_more(
    browser: Browser, street: Street, event: Event, colleague: Person, any_database: str
) -> None:
    page = browser.sign_in("a").get("/")
    page = browser.submit(page.form("/signups"))
    assert page.h1.endswith("党员测试甲")
    assert "报名成功" in page.text
    page = browser.sign_in("b").get("/")
    page = browser.submit(page.form("/refuse"))
    assert "已告诉主办方您不能来" in page.text
    assert not page.find_all("div", **{"class": "answers"})
    assert answers(browser, event)[str(street.b.id)] == "no"
    path = browser.sign_in("c").get("/").links()[f"请人替会：{event.title}"]
    form = choosing(browser.get(path))
    page = browser.submit(form, name="来宾测试丁")
    assert page.h1.endswith("党员测试丙")
    assert not page.find_all("div", **{"class": "answers"})


def test_who_has_not_answered_is_asked_once_more_two_days_before_and_never_at_night(
    app: Flask, browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    event = db.session.get_one(Event, event.id)
    event.starts_at, event.ends_at = MORNING + 6 * DAY, MORNING + 7 * DAY
    event.signup_closes_at = MORNING + 5 * DAY
    db.session.add(Silence(person_id=street.c.id, kind=MessageKind.REMINDER))
    commit()
    browser.sign_in("b").post(f"/events/{event.id}/signups/refuse")
    eight = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)
    work_at(app, eight - DAY)
    assert told(street.a) == []
    work_at(app, eight - timedelta(hours=9))
    assert told(street.a) == []
    for moment in (eight, eight + DAY, eight + 2 * DAY):
        work_at(app, moment)
    asked = f"请答复邀请：{event.title}"
    assert told(street.a).count(asked) == 1
    assert told(street.b) == []
    assert told(street.c) == []
    # Called, asked for the answer, and the day before: three, and no fourth.
    assert len(told(street.a)) <= 3


def test_the_pages_ask_the_same_for_one_and_for_fifty(
    browser: Browser,
    street: Street,
    event: Event,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    path = f"/events/{event.id}/signups"
    looking, listing = f"{path}/stand-in", f"{path}/invited"
    counted = []
    for _ in range(2):
        browser.sign_in("a").get(looking)
        few = queries_of(lambda: browser.get(looking))
        browser.sign_in("secretary").get(listing)
        counted.append((few, queries_of(lambda: browser.get(listing))))
        for number in range(50):
            made = factories.person(f"同事测试{number}", street.branch_one)
            if number % 2:
                db.session.add(
                    EventInvitation(
                        event_id=event.id,
                        person_id=made.id,
                        invited_by_id=street.secretary.id,
                        invited_at=MORNING,
                    )
                )
        commit()
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 8


def test_the_invited_see_all_three_answers(browser: Browser, event: Event) -> None:
    page = browser.sign_in("a").get("/")
    (buttons,) = page.find_all("div", **{"class": "answers"})
    assert [word for word in ("参加", "不能来", "请人替会") if word in text_of(buttons)] == [
        "参加",
        "不能来",
        "请人替会",
    ]
