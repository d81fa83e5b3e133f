"""Choosing a questionnaire, and what its host sees of the answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import Event, EventKind, EventState
from portal.feedback import queries
from portal.feedback.models import EventFeedback, FeedbackMark, FeedbackTally
from tests import factories
from tests.factories import Street
from tests.feedback.conftest import SOUR, Afterwards
from tests.page import Browser, Page, text_of

SignedIn = Callable[[str], Browser]


@pytest.fixture
def host(browser: Browser, street: Street) -> Browser:
    return browser.sign_in("secretary")


def bars(page: Page) -> list[list[str]]:
    """Rows of the charts' tables, as words."""
    return [
        [text_of(cell) for cell in row if cell.get("class") != "feedback-bar"]
        for table in page.find_all("table", class_="feedback-bars")
        for row in table.iter("tr")
        if row[0].get("scope") == "row"
    ]


def test_the_host_chooses_and_members_are_told_on_the_event_page(
    host: Browser, afterwards: Afterwards, any_database: str
) -> None:
    page = host.get(f"/events/{afterwards.event.id}")
    page = host.get(page.links()["反馈"])
    assert "还没有问卷" in page.text
    page = host.get(page.links()["选一份问卷"])
    form = page.form("/setting")
    assert form.fields["questionnaire"] == "lesson"
    assert form.fields["days"] == "7"
    page = host.submit(form, days="10")
    assert "主题党课问卷" in page.text
    assert "收到 0 份反馈" in page.text
    chosen = queries.feedback(afterwards.event.id)
    assert chosen.days == 10
    entry = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.action == "feedback.ask")
    ).one()
    assert '"days": 10' in entry.details


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (EventKind.LESSON, "lesson"),
        (EventKind.SITE_VISIT, "visit"),
        (EventKind.MEETING, "general"),
    ],
)
def test_the_questionnaire_of_the_kind_is_offered_first(
    host: Browser, street: Street, kind: EventKind, key: str
) -> None:
    event = factories.event(street.shantou, street.secretary, kind=kind)
    factories.commit()
    page = host.get(f"/events/{event.id}/feedback/setting")
    assert page.form("/setting").fields["questionnaire"] == key
    assert page.find_all("input", name="questionnaire")[0].get("value") == key


@pytest.mark.parametrize("days", ["0", "61", "x", "", "-1", "7.5", "９９９"])
def test_days_that_cannot_be_are_refused_beside_the_field(
    host: Browser, afterwards: Afterwards, days: str
) -> None:
    form = host.get(afterwards.path("/setting")).form("/setting")
    page = host.submit(form, days=days)
    assert page.status == 422
    assert "days" in page.errors()
    assert queries.find_feedback(afterwards.event.id) is None


def test_an_unknown_questionnaire_is_refused(host: Browser, afterwards: Afterwards) -> None:
    form = host.get(afterwards.path("/setting")).form("/setting")
    assert host.submit(form, questionnaire="99999").status == 422


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED, EventState.POSTPONED])
def test_what_does_not_take_place_has_no_feedback(
    host: Browser, street: Street, state: EventState
) -> None:
    event = factories.event(
        street.shantou,
        street.secretary,
        state=state,
        moved_from_at=clock.now(),
    )
    factories.commit()
    assert "反馈" not in host.get(f"/events/{event.id}").links()
    assert host.get(f"/events/{event.id}/feedback").status == 409
    assert host.get(f"/events/{event.id}/feedback/setting").status == 409


def test_two_hosts_at_once_do_not_undo_each_other(
    host: Browser, signed_in: SignedIn, afterwards: Afterwards
) -> None:
    other = signed_in("office")
    mine = host.get(afterwards.path("/setting")).form("/setting")
    theirs = other.get(afterwards.path("/setting")).form("/setting")
    assert other.submit(theirs, questionnaire="visit", days="5").status == 200
    page = host.submit(mine, days="9")
    assert page.status == 409
    assert "别人刚刚改过" in page.alert
    assert page.form("/setting").fields["days"] == "9"
    assert queries.feedback(afterwards.event.id).days == 5
    page = host.submit(page.form("/setting"), questionnaire="kept")
    assert page.status == 200
    assert queries.feedback(afterwards.event.id).days == 9
    assert queries.feedback(afterwards.event.id).name == "参观走访问卷"


def test_once_answered_the_questions_stay(host: Browser, afterwards: Afterwards) -> None:
    form = host.get(afterwards.path("/setting")).form("/setting")
    afterwards.ask()
    afterwards.answer(*afterwards.crowd(1))
    page = host.get(afterwards.path("/setting"))
    assert "题目不能再换" in page.text
    assert [one.get("value") for one in page.find_all("input", name="questionnaire")] == ["kept"]
    stale = page.form("/setting")
    assert host.submit(stale, questionnaire="visit").status == 422
    assert host.submit(stale, days="20").status == 200
    assert host.submit(form, questionnaire="visit").status in {409, 422}
    assert queries.feedback(afterwards.event.id).name == "测试问卷"


def test_below_three_answers_the_page_says_so(host: Browser, afterwards: Afterwards) -> None:
    crowd = afterwards.crowd(5)
    afterwards.ask()
    afterwards.answer(*crowd[:2])
    page = host.get(afterwards.path())
    assert "收到 2 份反馈，可以填写的有 5 人" in page.text
    assert "满 3 份才显示" in page.text
    assert not page.find_all("table")
    assert "再多讲些例子" not in page.text


def test_from_three_on_bars_and_words_are_shown_with_their_numbers(
    host: Browser, afterwards: Afterwards, any_database: str
) -> None:
    crowd = afterwards.crowd(5)
    afterwards.ask()
    afterwards.answer(*crowd[:2])
    afterwards.answer(crowd[2], replies=SOUR)
    page = host.get(afterwards.path())
    assert bars(page)[:5] == [
        ["很满意", "2 人", "67%"],
        ["满意", "0 人", "0%"],
        ["一般", "0 人", "0%"],
        ["不满意", "0 人", "0%"],
        ["很不满意", "1 人", "33%"],
    ]
    assert "五级评价，3 人回答" in page.text
    assert "单选，2 人回答" in page.text
    assert page.text.count("再多讲些例子") == 2
    fills = page.by("class", "feedback-fill")
    assert fills[0].get("width") == "66.7"


def test_results_move_in_groups_so_that_nobody_can_watch_one_arrive(
    host: Browser, afterwards: Afterwards
) -> None:
    crowd = afterwards.crowd(7)
    afterwards.ask(days=3)
    afterwards.answer(*crowd[:3])
    before = bars(host.get(afterwards.path()))
    afterwards.answer(*crowd[3:5], replies=SOUR)
    page = host.get(afterwards.path())
    assert "收到 5 份" in page.text
    assert "前 3 份的结果" in page.text
    assert bars(page) == before
    afterwards.answer(crowd[5], replies=SOUR)
    assert bars(host.get(afterwards.path()))[4] == ["很不满意", "3 人", "50%"]
    afterwards.answer(crowd[6], replies=SOUR)
    assert bars(host.get(afterwards.path()))[4] == ["很不满意", "3 人", "50%"]
    with time_machine.travel(afterwards.event.ends_at + timedelta(days=3)):
        page = host.get("/login")
        page = Browser(host.app).sign_in("secretary").get(afterwards.path())
    assert bars(page)[4] == ["很不满意", "4 人", "57%"]
    assert "已截止" in page.text


def test_too_few_answers_stay_unseen_after_the_end(
    signed_in: SignedIn, afterwards: Afterwards
) -> None:
    afterwards.ask(days=1)
    afterwards.answer(*afterwards.crowd(2))
    with time_machine.travel(afterwards.event.ends_at + timedelta(days=2)):
        page = signed_in("secretary").get(afterwards.path())
    assert "回答太少，不显示结果" in page.text
    assert not page.find_all("table")


def test_the_least_number_is_a_setting(host: Browser, afterwards: Afterwards) -> None:
    host.app.config["PORTAL_FEEDBACK_LEAST_ANSWERS"] = 5
    afterwards.ask()
    afterwards.answer(*afterwards.crowd(4))
    assert "满 5 份才显示" in host.get(afterwards.path()).text


@pytest.mark.parametrize("username", ["a", "secretary2", "branch"])
def test_nobody_else_sees_the_results(
    browser: Browser, afterwards: Afterwards, username: str
) -> None:
    afterwards.attend(afterwards.street.a)
    afterwards.ask()
    browser.sign_in(username)
    assert "反馈" not in browser.get(f"/events/{afterwards.event.id}").links()
    assert browser.get(afterwards.path()).status == 403


def test_who_answered_is_on_no_page_of_the_host(host: Browser, afterwards: Afterwards) -> None:
    crowd = afterwards.crowd(4)
    afterwards.ask()
    afterwards.answer(*crowd)
    page = host.get(afterwards.path())
    assert not [person.name for person in crowd if person.name in page.text]


def test_taking_it_back_names_what_is_lost(host: Browser, afterwards: Afterwards) -> None:
    afterwards.ask()
    afterwards.answer(*afterwards.crowd(3))
    page = host.get(afterwards.path())
    assert "收到的 3 份回答一并删除，不能找回" in page.text
    page = host.submit(page.form("/stop"))
    assert "3 份回答也已删除" in page.text
    for table in (EventFeedback, FeedbackTally, FeedbackMark):
        assert db.session.scalar(db.select(db.func.count()).select_from(table)) == 0
    entry = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.action == "feedback.stop")
    ).one()
    assert '"answers": 3' in entry.details


def test_a_draft_with_a_questionnaire_is_thrown_away_with_it(
    host: Browser, afterwards: Afterwards
) -> None:
    afterwards.ask()
    event = db.session.get_one(Event, afterwards.event.id)
    event.state = EventState.DRAFT
    factories.commit()
    assert host.post(f"/events/{event.id}/discard").status == 200
    assert db.session.scalar(db.select(db.func.count()).select_from(EventFeedback)) == 0


def test_the_results_cost_the_same_for_few_and_many(
    host: Browser, afterwards: Afterwards, queries_of: Callable
) -> None:
    crowd = afterwards.crowd(40)
    afterwards.ask()
    afterwards.answer(*crowd[:3])
    host.get(afterwards.path())
    few = queries_of(lambda: host.get(afterwards.path()))
    afterwards.answer(*crowd[3:])
    assert queries_of(lambda: host.get(afterwards.path())) == few <= 8
