"""Building an exercise; once somebody has answered, a change begins the next edition."""

from dataclasses import dataclass

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.exercises import judging, queries
from portal.exercises.models import (
    Exercise,
    ExerciseEdition,
    ExerciseField,
    ExerciseRun,
    FieldKind,
)
from portal.lessons.models import Lesson
from portal.people.models import Person

LONGEST_TITLE, LONGEST_NOTE, LONGEST_LABEL, LONGEST_HELP = 120, 2_000, 80, 200
MOST_FIELDS, MOST_OPTIONS, LONGEST_OPTION = 60, 20, 60
MOST_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is written about an exercise besides its fields."""

    title: str
    note: str = ""
    is_twice: bool = False
    keep_days: int = 30


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a field asks, and its reference answer as it was typed."""

    kind: FieldKind
    label: str
    help: str = ""
    options: tuple[str, ...] = ()
    answer: str = ""


def create(*, lesson: Lesson, facts: Facts, actor: Person) -> Exercise:
    """Begin an exercise without fields; raise InvalidInputError."""
    _check(facts)
    now = clock.now()
    exercise = Exercise(
        lesson_id=lesson.id,
        title=facts.title,
        note=facts.note,
        is_twice=facts.is_twice,
        keep_days=facts.keep_days,
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
    )
    db.session.add(exercise)
    db.session.flush()
    _begin_edition(exercise, 1, actor)
    audit.record("exercise.create", exercise, actor=actor, title=exercise.title)
    return exercise


def edit(*, exercise: Exercise, facts: Facts, actor: Person) -> None:
    """Change title, words and rules; givings that are open already keep their rules."""
    _check(facts)
    exercise.title, exercise.note = facts.title, facts.note
    exercise.is_twice, exercise.keep_days = facts.is_twice, facts.keep_days
    _saved(exercise, actor, "exercise.edit")


def discard(*, exercise: Exercise, actor: Person) -> None:
    """Throw an exercise away that was never opened at a giving."""
    opened = select(ExerciseRun.id).where(ExerciseRun.exercise_id == exercise.id).limit(1)
    if db.session.scalar(opened) is not None:
        raise ConflictError("这份练习已经用过，不能删除。不再用就不再打开。")
    audit.record("exercise.discard", exercise, actor=actor, title=exercise.title)
    db.session.delete(exercise)
    db.session.flush()


# ------------------------------------------------------------------ fields


def add_field(*, exercise: Exercise, asked: Asked, actor: Person) -> ExerciseField:
    """Add a field at the end; raise InvalidInputError."""
    values = _values(asked)
    edition = _edition_to_write(exercise, actor)
    if len(edition.fields) >= MOST_FIELDS:
        raise InvalidInputError(f"一份练习最多 {MOST_FIELDS} 项。")
    field = ExerciseField(position=len(edition.fields) + 1, **values)
    edition.fields.append(field)
    _saved(exercise, actor, "exercise.field_add", field=asked.label)
    return field


def change_field(*, exercise: Exercise, field_id: int, asked: Asked, actor: Person) -> None:
    """Change what a field asks; raise InvalidInputError."""
    values = _values(asked)
    edition, place = _place_to_write(exercise, field_id, actor)
    field = edition.fields[place]
    for name, value in values.items():
        setattr(field, name, value)
    _saved(exercise, actor, "exercise.field_change", field=asked.label)


def move_field(*, exercise: Exercise, field_id: int, by: int, actor: Person) -> None:
    """Move a field so many places down (or up, when negative), as far as there are places."""
    edition, place = _place_to_write(exercise, field_id, actor)
    in_order = list(edition.fields)
    field = in_order.pop(place)
    in_order.insert(max(0, min(place + by, len(in_order))), field)
    _number(in_order)
    db.session.flush()
    db.session.expire(edition, ["fields"])
    _saved(exercise, actor, "exercise.field_move", field=field.label)


def remove_field(*, exercise: Exercise, field_id: int, actor: Person) -> None:
    """Take a field out."""
    edition, place = _place_to_write(exercise, field_id, actor)
    field = edition.fields.pop(place)
    _number(edition.fields)
    _saved(exercise, actor, "exercise.field_remove", field=field.label)


def _number(fields: list[ExerciseField]) -> None:
    for place, field in enumerate(fields, 1):
        field.position = place


def _saved(exercise: Exercise, actor: Person, action: str, **noted: object) -> None:
    exercise.updated_at = clock.now()
    db.session.flush()
    audit.record(action, exercise, actor=actor, title=exercise.title, **noted)


def _begin_edition(exercise: Exercise, number: int, actor: Person) -> ExerciseEdition:
    edition = ExerciseEdition(
        exercise_id=exercise.id,
        number=number,
        created_by_id=actor.id,
        created_at=clock.now(),
        fields=[],
    )
    db.session.add(edition)
    db.session.flush()
    return edition


def _edition_to_write(exercise: Exercise, actor: Person) -> ExerciseEdition:
    """Return the newest edition, or the next one with the same fields if that was answered."""
    newest = queries.edition(exercise)
    if not queries.is_answered(newest.id):
        return newest
    made = _begin_edition(exercise, newest.number + 1, actor)
    made.fields = [
        ExerciseField(
            position=field.position,
            kind=field.kind,
            label=field.label,
            help=field.help,
            options=field.options,
            answer=field.answer,
        )
        for field in newest.fields
    ]
    db.session.flush()
    return made


def _place_to_write(
    exercise: Exercise, field_id: int, actor: Person
) -> tuple[ExerciseEdition, int]:
    """Return the edition to be written and the field's place in it; raise NotFoundError."""
    newest = queries.edition(exercise)
    place = next((at for at, one in enumerate(newest.fields) if one.id == field_id), None)
    if place is None:
        raise NotFoundError("没有找到这一项，可能已被删除。")
    return _edition_to_write(exercise, actor), place


def _check(facts: Facts) -> None:
    if not facts.title:
        raise InvalidInputError("请填写练习名称。", field="title")
    if len(facts.title) > LONGEST_TITLE:
        raise InvalidInputError(f"练习名称最多 {LONGEST_TITLE} 个字。", field="title")
    if len(facts.note) > LONGEST_NOTE:
        raise InvalidInputError(f"说明最多 {LONGEST_NOTE} 个字。", field="note")
    if not 1 <= facts.keep_days <= MOST_DAYS:
        raise InvalidInputError(f"保留天数要在 1 到 {MOST_DAYS} 之间。", field="keep_days")


def _values(asked: Asked) -> dict[str, object]:
    """Return the columns of a field; raise InvalidInputError for the first rule broken."""
    if not asked.label:
        raise InvalidInputError("请写明要填什么。", field="label")
    for name, text, label, longest in (
        ("label", asked.label, "名称", LONGEST_LABEL),
        ("help", asked.help, "说明", LONGEST_HELP),
    ):
        if len(text) > longest:
            raise InvalidInputError(f"{label}最多 {longest} 个字。", field=name)
    options = _options(asked) if asked.kind.has_options else ()
    return {
        "kind": asked.kind,
        "label": asked.label,
        "help": asked.help,
        "options": "\n".join(options),
        "answer": _answer(asked, options),
    }


def _options(asked: Asked) -> tuple[str, ...]:
    options = tuple(dict.fromkeys(option for option in asked.options if option))
    if len(options) < 2:
        raise InvalidInputError("至少写两个选项，一行一个。", field="options")
    if len(options) > MOST_OPTIONS:
        raise InvalidInputError(f"最多 {MOST_OPTIONS} 个选项。", field="options")
    if any(len(option) > LONGEST_OPTION for option in options):
        raise InvalidInputError(f"一个选项最多 {LONGEST_OPTION} 个字。", field="options")
    return options


def _answer(asked: Asked, options: tuple[str, ...]) -> str:
    """Return the reference answer as it is kept: of choices, each must be an option."""
    typed: str | list[str] = asked.answer
    if asked.kind.has_options:
        typed = [line.strip() for line in asked.answer.splitlines() if line.strip()]
        unknown = [one for one in typed if one not in options]
        if unknown:
            raise InvalidInputError(f"答案“{unknown[0]}”不在选项里。", field="answer")
        if asked.kind is FieldKind.SINGLE and len(set(typed)) != 1:
            raise InvalidInputError("单选要有一个答案，和选项里的一行相同。", field="answer")
    try:
        answer = judging.written(asked.kind, typed, options, label=asked.label)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field="answer") from error
    if not answer and asked.kind is not FieldKind.TEXT:
        raise InvalidInputError("请填写参考答案。", field="answer")
    return answer
