"""Filling in: once or twice, compared, read back, handed in; one's own result and no other's."""

from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.exercises.models import ExerciseAnswer, ExerciseEntry, Round, Stage
from tests.exercises.conftest import Census
from tests.page import Browser, Page


def begin(browser: Browser, census: Census, name: str = "a") -> Page:
    """Go the way a participant goes: from the event to the form."""
    browser.sign_in(name)
    page = browser.get(f"/events/{census.event_id}")
    return browser.get(page.links()["开始练习"])


def marks(page: Page) -> list[str]:
    return ["".join(mark.itertext()) for mark in page.find_all("mark")]


def test_typed_read_back_and_handed_in(browser: Browser, census: Census, way: str) -> None:
    htmx = way == "htmx"
    page = begin(browser, census)
    assert page.h1 == "住户登记"
    assert "只录虚构的人" in page.text
    assert "王䶮" not in page.html
    page = browser.submit(page.form("/entry"), htmx=htmx, **census.typed(姓名="王龑", 性别="男"))
    assert "从头读一遍" in page.text
    assert "王龑" in page.text
    assert "王䶮" not in page.html
    assert census.entry("a").stage is Stage.REVIEW
    page = browser.submit(page.form("/hand-in"), htmx=htmx)
    assert "5 项，3 项一字不差，2 项有出入" in page.text
    assert marks(page) == ["龑", "䶮"]
    assert "（不该选）" in page.text
    assert "（漏选）" in page.text
    assert "看我的结果" in browser.get(f"/events/{census.event_id}").links()
    right = db.session.scalars(
        db.select(ExerciseAnswer.is_right).where(ExerciseAnswer.round == Round.FINAL)
    ).all()
    assert sorted(right) == [False, False, True, True, True]


def test_all_right_is_said(browser: Browser, census: Census) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"), **census.typed())
    page = browser.submit(page.form("/hand-in"))
    assert "5 项全对，一字不差" in page.text
    assert marks(page) == []


def test_a_space_too_much_is_seen(browser: Browser, census: Census) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"), **census.typed(姓名="王䶮 "))
    assert "王䶮␣" in page.text
    page = browser.submit(page.form("/hand-in"))
    assert marks(page) == ["␣"]
    assert "末尾多了空格" in page.text


def test_nothing_typed_is_an_answer_too(browser: Browser, census: Census) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"))
    page = browser.submit(page.form("/hand-in"))
    assert "0 项一字不差" in page.text
    assert "没有填" in page.text


@pytest.mark.parametrize(
    ("label", "value"), [("人数", "３"), ("出生日期", "2026-02-30"), ("姓名", "字" * 201)]
)
def test_what_can_be_no_answer_comes_back_as_typed(
    browser: Browser, census: Census, label: str, value: str
) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"), **census.typed(**{label: value}))
    assert page.status == 422
    (field,) = [field for field in census.fields() if field.label == label]
    assert page.errors()[f"field-{field.id}"]
    form = page.form("/entry")
    assert form.fields[f"field-{field.id}"] == value[:200]
    others = [one for one in census.fields() if one.label != label]
    assert all(form.fields[f"field-{one.id}"] for one in others)
    assert db.session.scalars(db.select(ExerciseEntry)).all() == []


def test_after_reading_back_one_may_go_back(browser: Browser, census: Census) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"), **census.typed(姓名="王龑"))
    page = browser.submit(page.form("/back"))
    form = page.form("/correction")
    (name,) = [field for field in census.fields() if field.label == "姓名"]
    assert form.fields[f"field-{name.id}"] == "王龑"
    page = browser.submit(form, **{f"field-{name.id}": "王䶮"})  # type: ignore[arg-type]
    page = browser.submit(page.form("/hand-in"))
    assert "5 项全对" in page.text


# ---- twice


def test_the_second_typing_is_blind_and_what_differs_is_asked_again(
    browser: Browser, twice: Census, way: str
) -> None:
    htmx = way == "htmx"
    page = begin(browser, twice)
    page = browser.submit(page.form("/entry"), htmx=htmx, **twice.typed(姓名="王龑", 人数="4"))
    assert "再录一遍" in page.text
    assert "王龑" not in page.html
    assert twice.entry("a").stage is Stage.SECOND
    page = browser.submit(page.form("/entry"), htmx=htmx, **twice.typed())
    assert "两遍有 2 项不一样" in page.text
    assert marks(page) == ["龑", "䶮", "4", "3"]
    form = page.form("/differences")
    asked = {name for name in form.fields if name.startswith("field-")}
    assert len(asked) == 2
    page = browser.submit(form, htmx=htmx, **{n: v for n, v in twice.typed().items() if n in asked})
    assert twice.entry("a").stage is Stage.REVIEW
    page = browser.submit(page.form("/hand-in"), htmx=htmx)
    assert "5 项全对" in page.text


def test_two_equal_typings_are_read_back_at_once(browser: Browser, twice: Census) -> None:
    page = begin(browser, twice)
    page = browser.submit(page.form("/entry"), **twice.typed())
    page = browser.submit(page.form("/entry"), **twice.typed())
    assert "从头读一遍" in page.text


def test_choices_that_differ_are_asked_again(browser: Browser, twice: Census) -> None:
    page = begin(browser, twice)
    page = browser.submit(page.form("/entry"), **twice.typed(住房来源=["自建"]))
    page = browser.submit(page.form("/entry"), **twice.typed(住房来源=["租住", "购买"]))
    assert "两遍有 1 项不一样" in page.text
    (field,) = [field for field in twice.fields() if field.label == "住房来源"]
    page = browser.submit(page.form("/differences"), **{f"field-{field.id}": ["自建", "租住"]})  # type: ignore[arg-type]
    page = browser.submit(page.form("/hand-in"))
    assert "5 项全对" in page.text


# ---- pressed twice, two windows


def test_a_step_that_was_taken_is_not_taken_again(browser: Browser, twice: Census) -> None:
    """Pressing twice must not make the first typing the second one."""
    page = begin(browser, twice)
    form = page.form("/entry")
    browser.submit(form, **twice.typed())
    page = browser.submit(form, **twice.typed())
    assert page.status == 409
    assert "已经保存" in page.alert
    assert twice.entry("a").stage is Stage.SECOND
    rounds = db.session.scalars(db.select(ExerciseAnswer.round).distinct()).all()
    assert rounds == [Round.FIRST]


def test_what_was_handed_in_does_not_change(browser: Browser, census: Census) -> None:
    page = begin(browser, census)
    first = page.form("/entry")
    page = browser.submit(first, **census.typed())
    hand_in, back = page.form("/hand-in"), page.form("/back")
    browser.submit(hand_in)
    for form in (hand_in, back, first):
        assert browser.submit(form, **census.typed(姓名="别人")).status == 409
    assert browser.post(f"{census.address}/differences", {"stage": "differences"}).status == 409
    assert browser.post(f"{census.address}/correction", {"stage": "correcting"}).status == 409
    values = db.session.scalars(
        db.select(ExerciseAnswer.value).where(ExerciseAnswer.round == Round.FINAL)
    ).all()
    assert "别人" not in values
    acts = db.session.scalars(
        db.select(AuditEntry.action).where(AuditEntry.action == "exercise.hand_in")
    ).all()
    assert len(acts) == 1
    assert not [
        entry for entry in db.session.scalars(db.select(AuditEntry)) if "王䶮" in entry.details
    ]


# ---- whose


def test_everybody_sees_only_the_own_result(browser: Browser, census: Census) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"), **census.typed(姓名="甲的错"))
    browser.submit(page.form("/hand-in"))
    other = Browser(browser.app)
    page = begin(other, census, "b")
    assert "甲的错" not in page.html
    assert page.forms()[-1].fields["stage"] == "first"


def test_who_does_not_take_part_is_kept_out(browser: Browser, census: Census) -> None:
    for name in ("secretary", "secretary2", "office"):
        stranger = Browser(browser.app).sign_in(name)
        assert stranger.get(census.address).status == 403
        assert stranger.post(f"{census.address}/entry", {"stage": "first"}).status == 403
        assert "开始练习" not in stranger.get(f"/events/{census.event_id}").links()
    assert browser.sign_in("a").get("/exercises/runs/999").status == 404


def test_a_closed_exercise_takes_nothing_and_shows_results(
    browser: Browser, census: Census
) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"), **census.typed())
    browser.submit(page.form("/hand-in"))
    other = Browser(browser.app)
    late = begin(other, census, "b").form("/entry")
    host = Browser(browser.app).sign_in("secretary2")
    host.submit(host.get(f"{census.address}/results").form("/close"))
    assert "5 项全对" in browser.get(census.address).text
    refused = other.post(late.action, {**late.fields, **census.typed()})
    assert refused.status == 403
    assert "没有提交" in other.get(census.address).text
    host.submit(host.get(f"{census.address}/results").form("/reopen"))
    other.get(census.address).form("/entry")


def test_after_its_day_nothing_is_shown_any_more(browser: Browser, census: Census) -> None:
    page = begin(browser, census)
    page = browser.submit(page.form("/entry"), **census.typed())
    browser.submit(page.form("/hand-in"))
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        later = Browser(browser.app).sign_in("a")
        assert later.get(census.address).status == 403
        assert "体验练习" in later.get(f"/events/{census.event_id}").text
        assert "看我的结果" not in later.get(f"/events/{census.event_id}").links()
