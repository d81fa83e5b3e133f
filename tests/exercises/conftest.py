"""A lesson with an exercise, and a giving of it at which people take part."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.database import db, write_transaction
from portal.events.models import Event
from portal.exercises import queries, services
from portal.exercises.models import Exercise, ExerciseEntry, ExerciseField, ExerciseRun, FieldKind
from portal.exercises.services.building import Asked, Facts
from portal.people.models import Person
from portal.signups.models import Signup, SignupOrigin, SignupStatus
from tests import factories
from tests.factories import Street

FIELDS = [
    Asked(kind=FieldKind.TEXT, label="姓名", answer="王䶮"),
    Asked(kind=FieldKind.NUMBER, label="人数", answer="3"),
    Asked(kind=FieldKind.DATE, label="出生日期", answer="1990-02-28"),
    Asked(kind=FieldKind.SINGLE, label="性别", options=("男", "女"), answer="女"),
    Asked(
        kind=FieldKind.MULTIPLE,
        label="住房来源",
        options=("自建", "购买", "租住"),
        answer="自建\n租住",
    ),
]
RIGHT = ["王䶮", "3", "1990-02-28", "女", ["自建", "租住"]]


@dataclass
class Census:
    """The exercise of these tests."""

    street: Street
    event_id: int
    exercise_id: int
    run_id: int

    def fields(self) -> list[ExerciseField]:
        run = db.session.get(ExerciseRun, self.run_id)
        assert run is not None
        wanted = db.select(ExerciseField).where(ExerciseField.edition_id == run.edition_id)
        return list(db.session.scalars(wanted.order_by(ExerciseField.position)))

    def typed(self, **changed: object) -> dict[str, Any]:
        """Everything right, but for the fields named by their label."""
        answers = dict(zip((field.label for field in self.fields()), RIGHT, strict=False))
        return {f"field-{field.id}": {**answers, **changed}[field.label] for field in self.fields()}

    def entry(self, name: str) -> ExerciseEntry:
        person: Person = getattr(self.street, name)
        wanted = db.select(ExerciseEntry).where(ExerciseEntry.person_id == person.id)
        return db.session.scalars(wanted).one()

    @property
    def address(self) -> str:
        return f"/exercises/runs/{self.run_id}"


def sign_up(event: Event, person: Person) -> None:
    now = clock.now()
    factories._added(
        Signup(
            event_id=event.id,
            person_id=person.id,
            status=SignupStatus.CONFIRMED,
            origin=SignupOrigin.SELF,
            signed_up_by_id=person.id,
            created_at=now,
            confirmed_at=now,
        )
    )


def make(street: Street, *, is_twice: bool) -> Census:
    lesson = factories.lesson(street.haikou, street.secretary2, title="录入体验")
    event = factories.event(
        street.haikou,
        street.secretary2,
        lesson_id=lesson.id,
        starts_at=clock.now() + timedelta(hours=1),
    )
    for name in ("a", "b", "c", "d"):
        sign_up(event, getattr(street, name))
    factories.commit()
    with write_transaction():
        exercise = services.create(
            lesson=lesson,
            facts=Facts(title="住户登记", note="照卡片录入", is_twice=is_twice),
            actor=street.secretary2,
        )
        for asked in FIELDS:
            services.add_field(exercise=exercise, asked=asked, actor=street.secretary2)
        run = services.open_run(exercise=exercise, event=event, actor=street.secretary2)
        ids = event.id, exercise.id, run.id
    return Census(street, *ids)


@pytest.fixture
def census(app: Flask) -> Census:
    """Typed once."""
    return make(Street(), is_twice=False)


@pytest.fixture
def twice(app: Flask) -> Census:
    """Typed twice, the second time blind."""
    return make(Street(), is_twice=True)


def exercise_of(census: Census) -> Exercise:
    found = db.session.get(Exercise, census.exercise_id)
    assert found is not None
    return found


__all__ = ["Census", "exercise_of", "make", "queries", "sign_up"]
