"""Building an exercise: fields, order, editions; only those who keep the lesson."""

from typing import Any

import pytest
from flask import Flask

from portal.database import db, write_transaction
from portal.exercises import policies, queries, services
from portal.exercises.models import (
    Exercise,
    ExerciseEdition,
    ExerciseField,
    ExerciseRun,
    FieldKind,
    Stage,
)
from portal.exercises.services import building
from portal.lessons.models import LessonState
from tests import factories
from tests.exercises.conftest import Census
from tests.factories import Street
from tests.lessons.test_rules import somebody
from tests.page import Browser


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def only() -> Exercise:
    return db.session.scalars(db.select(Exercise)).one()


def labels() -> list[str]:
    return [field.label for field in queries.edition(only()).fields]


def begun(browser: Browser, street: Street, name: str = "secretary2") -> int:
    lesson = factories.lesson(street.haikou, street.secretary2)
    factories.commit()
    page = browser.sign_in(name).get(f"/lessons/{lesson.id}")
    page = browser.get(page.links()["新建练习"])
    browser.submit(page.form("/exercises/new"), title="住户登记", keep_days="14")
    return only().id


def test_built_field_by_field(browser: Browser, street: Street, way: str) -> None:
    htmx = way == "htmx"
    lesson = factories.lesson(street.haikou, street.secretary2)
    factories.commit()
    page = browser.sign_in("secretary2").get(f"/lessons/{lesson.id}")
    page = browser.get(page.links()["新建练习"])
    assert "只录虚构的人" in page.text
    form = page.form("/exercises/new")
    page = browser.submit(form, htmx=htmx, title="住户登记", is_twice="y", keep_days="14")
    exercise = only()
    assert exercise.is_twice
    assert exercise.keep_days == 14
    page = browser.submit(
        page.form("/fields/new"), htmx=htmx, label="姓名", answer="王䶮", then="more"
    )
    page = browser.submit(
        page.form("/fields/new"),
        htmx=htmx,
        label="性别",
        kind="single",
        options="男\r\n女",
        answer="女",
        then="save",
    )
    assert "参考答案" in page.text
    assert "王䶮" in page.text
    assert labels() == ["姓名", "性别"]
    chosen = queries.edition(only()).fields[1]
    assert chosen.option_list == ["男", "女"]
    second = chosen.id
    page = browser.submit(page.form(f"/fields/{second}/move"), htmx=htmx, to="up")
    assert labels() == ["性别", "姓名"]
    page = browser.submit(page.form(f"/fields/{second}/move"), htmx=htmx, to="down")
    assert labels() == ["姓名", "性别"]
    edit = f"/exercises/{exercise.id}/fields/{queries.edition(only()).fields[0].id}"
    page = browser.submit(browser.get(edit).form(edit), label="户主")
    assert labels() == ["户主", "性别"]
    page = browser.submit(page.form(f"/fields/{second}/remove"), htmx=htmx)
    assert labels() == ["户主"]
    assert browser.get(f"/exercises/{exercise.id}/fields/{second}").status == 404
    assert browser.post(f"/exercises/{exercise.id}/fields/{second}/remove").status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "字" * 81}, "label"),
        ({"kind": "picture"}, "kind"),
        ({"help": "字" * 201}, "help"),
        ({"kind": "single", "options": "男", "answer": "男"}, "options"),
        ({"kind": "single", "options": "男\n女", "answer": "它"}, "answer"),
        ({"kind": "single", "options": "男\n女", "answer": ""}, "answer"),
        ({"kind": "single", "options": "男\n女", "answer": "男\n女"}, "answer"),
        ({"kind": "multiple", "options": "男\n女", "answer": ""}, "answer"),
        (
            {"kind": "multiple", "options": "\n".join("abcdefghijklmnopqrstu"), "answer": "a"},
            "options",
        ),
        ({"kind": "single", "options": f"{'字' * 61}\n女", "answer": "女"}, "options"),
        ({"kind": "number", "answer": "三"}, "answer"),
        ({"kind": "date", "answer": "2026年"}, "answer"),
        ({"kind": "date", "answer": ""}, "answer"),
    ],
)
def test_a_field_that_breaks_a_rule_comes_back(
    browser: Browser, street: Street, wrong: dict[str, Any], field: str
) -> None:
    exercise_id = begun(browser, street)
    page = browser.post(
        f"/exercises/{exercise_id}/fields/new",
        {"label": "项目", "kind": "text", "answer": "答案", **wrong},
    )
    assert page.status == 422
    assert field in page.errors()
    assert labels() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"note": "字" * 2_001}, "note"),
        ({"keep_days": "0"}, "keep_days"),
        ({"keep_days": "366"}, "keep_days"),
        ({"keep_days": ""}, "keep_days"),
    ],
)
def test_an_exercise_that_breaks_a_rule_comes_back(
    browser: Browser, street: Street, wrong: dict[str, str], field: str
) -> None:
    exercise_id = begun(browser, street)
    form = browser.get(f"/exercises/{exercise_id}/edit").form("/edit")
    page = browser.submit(form, **wrong)  # type: ignore[arg-type]
    assert page.status == 422
    assert field in page.errors()
    assert only().title == "住户登记"


def test_the_second_editor_is_told(browser: Browser, street: Street) -> None:
    exercise_id = begun(browser, street)
    mine = browser.get(f"/exercises/{exercise_id}/edit").form("/edit")
    other = Browser(browser.app).sign_in("office")
    other.submit(other.get(f"/exercises/{exercise_id}/edit").form("/edit"), title="街道改的")
    page = browser.submit(mine, title="社区改的")
    assert page.status == 409
    assert "街道改的" in page.alert
    page = browser.submit(page.form("/edit"))
    assert page.h1 == "社区改的"


def test_what_was_answered_is_kept_and_a_change_begins_the_next_edition(
    browser: Browser, census: Census
) -> None:
    host = browser.sign_in("secretary2")
    name = census.fields()[0]
    edit = f"/exercises/{census.exercise_id}/fields/{name.id}"
    host.submit(host.get(edit).form(edit), help="还没有人填过")
    assert len(db.session.scalars(db.select(ExerciseEdition)).all()) == 1
    run = db.session.get(ExerciseRun, census.run_id)
    assert run is not None
    with write_transaction():
        member = somebody(census.street, "a")
        seen = queries.run_seen_by(member, census.run_id)
        services.enter(run=seen, values={name.id: "王"}, seen=Stage.FIRST, actor=member)
    assert "第 2 版" in host.get(f"/exercises/{census.exercise_id}").text
    host.submit(host.get(edit).form(edit), answer="另一个答案")
    editions = db.session.scalars(db.select(ExerciseEdition).order_by(ExerciseEdition.number)).all()
    assert len(editions) == 2
    old = db.session.get(ExerciseField, name.id)
    assert old is not None
    assert old.answer == "王䶮"
    assert queries.edition(only()).fields[0].answer == "另一个答案"
    # The giving goes on with the fields on which people have begun.
    assert db.session.get(ExerciseRun, census.run_id).edition_id == editions[0].id  # type: ignore[union-attr]


def test_thrown_away_only_while_nobody_used_it(browser: Browser, census: Census) -> None:
    host = browser.sign_in("secretary2")
    assert host.post(f"/exercises/{census.exercise_id}/discard").status == 409
    db.session.delete(db.session.get(ExerciseRun, census.run_id))
    factories.commit()
    page = host.get(f"/exercises/{census.exercise_id}")
    page = host.submit(page.form("/discard"))
    assert "已删除" in page.text
    assert db.session.scalars(db.select(Exercise)).all() == []
    assert db.session.scalars(db.select(ExerciseField)).all() == []


def test_who_may_build_open_and_know_the_answers(census: Census) -> None:
    street = census.street
    exercise = queries.exercise_seen_by(somebody(street, "secretary2"), census.exercise_id)
    event = queries.run_seen_by(somebody(street, "a"), census.run_id).event
    expected = {
        "office": (True, True, True),
        "secretary2": (True, True, True),
        "secretary": (False, True, False),
        "branch": (False, True, False),
        "keeper": (False, False, False),
        "a": (False, False, False),
        "sysadmin": (False, False, False),
        "auditor": (False, False, False),
    }
    for name, (builds, knows, opens) in expected.items():
        person = somebody(street, name)
        assert policies.may_build(person, exercise.lesson) == builds, name
        assert policies.may_see_answers(person, exercise.lesson) == knows, name
        assert policies.may_open(person, exercise, event) == opens, name
        assert policies.may_see_results(person, event) == opens, name


def test_the_answers_are_hidden_from_those_who_are_to_find_them(
    browser: Browser, census: Census
) -> None:
    member = browser.sign_in("a")
    assert member.get(f"/exercises/{census.exercise_id}").status == 403
    lesson_id = only().lesson_id
    page = member.get(f"/lessons/{lesson_id}")
    assert "住户登记" in page.text
    assert "住户登记" not in page.links()


def test_an_exercise_goes_with_the_draft_of_its_lesson(browser: Browser, street: Street) -> None:
    lesson = factories.lesson(street.haikou, street.secretary2, state=LessonState.DRAFT)
    factories.commit()
    browser.sign_in("secretary2").post(
        f"/exercises/new?lesson={lesson.id}", {"title": "练习", "keep_days": "30"}
    )
    assert len(db.session.scalars(db.select(Exercise)).all()) == 1
    assert browser.post(f"/lessons/{lesson.id}/discard").status == 200
    assert db.session.scalars(db.select(Exercise)).all() == []
    assert browser.get("/exercises/new?lesson=999").status == 404


def test_no_more_fields_than_a_form_can_hold(
    browser: Browser, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "MOST_FIELDS", 1)
    exercise_id = begun(browser, street)
    path = f"/exercises/{exercise_id}/fields/new"
    browser.post(path, {"label": "一", "kind": "text", "answer": "1"})
    page = browser.post(path, {"label": "二", "kind": "text", "answer": "2"})
    assert page.status == 422
    assert "最多 1 项" in page.alert


def test_kinds_know_whether_one_chooses() -> None:
    assert {kind for kind in FieldKind if kind.has_options} == {
        FieldKind.SINGLE,
        FieldKind.MULTIPLE,
    }
