"""Pages of exercises, and those on which they stand, ask no more when there is more."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.database import db
from portal.events.agenda_models import AgendaItem
from portal.events.models import Event, EventMaterial
from portal.exercises.models import (
    Exercise,
    ExerciseAnswer,
    ExerciseEdition,
    ExerciseEntry,
    ExerciseField,
    ExerciseRun,
    FieldKind,
    Round,
    Stage,
)
from portal.leaves.models import LeaveKind, LeaveRequest, LeaveState
from portal.lessons.models import (
    Lesson,
    LessonMaterial,
    LessonState,
    LessonVersion,
    LessonWriter,
)
from portal.materials import services as materials
from portal.people.models import Person
from portal.sites.models import RouteStop
from tests import factories
from tests.exercises.conftest import Census
from tests.page import Browser

Counting = Callable[[Callable[[], object]], int]
Look = tuple[Browser, str]


def asked(queries_of: Counting, looks: list[Look]) -> list[int]:
    """Return how many statements each page sends."""
    for browser, path in looks:
        assert browser.get(path).status == 200, path
    return [queries_of(lambda at=path, by=browser: by.get(at)) for browser, path in looks]  # type: ignore[misc]


@pytest.fixture
def lesson(census: Census) -> Lesson:
    event = db.session.get_one(Event, census.event_id)
    return db.session.get_one(Lesson, event.lesson_id)


def exercise(lesson: Lesson, event_id: int, entered_by: list[Person], number: int) -> ExerciseRun:
    """One more exercise of the lesson, open at the event, begun by these people."""
    now, by_id = clock.now(), lesson.created_by_id
    made = factories._added(
        Exercise(
            lesson_id=lesson.id,
            title=f"练习{number}",
            created_by_id=by_id,
            created_at=now,
            updated_at=now,
        )
    )
    edition = factories._added(
        ExerciseEdition(exercise_id=made.id, number=1, created_by_id=by_id, created_at=now)
    )
    run: ExerciseRun = factories._added(
        ExerciseRun(
            event_id=event_id,
            exercise_id=made.id,
            edition_id=edition.id,
            is_twice=False,
            opened_by_id=by_id,
            opened_at=now,
            delete_on=clock.today() + timedelta(days=30),
        )
    )
    for person in entered_by:
        factories._added(
            ExerciseEntry(run_id=run.id, person_id=person.id, stage=Stage.REVIEW, started_at=now)
        )
    return run


def test_a_lesson_asks_the_same_for_one_and_fifty_of_everything(
    census: Census, lesson: Lesson, browser: Browser, queries_of: Counting, any_database: str
) -> None:
    street, now = census.street, clock.now()
    host = {"created_by_id": street.secretary2.id, "edited_by_id": street.secretary2.id}
    shown = db.session.scalars(db.select(LessonVersion)).one()
    shown.route_id = factories.route(street.haikou, street.secretary2, []).id
    draft = factories._added(
        LessonVersion(
            lesson_id=lesson.id,
            number=2,
            state=LessonState.DRAFT,
            title="修改稿",
            minutes=90,
            lecturer_name="某某",
            created_at=now,
            edited_at=now,
            **host,
        )
    )
    lesson.last_number, lesson.preparing = 2, LessonState.DRAFT

    def add(number: int) -> None:
        material = materials.keep(
            stream=io.BytesIO(b"text %d" % number),
            filename=f"{number}.txt",
            owner=street.haikou,
            actor=street.secretary2,
        )
        site = factories.site(street.haikou, street.secretary2)
        writer = factories.person(f"执笔{number}")
        starts_at = now + timedelta(days=number + 2)
        event = factories.event(
            street.haikou, street.secretary2, lesson_id=lesson.id, starts_at=starts_at
        )
        exercise(lesson, event.id, [], number)
        db.session.add_all(
            [
                LessonMaterial(version_id=shown.id, material_id=material.id, position=number),
                RouteStop(route_id=shown.route_id, site_id=site.id, position=number + 1, minutes=5),
                LessonWriter(version_id=draft.id, person_id=writer.id, first_at=now, last_at=now),
            ]
        )
        factories.commit()

    reader, keeper = browser.sign_in("a"), Browser(browser.app).sign_in("secretary2")
    looks = [(one, f"/lessons/{lesson.id}") for one in (reader, keeper)]
    add(0)
    one = asked(queries_of, looks)
    for number in range(1, 50):
        add(number)
    assert asked(queries_of, looks) == one
    assert max(one) <= 8
    assert "练习49" in reader.get(looks[0][1]).text
    assert "有一份修改稿（第 2 稿）" in keeper.get(looks[0][1]).text


def test_exercises_of_an_event_cost_the_same_for_one_and_fifty(
    census: Census, lesson: Lesson, browser: Browser, queries_of: Counting, any_database: str
) -> None:
    path = f"/events/{census.event_id}"
    host = Browser(browser.app).sign_in("secretary2")
    looks = [(browser.sign_in("a"), path), (host, path)]
    one = asked(queries_of, looks)
    for number in range(49):
        exercise(lesson, census.event_id, [census.street.a], number)
    factories.commit()
    assert asked(queries_of, looks) == one
    assert browser.get(path).text.count("回读") == 49
    assert "接着做练习" not in host.get(path).text


def test_pages_of_an_exercise_ask_the_same_for_one_and_fifty_fields_and_people(
    census: Census, browser: Browser, queries_of: Counting, any_database: str
) -> None:
    run = db.session.get_one(ExerciseRun, census.run_id)
    now = clock.now()

    def hand_in(person: Person) -> None:
        entry = factories._added(
            ExerciseEntry(
                run_id=run.id,
                person_id=person.id,
                stage=Stage.HANDED_IN,
                started_at=now,
                handed_in_at=now,
            )
        )
        for field in census.fields():
            db.session.add(
                ExerciseAnswer(
                    entry_id=entry.id, field_id=field.id, round=Round.FINAL, is_right=True
                )
            )

    for name in ("a", "b", "c"):
        hand_in(getattr(census.street, name))
    factories.commit()
    host = Browser(browser.app).sign_in("secretary2")
    looks = [
        (browser.sign_in("a"), census.address),
        (host, f"{census.address}/results"),
        (host, f"/exercises/{census.exercise_id}"),
    ]
    one = asked(queries_of, looks)
    for number in range(45):
        db.session.add(
            ExerciseField(
                edition_id=run.edition_id,
                position=10 + number,
                kind=FieldKind.TEXT,
                label=f"第{number}项",
            )
        )
        hand_in(factories.person(f"参加者{number}"))
    factories.commit()
    assert asked(queries_of, looks) == one
    assert max(one) <= 8
    assert "48 份已提交" in host.get(f"{census.address}/results").text


def test_the_page_of_an_event_stays_within_eight_statements_whatever_is_on_it(
    census: Census, browser: Browser, queries_of: Counting
) -> None:
    """A lesson, an exercise, a file, an agenda, a leave and a place at one event."""
    street = census.street
    event = db.session.get_one(Event, census.event_id)
    factories._added(AgendaItem(event_id=event.id, position=1, title="主持开场", minutes=30))
    factories._added(
        LeaveRequest(
            event_id=event.id,
            person_id=street.a.id,
            kind=LeaveKind.PERSONAL,
            reason="出差",
            state=LeaveState.PENDING,
            is_after_start=False,
            requested_at=clock.now(),
            entered_by_id=street.a.id,
        )
    )
    kept = materials.keep(
        stream=io.BytesIO(b"text"),
        filename="讲义.txt",
        owner=street.haikou,
        actor=street.secretary2,
    )
    factories._added(EventMaterial(event_id=event.id, material_id=kept.id, position=1))
    factories.commit()
    path = f"/events/{event.id}"
    page = browser.sign_in("a").get(path)
    for words in ("主持开场", "讲义", "住户登记", "事假", "已报名", "录入体验"):
        assert words in page.text, words
    assert queries_of(lambda: browser.get(path)) <= 8
