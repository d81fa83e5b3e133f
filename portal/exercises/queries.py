"""Questions about exercises, their givings, and one's own way through them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.attendance.models import AttendanceEntry
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event, EventState
from portal.events.queries import visible_to
from portal.exercises.models import (
    Exercise,
    ExerciseAnswer,
    ExerciseEdition,
    ExerciseEntry,
    ExerciseField,
    ExerciseRun,
    ExerciseTally,
    Round,
    Stage,
)
from portal.lessons.models import Lesson
from portal.lessons.queries import visible_to as lesson_visible_to
from portal.people.readers import Somebody
from portal.signups.models import Signup, SignupStatus
from portal.statements import Ready

_UNKNOWN = "没有找到这份练习，可能已被删除，或者不对您开放。"
# Fewer answers than this would tell whose they are.
FEWEST_SHOWN = 3


def exercise_seen_by(person: Somebody, exercise_id: int, *, to_change: bool = False) -> Exercise:
    """Return the exercise with its lesson if the person sees that; raise NotFoundError else."""
    wanted = (
        select(Exercise)
        .join(Exercise.lesson)
        .where(Exercise.id == exercise_id, lesson_visible_to(person))
        .options(joinedload(Exercise.lesson).joinedload(Lesson.organisation))
    )
    if to_change:
        wanted = wanted.with_for_update(of=Exercise)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


class ListedExercise(NamedTuple):
    """What the page of a lesson says of an exercise."""

    id: int
    title: str
    is_twice: bool


_OF_LESSON = Ready(
    select(Exercise.id, Exercise.title, Exercise.is_twice)
    .where(Exercise.lesson_id == bindparam("lesson_id", type_=Integer))
    .order_by(Exercise.id)
)


def of_lesson(lesson: Lesson) -> tuple[ListedExercise, ...]:
    """Return the exercises of a lesson in the order in which they were begun."""
    rows = _OF_LESSON.rows({"lesson_id": lesson.id})
    return tuple(ListedExercise._make(row) for row in rows)


def edition(exercise: Exercise) -> ExerciseEdition:
    """Return the newest edition with its fields."""
    return db.session.scalars(
        select(ExerciseEdition)
        .where(ExerciseEdition.exercise_id == exercise.id)
        .order_by(ExerciseEdition.number.desc())
        .limit(1)
        .options(selectinload(ExerciseEdition.fields))
    ).one()


def is_answered(edition_id: int) -> bool:
    """Return whether somebody has begun to answer this edition."""
    answered = (
        select(ExerciseEntry.id)
        .join(ExerciseRun, ExerciseRun.id == ExerciseEntry.run_id)
        .where(ExerciseRun.edition_id == edition_id)
    )
    tallied = (
        select(ExerciseTally.id)
        .join(ExerciseRun, ExerciseRun.id == ExerciseTally.run_id)
        .where(ExerciseRun.edition_id == edition_id)
    )
    return bool(db.session.scalar(select(or_(exists(answered), exists(tallied)))))


# ------------------------------------------------------------------ givings


def run_seen_by(person: Somebody, run_id: int, *, to_change: bool = False) -> ExerciseRun:
    """Return the run whose event the person sees, with all that its pages show."""
    wanted = (
        select(ExerciseRun)
        .join(ExerciseRun.event)
        .where(ExerciseRun.id == run_id, visible_to(person))
        .options(
            joinedload(ExerciseRun.event).joinedload(Event.host),
            joinedload(ExerciseRun.exercise),
            joinedload(ExerciseRun.edition).selectinload(ExerciseEdition.fields),
        )
    )
    if to_change:
        wanted = wanted.with_for_update(of=ExerciseRun)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


class OwnRun(NamedTuple):
    """A run, how far the reader is with it (None: not begun), and whether it is the reader's."""

    run: ExerciseRun
    stage: Stage | None
    takes_part: bool


def runs_of_event(event_id: int, person: Somebody) -> Sequence[OwnRun]:
    """Return the runs at one event with their exercises, as they stand for one person."""
    is_own = and_(ExerciseEntry.run_id == ExerciseRun.id, ExerciseEntry.person_id == person.id)
    rows = db.session.execute(
        select(ExerciseRun, ExerciseEntry.stage, _takes_part(event_id, person))
        .outerjoin(ExerciseEntry, is_own)
        .where(ExerciseRun.event_id == event_id)
        .order_by(ExerciseRun.id)
        .options(joinedload(ExerciseRun.exercise))
    )
    return [OwnRun._make(row) for row in rows]


def runs_of(person: Somebody, exercise: Exercise) -> Sequence[ExerciseRun]:
    """Return the runs of an exercise at events that the person sees, the latest first."""
    return db.session.scalars(
        select(ExerciseRun)
        .join(ExerciseRun.event)
        .where(ExerciseRun.exercise_id == exercise.id, visible_to(person))
        .order_by(Event.starts_at.desc(), ExerciseRun.id.desc())
        .limit(30)
        .options(joinedload(ExerciseRun.event).joinedload(Event.host))
    ).all()


def givings_without(person: Somebody, exercise: Exercise) -> Sequence[Event]:
    """Return the announced givings at which the exercise has not been opened, soonest last."""
    opened = select(ExerciseRun.event_id).where(ExerciseRun.exercise_id == exercise.id)
    return db.session.scalars(
        select(Event)
        .where(
            Event.lesson_id == exercise.lesson_id,
            Event.state.in_({EventState.PUBLISHED, EventState.ENDED}),
            Event.id.not_in(opened),
            visible_to(person),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(20)
        .options(joinedload(Event.host))
    ).all()


def takes_part(event_id: int, person: Somebody) -> bool:
    """Return whether the person is signed up to the event, or stands on its roll."""
    return bool(db.session.scalar(select(_takes_part(event_id, person))))


def _takes_part(event_id: int, person: Somebody) -> ColumnElement[bool]:
    signed_up = exists().where(
        Signup.event_id == event_id,
        Signup.person_id == person.id,
        Signup.status == SignupStatus.CONFIRMED,
    )
    on_roll = exists().where(
        AttendanceEntry.event_id == event_id, AttendanceEntry.person_id == person.id
    )
    return or_(signed_up, on_roll)


# ------------------------------------------------------------------ one's own entry


def find_entry(
    run: ExerciseRun, person: Somebody, *, to_change: bool = False
) -> ExerciseEntry | None:
    """Return the person's own entry with its answers, if there is one."""
    wanted = (
        select(ExerciseEntry)
        .where(ExerciseEntry.run_id == run.id, ExerciseEntry.person_id == person.id)
        .options(selectinload(ExerciseEntry.answers))
    )
    if to_change:
        wanted = wanted.with_for_update(of=ExerciseEntry)
    return db.session.scalar(wanted)


def values(entry: ExerciseEntry | None, number: Round) -> dict[int, str]:
    """Return what was typed in one round, by the id of the field."""
    answers = entry.answers if entry is not None else []
    return {answer.field_id: answer.value for answer in answers if answer.round == number}


# ------------------------------------------------------------------ what the host sees


class FieldResult(NamedTuple):
    """How often a field was handed in, and how often it was wrong."""

    field: ExerciseField
    answers: int
    wrong: int

    @property
    def share(self) -> float:
        """The share of wrong answers, from 0 to 1."""
        return self.wrong / self.answers if self.answers else 0.0


class Progress(NamedTuple):
    """How many have handed in, and how many have begun and not handed in."""

    handed_in: int
    under_way: int


def progress(run: ExerciseRun) -> Progress:
    """Return how far people are; once their answers are gone, how many they were."""
    if run.deleted_at is not None:
        kept = select(func.max(ExerciseTally.answers)).where(ExerciseTally.run_id == run.id)
        return Progress(db.session.scalar(kept) or 0, 0)
    begun, handed_in = db.session.execute(
        select(func.count(ExerciseEntry.id), func.count(ExerciseEntry.handed_in_at)).where(
            ExerciseEntry.run_id == run.id
        )
    ).one()
    return Progress(handed_in, begun - handed_in)


def results(run: ExerciseRun, handed_in: int) -> list[FieldResult]:
    """Return the fields that went wrong most first; no names, no values.

    Empty while so few have handed in that the numbers would tell whose they are.
    """
    if handed_in < FEWEST_SHOWN:
        return []
    numbers = _tallied(run) if run.deleted_at is not None else counted(run)
    found = [FieldResult(field, *numbers.get(field.id, (0, 0))) for field in run.edition.fields]
    return sorted(found, key=lambda one: (-one.share, one.field.position))


def counted(run: ExerciseRun) -> Mapping[int, tuple[int, int]]:
    """Return (answers, wrong) of what was handed in, by the id of the field."""
    rows = db.session.execute(
        select(
            ExerciseAnswer.field_id,
            func.count(ExerciseAnswer.id),
            func.sum(case((ExerciseAnswer.is_right.is_(True), 0), else_=1)),
        )
        .join(ExerciseEntry, ExerciseEntry.id == ExerciseAnswer.entry_id)
        .where(
            ExerciseEntry.run_id == run.id,
            ExerciseEntry.handed_in_at.is_not(None),
            ExerciseAnswer.round == Round.FINAL,
        )
        .group_by(ExerciseAnswer.field_id)
    )
    return {field_id: (answers, int(wrong or 0)) for field_id, answers, wrong in rows}


def _tallied(run: ExerciseRun) -> Mapping[int, tuple[int, int]]:
    rows = db.session.scalars(select(ExerciseTally).where(ExerciseTally.run_id == run.id))
    return {row.field_id: (row.answers, row.wrong) for row in rows}


def to_delete() -> Sequence[ExerciseRun]:
    """Return the runs whose answers are to be gone by today, locked."""
    return db.session.scalars(
        select(ExerciseRun)
        .where(ExerciseRun.delete_on <= clock.today(), ExerciseRun.deleted_at.is_(None))
        .order_by(ExerciseRun.id)
        .with_for_update()
    ).all()
