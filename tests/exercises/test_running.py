"""At a giving: opened once, results without names, forgotten on its day."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock
from portal.database import db, write_transaction
from portal.errors import ConflictError
from portal.exercises import queries, services
from portal.exercises.models import (
    ExerciseAnswer,
    ExerciseEntry,
    ExerciseRun,
    ExerciseTally,
    Stage,
)
from portal.people.models import Person
from tests import factories
from tests.chores import work_at
from tests.exercises.conftest import Census, exercise_of, make
from tests.factories import Street
from tests.lessons.test_rules import somebody
from tests.page import Browser, Page, text_of


@pytest.fixture
def on_any(app: Flask, any_database: str) -> Census:
    return make(Street(), is_twice=False)


def run_of(census: Census) -> ExerciseRun:
    return queries.run_seen_by(somebody(census.street, "d"), census.run_id)


def answer(census: Census, name: str, **changed: object) -> None:
    """Type and hand in as that person."""
    person: Person = getattr(census.street, name)
    typed = census.typed(**changed)
    with write_transaction():
        run = run_of(census)
        values = {
            int(key.removeprefix("field-")): "\n".join(value) if isinstance(value, list) else value
            for key, value in typed.items()
        }
        services.enter(run=run, values=values, seen=Stage.FIRST, actor=person)
        services.hand_in(run=run, seen=Stage.REVIEW, actor=person)


def rows(page: Page) -> list[list[str]]:
    return [
        [text_of(cell) for cell in row.iter("td")]
        for row in page.find_all("tr")
        if list(row.iter("td"))
    ]


def test_the_host_sees_which_fields_go_wrong_most_and_no_names(
    browser: Browser, on_any: Census
) -> None:
    census = on_any
    answer(census, "a", 性别="男", 姓名="王龑")
    answer(census, "b", 性别="男")
    answer(census, "c", 性别="男", 人数="9")
    answer(census, "d")
    page = browser.sign_in("secretary2").get(f"{census.address}/results")
    assert "4 份已提交" in page.text
    told = rows(page)
    fields = [text_of(strong).split(" ")[1] for strong in page.find_all("strong")[1:]]
    assert fields == [
        "性别",
        "姓名",
        "人数",
        "出生日期",
        "住房来源",
    ]
    assert [row[2] for row in told] == ["3 / 4 份", "1 / 4 份", "1 / 4 份", "0 / 4 份", "0 / 4 份"]
    assert told[0][3] == "75%"
    widths = [bar.get("width") for bar in page.by("class", "bar-wrong")]
    assert widths == ["75.0", "25.0", "25.0", "0.0", "0.0"]
    for name in ("党员测试甲", "党员测试乙", "王龑"):
        assert name not in page.html


def test_too_few_answers_are_not_shown(browser: Browser, census: Census) -> None:
    answer(census, "a", 性别="男")
    answer(census, "b")
    page = browser.sign_in("secretary2").get(f"{census.address}/results")
    assert "2 份已提交" in page.text
    assert "满 3 份才显示" in page.text
    assert rows(page) == []


def test_opened_twice_it_is_one(browser: Browser, on_any: Census) -> None:
    exercise = exercise_of(on_any)
    event = run_of(on_any).event
    with pytest.raises(ConflictError), write_transaction():
        services.open_run(exercise=exercise, event=event, actor=on_any.street.secretary2)
    assert len(db.session.scalars(db.select(ExerciseRun)).all()) == 1


def test_opened_from_its_page_at_a_giving(browser: Browser, census: Census, way: str) -> None:
    street = census.street
    event = factories.event(
        street.haikou, street.secretary2, lesson_id=exercise_of(census).lesson_id, place="新教室"
    )
    other = factories.event(street.haikou, street.secretary2)
    factories.commit()
    host = browser.sign_in("secretary2")
    page = host.get(f"/exercises/{census.exercise_id}")
    form = page.form("/runs")
    assert form.fields["event_id"] == str(event.id)
    page = host.submit(form, htmx=way == "htmx")
    assert "0 份已提交" in page.text
    # An event that does not give the lesson is refused, whoever hosts it.
    path = f"/exercises/{census.exercise_id}/runs"
    assert host.post(path, {"event_id": str(other.id)}).status == 403
    assert host.post(path, {"event_id": "x"}).status == 404
    assert host.post(path, {"event_id": str(event.id)}).status == 409
    stranger = Browser(browser.app).sign_in("secretary")
    assert stranger.post(path, {"event_id": str(event.id)}).status == 403


def test_an_exercise_without_fields_is_not_opened(browser: Browser, census: Census) -> None:
    exercise = exercise_of(census)
    for field in list(census.fields()):
        with write_transaction():
            services.remove_field(
                exercise=exercise, field_id=field.id, actor=census.street.secretary2
            )
    event = factories.event(
        census.street.haikou, census.street.secretary2, lesson_id=exercise.lesson_id
    )
    factories.commit()
    page = browser.sign_in("secretary2").post(
        f"/exercises/{census.exercise_id}/runs", {"event_id": str(event.id)}
    )
    assert page.status == 409
    assert "还没有要填的项目" in page.alert


def test_closing_twice_and_reopening_what_is_open_are_refused(
    browser: Browser, census: Census
) -> None:
    host = browser.sign_in("secretary2")
    assert host.post(f"{census.address}/reopen").status == 409
    host.post(f"{census.address}/close")
    assert host.post(f"{census.address}/close").status == 409


def test_on_its_day_answers_go_and_numbers_stay(browser: Browser, on_any: Census) -> None:
    census = on_any
    for name in ("a", "b", "c"):
        answer(census, name, 性别="男")
    with write_transaction():
        run = run_of(census)
        services.enter(run=run, values={}, seen=Stage.FIRST, actor=census.street.d)
        assert services.delete_expired() == 0
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        with write_transaction():
            assert services.delete_expired() == 1
        with write_transaction():
            assert services.delete_expired() == 0
        assert db.session.scalars(db.select(ExerciseEntry)).all() == []
        assert db.session.scalars(db.select(ExerciseAnswer)).all() == []
        tallies = db.session.scalars(db.select(ExerciseTally)).all()
        assert {(tally.answers, tally.wrong) for tally in tallies} == {(3, 3), (3, 0)}
        host = browser.sign_in("secretary2")
        page = host.get(f"{census.address}/results")
        assert "3 份已提交" in page.text
        assert rows(page)[0][2] == "3 / 3 份"
        assert "已到期删除" in page.text
        assert host.post(f"{census.address}/reopen").status == 409


def test_the_command_forgets(app: Flask, census: Census) -> None:
    answer(census, "a")
    runner = app.test_cli_runner()
    assert "0 次" in runner.invoke(args=["forget-answers"]).output
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert "1 次" in runner.invoke(args=["forget-answers"]).output
    assert db.session.scalars(db.select(ExerciseEntry)).all() == []


def test_the_worker_forgets_on_the_day(app: Flask, browser: Browser, census: Census) -> None:
    answer(census, "a")
    day = run_of(census).delete_on
    midnight = clock.from_local(datetime.combine(day, time()))
    work_at(app, midnight - timedelta(minutes=1))
    assert db.session.scalars(db.select(ExerciseEntry)).all() != []
    work_at(app, midnight + timedelta(minutes=10))
    assert db.session.scalars(db.select(ExerciseEntry)).all() == []
    with time_machine.travel(midnight + timedelta(hours=9), tick=False):
        page = browser.sign_in("secretary2").get(f"{census.address}/results")
        assert "1 份已提交" in page.text
