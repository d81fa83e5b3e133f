"""Questions of a sign-up: written by the host, answered on one short form, limits held."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.database import db, write_transaction
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.signups import queries, services
from portal.signups.question_models import QuestionKind, SignupAnswer
from portal.signups.questions import Choice, Question, answers_to, written_choices
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Page

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China
LUNCH = "午餐A：1\n午餐B：2\n不用餐"


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def event(street: Street) -> Event:
    made: Event = factories.event(street.shantou, street.secretary)
    commit()
    return made


def asked(browser: Browser, event: Event, choices: str = LUNCH) -> Page:
    """The host asks for lunch, compulsory, and for the number of the bus stop."""
    path = f"/events/{event.id}/signups/questions"
    form = browser.sign_in("secretary").get(path).form("/questions")
    typed = {
        **form.fields,
        "rows-0-label": "午餐",
        "rows-0-kind": "choice",
        "rows-0-choices": choices,
        "rows-0-is_required": "y",
        "rows-1-label": "几人同来",
        "rows-1-kind": "number",
    }
    return browser.post(path, typed)


def exported(browser: Browser, event: Event) -> list[list[object]]:
    answer = browser.client.get(f"/events/{event.id}/signups/list.xlsx")
    book = load_workbook(BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def fields(event: Event) -> tuple[str, dict[str, int]]:
    lunch = queries.questions_of(event.id)[0]
    return lunch.field, {choice.label: choice.id for choice in lunch.choices}


def test_an_event_with_questions_is_signed_up_to_on_a_short_form(
    browser: Browser, street: Street, event: Event, any_database: str
) -> None:
    assert asked(browser, event).status == 200
    field, choices = fields(event)
    browser.sign_in("a")
    path = browser.get(f"/events/{event.id}").links()["报名"]
    form = browser.get(path).form("/signups")
    page = browser.submit(form)
    assert page.status == 422
    assert "请回答“午餐”" in page.alert
    page = browser.submit(replace(form, fields={**form.fields, field: choices["午餐A"]}))
    assert page.by("data-my-signup")[0].get("data-my-signup") == "confirmed"
    listed = browser.sign_in("secretary").get(f"/events/{event.id}/signups")
    assert "午餐：午餐A" in listed.text
    rows = exported(browser, event)
    assert rows[0][-2:] == ["午餐", "几人同来"]
    assert (rows[1][1], rows[1][-2]) == ("党员测试甲", "午餐A")
    assert "1/1 人" in browser.get(f"/events/{event.id}/signups/questions").text


def test_a_full_choice_is_said_to_be_full_and_refused_and_what_was_typed_stays(
    browser: Browser, street: Street, event: Event
) -> None:
    asked(browser, event)
    field, choices = fields(event)
    path = f"/events/{event.id}/signups"
    browser.sign_in("a").post(path, {field: choices["午餐A"]})
    browser.sign_in("b")
    assert "已满" in browser.get(f"{path}/answers").text
    second = queries.questions_of(event.id)[1].field
    page = browser.post(path, {field: choices["午餐A"], second: "3"})
    assert page.status == 422
    assert "“午餐A”已满" in page.alert
    assert page.form("/signups").fields[second] == "3"
    assert queries.signup_of(event, street.b) is None
    browser.sign_in("a").post(f"{path}/cancel")
    browser.sign_in("b").post(path, {field: choices["午餐A"]})
    assert queries.signup_of(event, street.b) is not None


def test_answers_can_be_changed_without_losing_what_one_has(
    browser: Browser, street: Street, event: Event
) -> None:
    asked(browser, event)
    field, choices = fields(event)
    browser.sign_in("a").post(f"/events/{event.id}/signups", {field: choices["午餐A"]})
    path = browser.get(f"/events/{event.id}").links()["看或改我的回答"]
    form = browser.get(path).form("/answers")
    assert form.fields[field] == str(choices["午餐A"])
    assert browser.submit(form).status == 200
    assert (
        browser.submit(replace(form, fields={**form.fields, field: choices["不用餐"]})).status
        == 200
    )
    lunch = queries.questions_of(event.id)[0]
    assert [choice.taken for choice in lunch.choices] == [0, 0, 1]


def test_once_answered_only_limits_change_and_never_below_what_is_taken(
    browser: Browser, street: Street, event: Event
) -> None:
    asked(browser, event)
    field, choices = fields(event)
    for name in ("a", "b"):
        browser.sign_in(name).post(f"/events/{event.id}/signups", {field: choices["午餐B"]})
    assert "题目和选项不能再改" in asked(browser, event, "面条\n米饭").text
    assert "已有 2 人选" in asked(browser, event, "午餐A：1\n午餐B：1\n不用餐").text
    assert asked(browser, event, "午餐A：1\n午餐B：3\n不用餐").status == 200
    assert queries.questions_of(event.id)[0].choices[1].most == 3


def test_without_questions_one_tap_is_enough(browser: Browser, event: Event) -> None:
    page = browser.sign_in("a").get(f"/events/{event.id}")
    page = browser.submit(page.form("/signups"))
    assert page.by("data-my-signup")[0].get("data-my-signup") == "confirmed"
    assert "看或改我的回答" not in page.links()


def test_answers_are_forgotten_thirty_days_after_the_event(browser: Browser, event: Event) -> None:
    asked(browser, event)
    field, choices = fields(event)
    browser.sign_in("a").post(f"/events/{event.id}/signups", {field: choices["午餐A"]})
    end = event.ends_at
    for late, left in ((timedelta(days=29), 1), (timedelta(days=31), 0)):
        with time_machine.travel(end + late, tick=True), write_transaction():
            services.forget_answers()
        assert len(db.session.scalars(db.select(SignupAnswer)).all()) == left


@pytest.mark.parametrize(
    "typed", ["", "只有一个", "甲\n甲", "甲：0\n乙", "\n".join("甲乙丙丁戊己庚辛壬癸子丑寅")]
)
def test_choices_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError):
        written_choices(typed)


def test_a_limit_stands_behind_a_colon() -> None:
    assert written_choices("午餐A：20 份\n午餐B:5\n10:30 的车") == [
        Choice("午餐A", 20),
        Choice("午餐B", 5),
        Choice("10:30 的车"),
    ]


@settings(max_examples=150, deadline=None)
@given(
    mosts=st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=2, max_size=4),
    wishes=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=40),
)
def test_no_choice_is_ever_given_more_often_than_its_limit(
    mosts: list[int | None], wishes: list[tuple[int, int]]
) -> None:
    """People choose, and choose anew, in any order: limits hold, and nobody loses what he has."""
    chosen: dict[int, int] = {}
    for person, wish in wishes:
        taken = [list(chosen.values()).count(number) for number in range(1, len(mosts) + 1)]
        choices = [
            Choice(str(number), most, number, taken[number - 1])
            for number, most in enumerate(mosts, 1)
        ]
        question = Question("午餐", QuestionKind.CHOICE, True, choices, 1)
        held = {1: chosen.get(person)}
        with suppress(InvalidInputError):
            (answer,) = answers_to([question], {"q-1": str(wish)}, held=held)
            assert answer.choice_id is not None
            chosen[person] = answer.choice_id
    for number, most in enumerate(mosts, 1):
        assert most is None or list(chosen.values()).count(number) <= most
