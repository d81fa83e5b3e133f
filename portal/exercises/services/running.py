"""Opening an exercise at a giving, closing it, and forgetting what was typed."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError
from portal.events.models import Event
from portal.exercises import queries
from portal.exercises.models import Exercise, ExerciseEntry, ExerciseRun, ExerciseTally
from portal.people.models import Person


def open_run(*, exercise: Exercise, event: Event, actor: Person) -> ExerciseRun:
    """Open the exercise at a giving of its lesson; raise ConflictError.

    It goes by the newest edition. Opened twice it is one run: the database decides.
    """
    delete_expired()
    edition = queries.edition(exercise)
    if not edition.fields:
        raise ConflictError("这份练习还没有要填的项目，请先加上。")
    run = ExerciseRun(
        event_id=event.id,
        exercise_id=exercise.id,
        edition_id=edition.id,
        is_twice=exercise.is_twice,
        opened_by_id=actor.id,
        opened_at=clock.now(),
        delete_on=clock.today() + timedelta(days=exercise.keep_days),
    )
    try:
        with db.session.begin_nested():
            db.session.add(run)
            db.session.flush()
    except IntegrityError as error:
        raise ConflictError("这次活动已经打开了这份练习。") from error
    audit.record("exercise.open", run, actor=actor, title=exercise.title, event_id=event.id)
    return run


def close(*, run: ExerciseRun, actor: Person) -> None:
    """Take no more answers; own results stay until their day."""
    if run.closed_at is not None:
        raise ConflictError("练习已经结束。")
    run.closed_at = clock.now()
    db.session.flush()
    audit.record("exercise.close", run, actor=actor, event_id=run.event_id)


def reopen(*, run: ExerciseRun, actor: Person) -> None:
    """Take answers again, unless they are gone."""
    if run.is_over_on(clock.today()):
        raise ConflictError("保留期已过，练习内容已经删除，不能再打开。")
    if run.closed_at is None:
        raise ConflictError("练习正在进行。")
    run.closed_at = None
    db.session.flush()
    audit.record("exercise.reopen", run, actor=actor, event_id=run.event_id)


def delete_expired() -> int:
    """Delete what was typed wherever its day has come; return of how many givings.

    What is left are numbers by field. Done by the worker every night, and whenever an
    exercise is opened, so that nothing depends on the worker alone.
    """
    runs = queries.to_delete()
    for run in runs:
        _keep_numbers(run)
    ids = [run.id for run in runs]
    db.session.execute(delete(ExerciseEntry).where(ExerciseEntry.run_id.in_(ids)))
    now = clock.now()
    for run in runs:
        run.deleted_at = now
        run.closed_at = run.closed_at or now
    db.session.flush()
    for run in runs:
        audit.record("exercise.forget", run, actor=None, event_id=run.event_id)
    return len(runs)


def _keep_numbers(run: ExerciseRun) -> None:
    db.session.add_all(
        ExerciseTally(run_id=run.id, field_id=field_id, answers=answers, wrong=wrong)
        for field_id, (answers, wrong) in queries.counted(run).items()
    )
