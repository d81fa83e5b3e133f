"""Answering, through the front door: who may, until when, and that once is once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.attendance.models import AttendanceStatus
from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import Event, EventState
from portal.feedback import queries
from portal.feedback.models import FeedbackMark
from portal.signups.models import Signup, SignupOrigin, SignupStatus
from tests import factories
from tests.factories import Street
from tests.feedback.conftest import Afterwards, filled
from tests.page import Browser

SignedIn = Callable[[str], Browser]


def received(event: Event) -> int:
    released, held = queries.both_tallies(queries.feedback(event.id))
    return released.answers + held.answers


def test_whoever_was_there_answers_from_the_event_page(
    browser: Browser, afterwards: Afterwards, any_database: str
) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask()
    browser.sign_in("a")
    page = browser.get(f"/events/{afterwards.event.id}")
    assert page.by("data-feedback")[0].get("data-feedback") == "open"
    page = browser.get(page.links()["填写反馈"])
    assert "匿名，每道题都可以不答" in page.text
    assert page.text.count("不回答") == 2
    page = browser.submit(page.form("/answer"), q1="0", q3=["0", "2"], q4="多讲例子")
    assert page.status == 200
    assert "收到了，谢谢" in page.text
    assert page.by("data-feedback")[0].get("data-feedback") == "answered"
    _, held = queries.both_tallies(queries.feedback(afterwards.event.id))
    assert held.answers == 1
    assert held.answered == (1, 0, 1, 1)
    assert held.counts == ((1, 0, 0, 0, 0), (0, 0, 0), (1, 0, 1), ())
    assert held.texts[3] == ("多讲例子",)


@pytest.mark.parametrize(
    ("status", "may"),
    [
        (AttendanceStatus.PRESENT, True),
        (AttendanceStatus.LATE, True),
        (AttendanceStatus.LEFT_EARLY, True),
        (AttendanceStatus.EXPECTED, False),
        (AttendanceStatus.ABSENT, False),
        (AttendanceStatus.LEAVE_SICK, False),
        (AttendanceStatus.EXEMPT, False),
    ],
)
def test_the_roll_decides_who_was_there(
    browser: Browser, afterwards: Afterwards, status: AttendanceStatus, may: bool
) -> None:
    afterwards.attend(afterwards.street.a, status=status)
    afterwards.ask()
    browser.sign_in("a")
    event_page = browser.get(f"/events/{afterwards.event.id}")
    assert bool(event_page.by("data-feedback")) is may
    page = browser.get(afterwards.path("/answer"))
    assert page.status == (200 if may else 403)
    assert (browser.post(afterwards.path("/answer"), {"q1": "0"}).status == 403) is not may
    assert bool(queries.waiting_for(afterwards.street.a, limit=5)) is may


@pytest.mark.parametrize(
    ("status", "has_roll", "may"),
    [
        (SignupStatus.CONFIRMED, False, True),
        (SignupStatus.WAITLISTED, False, False),
        (SignupStatus.CANCELLED, False, False),
        (SignupStatus.CONFIRMED, True, False),
    ],
)
def test_without_a_roll_a_place_decides(
    browser: Browser, afterwards: Afterwards, status: SignupStatus, has_roll: bool, may: bool
) -> None:
    person = afterwards.street.a
    db.session.add(
        Signup(
            event_id=afterwards.event.id,
            person_id=person.id,
            status=status,
            origin=SignupOrigin.SELF,
            signed_up_by_id=person.id,
            created_at=clock.now(),
        )
    )
    factories.commit()
    if has_roll:
        afterwards.attend(afterwards.street.b)
    afterwards.ask()
    page = browser.sign_in("a").get(afterwards.path("/answer"))
    assert page.status == (200 if may else 403)
    assert queries.count_invited(afterwards.event) == int(may or has_roll)


def test_it_opens_with_the_end_and_closes_after_the_days(
    signed_in: SignedIn, afterwards: Afterwards
) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask(days=2)
    event = afterwards.event
    for moment, is_open in (
        (event.ends_at - timedelta(seconds=1), False),
        (event.ends_at, True),
        (event.ends_at + timedelta(days=2, seconds=-1), True),
        (event.ends_at + timedelta(days=2), False),
    ):
        with time_machine.travel(moment, tick=False):
            browser = signed_in("a")
            page = browser.get(afterwards.path("/answer"))
            assert bool(page.find_all("form", action=afterwards.path("/answer"))) is is_open
            assert bool(queries.waiting_for(afterwards.street.a, limit=5)) is is_open
            shown = browser.get(f"/events/{event.id}").by("data-feedback")
            assert bool(shown) is is_open


def test_too_late_is_a_conflict_and_counts_nothing(
    signed_in: SignedIn, afterwards: Afterwards
) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask(days=2)
    browser = signed_in("a")
    fields = filled(browser.get(afterwards.path("/answer")), q1="0")
    with time_machine.travel(afterwards.event.ends_at + timedelta(days=2)):
        page = signed_in("a").post(
            afterwards.path("/answer"), {"version": fields["version"], "q1": "0"}
        )
    assert page.status == 409
    assert "不再收" in page.alert
    assert received(afterwards.event) == 0


def test_an_event_ended_early_is_asked_about_at_once(
    browser: Browser, afterwards: Afterwards
) -> None:
    event = db.session.merge(afterwards.event)
    event.ends_at = clock.now() + timedelta(hours=1)
    event.state = EventState.ENDED
    factories.commit()
    afterwards.attend(afterwards.street.a)
    afterwards.ask()
    page = browser.sign_in("a").get(afterwards.path("/answer"))
    assert page.find_all("form", action=afterwards.path("/answer"))


def test_pressing_twice_is_one_answer(
    browser: Browser, afterwards: Afterwards, any_database: str
) -> None:
    afterwards.attend(afterwards.street.a, afterwards.street.b)
    afterwards.ask()
    browser.sign_in("a")
    form = browser.get(afterwards.path("/answer")).form("/answer")
    assert browser.submit(form, q1="0").status == 200
    page = browser.submit(form, q1="4")
    assert page.status == 409
    assert "一人一份" in page.alert
    assert received(afterwards.event) == 1
    assert "您已经填过" in browser.get(afterwards.path("/answer")).text


@pytest.mark.parametrize(
    ("replies", "says"),
    [
        ({}, "一道题也没有答"),
        ({"q4": "  "}, "一道题也没有答"),
        ({"q1": "9", "q4": "留着这一句"}, "标出"),
        ({"q1": "x"}, "标出"),
        ({"q3": ["0", "7"]}, "标出"),
        ({"q4": "长" * 501}, "最多 500 个字"),
    ],
)
def test_what_does_not_fit_comes_back_and_counts_nothing(
    browser: Browser, afterwards: Afterwards, replies: dict[str, Any], says: str
) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask()
    browser.sign_in("a")
    form = browser.get(afterwards.path("/answer")).form("/answer")
    page = browser.submit(form, **replies)
    assert page.status == 422
    assert says in page.text
    assert replies.get("q4", "").strip() in page.text
    assert received(afterwards.event) == 0
    assert db.session.scalar(select(func.count()).select_from(FeedbackMark)) == 0


def test_words_are_words_and_no_markup(signed_in: SignedIn, afterwards: Afterwards) -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    afterwards.ask()
    afterwards.answer(*afterwards.crowd(3), replies=(*QUESTIONS_NONE, evil))
    page = signed_in("secretary").get(afterwards.path())
    assert evil in page.text
    assert not [script for script in page.find_all("script") if not script.get("src")]


QUESTIONS_NONE: tuple[frozenset[int], ...] = (frozenset(), frozenset(), frozenset())


def test_questions_that_changed_meanwhile_are_asked_anew(
    app: Flask, signed_in: SignedIn, afterwards: Afterwards
) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask()
    member, host = signed_in("a"), signed_in("secretary")
    form = member.get(afterwards.path("/answer")).form("/answer")
    setting = host.get(afterwards.path("/setting")).form("/setting")
    assert host.submit(setting, questionnaire="visit").status == 200
    page = member.submit(form, q1="0")
    assert page.status == 409
    assert "换了题目" in page.alert
    assert "停留的时间够吗？" in page.text
    assert received(afterwards.event) == 0
    assert member.submit(page.form("/answer"), q1="0").status == 200
    assert received(afterwards.event) == 1


def test_no_questionnaire_is_not_found(browser: Browser, afterwards: Afterwards) -> None:
    afterwards.attend(afterwards.street.a)
    browser.sign_in("a")
    assert browser.get(afterwards.path("/answer")).status == 404
    assert browser.post(afterwards.path("/dismiss")).status == 404
    assert not browser.get(f"/events/{afterwards.event.id}").by("data-feedback")


def test_home_asks_once_and_no_more(browser: Browser, afterwards: Afterwards) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask()
    browser.sign_in("a")
    page = browser.get("/")
    assert "说说办得怎么样" in page.text
    page = browser.submit(page.form("/feedback/dismiss"))
    assert "不再提醒" in page.text
    assert not page.by("data-feedback")
    # Said twice is said once; and whoever changes their mind may still answer.
    assert browser.post(afterwards.path("/dismiss")).status == 200
    page = browser.get(f"/events/{afterwards.event.id}")
    assert page.by("data-feedback")[0].get("data-feedback") == "open"
    assert not page.find_all("form", action=afterwards.path("/dismiss"))
    form = browser.get(afterwards.path("/answer")).form("/answer")
    assert browser.submit(form, q1="0").status == 200
    assert not browser.get("/").by("data-feedback")


def test_home_asks_about_two_events_at_most(browser: Browser, street: Street) -> None:
    for days in range(4):
        event = factories.event(
            street.shantou,
            street.secretary,
            starts_at=clock.now() - timedelta(days=days, hours=3),
        )
        factories.commit()
        one = Afterwards(street, event)
        one.attend(street.a)
        one.ask()
    page = browser.sign_in("a").get("/")
    assert len(page.by("data-feedback")) == 2


def test_a_host_who_was_there_is_asked_too(browser: Browser, afterwards: Afterwards) -> None:
    afterwards.attend(afterwards.street.secretary)
    afterwards.ask()
    assert browser.sign_in("secretary").get("/").by("data-feedback")


# ---- never linked to a person


def test_the_audit_says_nothing_of_an_answer(afterwards: Afterwards) -> None:
    crowd = afterwards.crowd(2)
    afterwards.ask()
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    afterwards.answer(*crowd)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_no_table_of_feedback_joins_a_person_to_an_answer() -> None:
    tables = db.metadata.tables
    with_person = {
        name for name in tables if "feedback" in name and "person_id" in tables[name].columns
    }
    assert with_person == {"feedback_mark", "feedback_dismissal"}
    for name in with_person:
        assert set(tables[name].columns.keys()) == {"feedback_id", "person_id"}
    assert set(tables["feedback_tally"].columns.keys()) == {
        "id",
        "feedback_id",
        "released",
        "held",
    }


def test_the_marks_do_not_tell_who_came_last(
    app: Flask, afterwards: Afterwards, any_database: str
) -> None:
    crowd = afterwards.crowd(8)
    afterwards.ask()
    order = [crowd[at] for at in (5, 2, 7, 0, 6, 1, 4, 3)]
    afterwards.answer(*order)
    db.session.rollback()
    if any_database == "sqlite":
        kept = [
            row[0] for row in db.session.execute(db.text("SELECT person_id FROM feedback_mark"))
        ]
        assert kept == sorted(person.id for person in crowd)
        with pytest.raises(Exception, match="rowid"):
            db.session.execute(db.text("SELECT rowid FROM feedback_mark"))
        return
    # All rows were written anew by the last transaction: none of them stands out.
    rows = db.session.execute(db.text("SELECT xmin::text, person_id FROM feedback_mark")).all()
    assert len(rows) == len(crowd)
    assert len({row[0] for row in rows}) == 1


def test_the_own_data_say_that_one_answered_but_not_what(
    browser: Browser, afterwards: Afterwards
) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask()
    afterwards.answer(afterwards.street.a)
    kept = browser.sign_in("a").client.get("/me/data.json").get_json()
    assert kept["填过反馈的活动（问卷截止后不再记录）"] == [afterwards.event.title]
    assert "再多讲些例子" not in str(kept)


def test_an_answer_costs_few_statements_however_many_there_are(
    browser: Browser, afterwards: Afterwards, queries_of: Callable
) -> None:
    afterwards.attend(afterwards.street.a, afterwards.street.b)
    crowd = afterwards.crowd(9)
    afterwards.ask()
    afterwards.answer(*crowd)
    browser.sign_in("a")
    browser.get(f"/events/{afterwards.event.id}")
    many = queries_of(lambda: browser.get(f"/events/{afterwards.event.id}"))
    assert many <= 8
    form = browser.get(afterwards.path("/answer")).form("/answer")
    assert (
        queries_of(lambda: browser.client.post(form.action, data={**form.fields, "q1": "0"})) < 14
    )
