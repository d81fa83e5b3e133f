"""Filling in: typed once or twice, differences settled, read back, handed in.

Each step is taken on the stage that the reader's page showed: pressing twice does nothing
the second time (`StageError`), and nothing that was typed is taken for something else.
"""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError
from portal.exercises import judging, queries
from portal.exercises.models import ExerciseAnswer, ExerciseEntry, ExerciseRun, Round, Stage
from portal.people.models import Person

Values = Mapping[int, str]


class StageError(ConflictError):
    """The step was taken already, or is not to be taken yet."""

    def __init__(self) -> None:
        super().__init__("这一步已经保存过了，请看当前页面。")


def enter(*, run: ExerciseRun, values: Values, seen: Stage, actor: Person) -> Stage:
    """Keep a typing of all fields: the first, or the blind second one; return what follows."""
    entry = _entry(run, actor)
    if entry.stage is not seen or seen not in {Stage.FIRST, Stage.SECOND}:
        raise StageError
    number = Round.FIRST if seen is Stage.FIRST else Round.SECOND
    _keep(run, entry, number, values)
    if seen is Stage.FIRST and run.is_twice:
        entry.stage = Stage.SECOND
    else:
        differing = differing_fields(run, entry) if run.is_twice else set()
        _keep(run, entry, Round.FINAL, {key: values[key] for key in values if key not in differing})
        entry.stage = Stage.DIFFERENCES if differing else Stage.REVIEW
    return _saved(entry)


def differing_fields(run: ExerciseRun, entry: ExerciseEntry) -> set[int]:
    """Return the ids of the fields that were typed differently the second time."""
    first, second = queries.values(entry, Round.FIRST), queries.values(entry, Round.SECOND)
    return {
        field.id
        for field in run.edition.fields
        if first.get(field.id, "") != second.get(field.id, "")
    }


def settle_differences(*, run: ExerciseRun, values: Values, seen: Stage, actor: Person) -> Stage:
    """Keep what is right of the fields that were typed differently."""
    entry = _entry(run, actor)
    if entry.stage is not Stage.DIFFERENCES or seen is not Stage.DIFFERENCES:
        raise StageError
    differing = differing_fields(run, entry)
    _keep(run, entry, Round.FINAL, {key: values.get(key, "") for key in differing})
    entry.stage = Stage.REVIEW
    return _saved(entry)


def correct(*, run: ExerciseRun, values: Values | None, seen: Stage, actor: Person) -> Stage:
    """Go back from reading to write; with `values`, keep what was written and read again."""
    entry = _entry(run, actor)
    if values is None:
        if entry.stage is not Stage.REVIEW or seen is not Stage.REVIEW:
            raise StageError
        entry.stage = Stage.CORRECTING
        return _saved(entry)
    if entry.stage is not Stage.CORRECTING or seen is not Stage.CORRECTING:
        raise StageError
    _keep(run, entry, Round.FINAL, values)
    entry.stage = Stage.REVIEW
    return _saved(entry)


def hand_in(*, run: ExerciseRun, seen: Stage, actor: Person) -> Stage:
    """Hand in what was read back; each field is judged now, and nothing changes any more."""
    entry = _entry(run, actor)
    if entry.stage is not Stage.REVIEW or seen is not Stage.REVIEW:
        raise StageError
    wanted = {field.id: field.answer for field in run.edition.fields}
    for answer in entry.answers:
        if answer.round == Round.FINAL:
            answer.is_right = judging.is_right(answer.value, wanted[answer.field_id])
    entry.stage, entry.handed_in_at = Stage.HANDED_IN, clock.now()
    audit.record("exercise.hand_in", run, actor=actor, event_id=run.event_id)
    return _saved(entry)


def _entry(run: ExerciseRun, actor: Person) -> ExerciseEntry:
    """Return the actor's own entry, its row locked; begun if there is none."""
    if not run.is_open_on(clock.today()):
        raise ConflictError("练习已经结束，不再接受填写。")
    found = queries.find_entry(run, actor, to_change=True)
    if found is not None:
        return found
    entry = ExerciseEntry(
        run_id=run.id, person_id=actor.id, stage=Stage.FIRST, started_at=clock.now(), answers=[]
    )
    try:
        with db.session.begin_nested():
            db.session.add(entry)
            db.session.flush()
    except IntegrityError as error:
        raise StageError from error
    return entry


def _keep(run: ExerciseRun, entry: ExerciseEntry, number: Round, values: Values) -> None:
    """Put these values in place of what the round has of these fields."""
    known = [field.id for field in run.edition.fields if field.id in values]
    db.session.execute(
        delete(ExerciseAnswer).where(
            ExerciseAnswer.entry_id == entry.id,
            ExerciseAnswer.round == number,
            ExerciseAnswer.field_id.in_(known),
        )
    )
    db.session.add_all(
        ExerciseAnswer(entry_id=entry.id, field_id=field_id, round=number, value=values[field_id])
        for field_id in known
    )
    db.session.flush()
    db.session.refresh(entry, ["answers"])


def _saved(entry: ExerciseEntry) -> Stage:
    db.session.flush()
    return entry.stage
