"""Whoever signs up others is asked for each of them, and loses nothing of what was typed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from portal.database import db
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import queries
from portal.signups.models import Signup, SignupHelper
from portal.signups.question_models import QuestionKind, SignupChoice, SignupQuestion
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Form, Page

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def event(street: Street) -> Event:
    """Asks for lunch, of which one kind is there once, and how many come by bus."""
    made: Event = factories.event(street.shantou, street.secretary)
    lunch = SignupQuestion(
        event_id=made.id, position=0, label="午餐", kind=QuestionKind.CHOICE, is_required=True
    )
    bus = SignupQuestion(
        event_id=made.id, position=1, label="乘车", kind=QuestionKind.TEXT, is_required=False
    )
    db.session.add_all([lunch, bus])
    db.session.flush()
    db.session.add_all(
        [
            SignupChoice(question_id=lunch.id, position=0, label="面条", most=1),
            SignupChoice(question_id=lunch.id, position=1, label="米饭"),
        ]
    )
    commit()
    return made


def names(event: Event) -> tuple[str, str, dict[str, str]]:
    lunch, bus = queries.questions_of(event.id)
    return lunch.field, bus.field, {one.label: str(one.id) for one in lunch.choices}


def answering(page: Page) -> Form:
    """The form that asks; it stands alone on its page."""
    return next(
        form for form in page.forms() if form.action.endswith(("/add", "/family", "/confirm"))
    )


def step(browser: Browser, page: Page, which: str, **typed: object) -> Page:
    form = answering(page)
    return browser.submit(replace(form, fields={**form.fields, **typed, "step": which}))


def told(event: Event) -> dict[str, list[str]]:
    rows = db.session.execute(
        select(Person.name, Signup.id)
        .join(Signup, Signup.person_id == Person.id)
        .where(Signup.event_id == event.id)
    ).all()
    answers = queries.answers_of([row[1] for row in rows])
    return {
        name: [words for words, _ in answers.get(signup_id, {}).values()]
        for name, signup_id in rows
    }


def test_each_of_the_ticked_is_asked_and_the_answers_are_kept(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    lunch, bus, choices = names(event)
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/signups/add", {"person": [street.a.id, street.b.id]}
    )
    assert page.status == 200
    assert "请为 2 人回答" in page.text
    assert told(event) == {}
    a, b = f"p{street.a.id}-", f"p{street.b.id}-"
    typed = {a + lunch: choices["面条"], a + bus: "南门上车", b + lunch: choices["面条"]}
    page = step(browser, page, "answers", **typed)
    assert page.status == 422, "the one noodle is taken by the first"
    assert "“面条”已满" in page.alert
    assert "党员测试乙" in page.alert
    assert answering(page).fields[a + bus] == "南门上车"
    assert answering(page).fields[a + lunch] == choices["面条"]
    assert told(event) == {}
    page = step(browser, page, "answers", **{b + lunch: choices["米饭"]})
    assert "报名结果" in page.text
    assert told(event) == {"党员测试甲": ["面条", "南门上车"], "党员测试乙": ["米饭"]}


def test_a_missing_answer_names_the_person_and_the_field(
    browser: Browser, street: Street, event: Event
) -> None:
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/signups/add", {"person": [street.a.id]}
    )
    page = step(browser, page, "answers")
    assert page.status == 422
    assert "请回答“午餐”" in page.alert
    assert told(event) == {}


def test_the_answers_may_be_left_to_those_signed_up(
    browser: Browser, street: Street, event: Event
) -> None:
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/signups/add", {"person": [street.a.id]}
    )
    step(browser, page, "skip")
    assert told(event) == {"党员测试甲": []}
    assert "看或改我的回答" in browser.sign_in("a").get(f"/events/{event.id}").links()


def test_who_is_on_the_list_already_is_not_asked_again(
    browser: Browser, street: Street, event: Event
) -> None:
    lunch, _, choices = names(event)
    browser.sign_in("a").post(f"/events/{event.id}/signups", {lunch: choices["面条"]})
    page = browser.sign_in("secretary").post(
        f"/events/{event.id}/signups/add", {"person": [street.a.id]}
    )
    assert "此前已报名" in page.text
    page = browser.post(f"/events/{event.id}/signups/add", {"person": [street.a.id, street.b.id]})
    assert "请为 1 人回答" in page.text


def test_family_is_asked_too(browser: Browser, street: Street, event: Event) -> None:
    lunch, _, choices = names(event)
    db.session.add(
        SignupHelper(
            helper_id=street.a.id,
            person_id=street.b.id,
            relation="邻居",
            granted_by_id=street.secretary.id,
            granted_at=MORNING,
        )
    )
    commit()
    page = browser.sign_in("a").get(f"/events/{event.id}/signups/family")
    page = browser.submit(page.form("/family"))
    page = step(browser, page, "answers", **{f"p{street.b.id}-{lunch}": choices["米饭"]})
    assert "党员测试乙：报名成功" in page.text
    assert told(event) == {"党员测试乙": ["米饭"]}


def test_a_pasted_list_asks_for_members_and_guests_and_enters_no_guest_before(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    lunch, _, choices = names(event)
    browser.sign_in("secretary")
    form = browser.get(f"/events/{event.id}/signups/list").form("/signups/list")
    page = browser.submit(form, names="1. 党员测试甲\n2. 赵新来")
    form = page.form("/list/confirm")
    page = browser.submit(replace(form, fields={**form.fields, "line-2": "guest"}))
    assert "请为 2 人回答" in page.text
    page = step(browser, page, "answers", **{f"p{street.a.id}-{lunch}": choices["面条"]})
    assert page.status == 422
    assert "赵新来" in page.alert
    assert db.session.scalar(select(Person.id).where(Person.name == "赵新来")) is None
    page = step(browser, page, "answers", **{f"g2-{lunch}": choices["米饭"]})
    assert "报名结果" in page.text
    assert told(event) == {"党员测试甲": ["面条"], "赵新来": ["米饭"]}


def test_more_than_fifty_are_signed_up_without_a_page_nobody_fills_in(
    browser: Browser, street: Street, event: Event
) -> None:
    people = [factories.person(f"人多测试{number}", street.branch_one) for number in range(51)]
    ids = [person.id for person in people]
    commit()
    page = browser.sign_in("secretary").post(f"/events/{event.id}/signups/add", {"person": ids})
    assert "一次最多为 50 人填写回答" in page.text
    assert not page.by("data-asked")
    page = step(browser, page, "skip")
    assert len(told(event)) == 51
