"""Changes to jobs: asking for one, taking it on, and every way in which it ends.

The table is the truth; the queue (`portal.jobs.queue`) is only a bell that wakes a worker. What
is asked for is rung for once the transaction is over, see `portal.jobs.bell`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import brief_write, db, write_transaction
from portal.jobs import hooks, queries
from portal.jobs.models import LONGEST_FAILURE, UNFINISHED_SQL, Job, JobState
from portal.people.models import Person

# Set in the session until its transaction is over.
ASKED = "jobs_asked"
# So long a worker of another machine is believed to be at work without a sign of life.
BELIEVED = timedelta(seconds=90)
DONE_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=90)
CAME_TO_NOTHING = "多次尝试都没有完成，请稍后再试或联系系统管理员。"


@dataclass(frozen=True)
class Taken:
    """A job that a worker has taken on; `attempt` tells this time from every other."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    is_chore: bool
    worker: str
    attempt: int


def ask(
    kind: str,
    *,
    key: str,
    arguments: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
    actor: Person | None = None,
) -> None:
    """Have something done in the background once this transaction is committed.

    While a job of this kind and key waits or runs, asking again changes nothing: the unique
    index decides, not a look before the write.
    """
    now = clock.now()
    _write(
        kind=kind,
        key=key,
        arguments=dict(arguments or {}),
        is_chore=False,
        asked_at=now,
        asked_by_id=actor.id if actor else None,
        not_before=not_before or now,
    )
    db.session().info[ASKED] = True


def ask_many(kind: str, arguments: Mapping[str, Mapping[str, Any]]) -> None:
    """Ask for a job for each key, in one transaction of its own."""
    with write_transaction():
        for key, given in arguments.items():
            ask(kind, key=key, arguments=given)


def plan_chores() -> None:
    """Have a row for each chore that rooms have registered, and for no other."""
    now = clock.now()
    with write_transaction():
        db.session.execute(
            delete(Job).where(Job.is_chore.is_(True), Job.kind.not_in(list(hooks.chores)))
        )
        for name in hooks.chores:
            _write(kind=name, key="", arguments={}, is_chore=True, asked_at=now, not_before=now)


def _write(**values: Any) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = {"state": JobState.WAITING, "attempts": 0, "worker": "", "done": 0, "total": 0}
    written = dialect.insert(Job).values(failure="", **row, **values)
    db.session.execute(
        written.on_conflict_do_nothing(
            index_elements=["kind", "key"], index_where=text(UNFINISHED_SQL)
        )
    )


def take(*, worker: str) -> Taken | None:
    """Take on the most urgent job that is due, chores first; None if there is none."""
    if not queries.has_due(clock.now()):
        db.session.rollback()
        return None
    with write_transaction():
        now = clock.now()
        job = db.session.scalar(
            select(Job)
            .where(queries.is_due(now))
            .order_by(Job.is_chore.desc(), Job.not_before, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is None:
            return None
        job.state, job.worker, job.attempts = JobState.RUNNING, worker, job.attempts + 1
        job.started_at, job.believed_until = now, now + BELIEVED
        job.done = job.total = 0
        return Taken(job.id, job.kind, job.arguments, job.is_chore, worker, job.attempts)


def _mine(taken: Taken) -> ColumnElement[bool]:
    """Return the condition that the job is still this worker's, and this attempt."""
    return (
        (Job.id == taken.id)
        & (Job.state == JobState.RUNNING)
        & (Job.worker == taken.worker)
        & (Job.attempts == taken.attempt)
    )


def keep_alive(taken: Taken) -> None:
    """Say that the worker is still at it; raise OperationalError if the database is busy."""
    with brief_write() as connection:
        connection.execute(
            update(Job).where(_mine(taken)).values(believed_until=clock.now() + BELIEVED)
        )


def note_progress(taken: Taken, done: int, total: int) -> None:
    """Say how far it is; raise OperationalError rather than wait."""
    with brief_write() as connection:
        connection.execute(update(Job).where(_mine(taken)).values(done=done, total=total))


def finish(taken: Taken) -> bool:
    """Note that the job is done; return False if somebody else has taken it over meanwhile.

    A chore waits for its next time.
    """
    now = clock.now()
    if taken.is_chore:
        return _settle(taken, **_waiting(_next_time(taken, now)), failure="", attempts=0)
    return _settle(
        taken, state=JobState.DONE, finished_at=now, failure="", worker="", believed_until=None
    )


def fail(taken: Taken, *, sentence: str = CAME_TO_NOTHING, is_hopeless: bool = False) -> bool:
    """Note that it did not work: it is tried again later, or has failed for good.

    A chore is tried again like anything else, and then waits for its next time.
    """
    now, kind = clock.now(), hooks.kinds.get(taken.kind)
    kind = kind or hooks.Kind(taken.kind, lambda _work: None)
    sentence = sentence[:LONGEST_FAILURE]
    if not is_hopeless and taken.attempt < kind.most_attempts:
        later = now + kind.delay_after(taken.attempt)
        return _settle(taken, **_waiting(later), failure=sentence)
    if taken.is_chore:
        return _settle(taken, **_waiting(_next_time(taken, now)), failure=sentence, attempts=0)
    return _settle(
        taken,
        state=JobState.FAILED,
        finished_at=now,
        failure=sentence,
        worker="",
        believed_until=None,
    )


def _next_time(taken: Taken, now: datetime) -> datetime:
    chore = hooks.chores.get(taken.kind)
    return chore.after(now) if chore else now + timedelta(days=1)


def _waiting(not_before: datetime) -> dict[str, Any]:
    return {
        "state": JobState.WAITING,
        "not_before": not_before,
        "worker": "",
        "believed_until": None,
    }


def _settle(taken: Taken, **values: Any) -> bool:
    with write_transaction():
        done: Any = db.session.execute(
            update(Job).where(_mine(taken)).values(**values),
            execution_options={"synchronize_session": False},
        )
        return bool(done.rowcount)


def put_back(*, worker: str) -> int:
    """Let others do what a worker that stops has not finished; it was no failure."""
    with write_transaction():
        done: Any = db.session.execute(
            update(Job)
            .where(Job.state == JobState.RUNNING, Job.worker == worker)
            .values(**_waiting(clock.now()), attempts=Job.attempts - 1),
            execution_options={"synchronize_session": False},
        )
        return int(done.rowcount)


def take_back(*, dead: Collection[str] = ()) -> int:
    """Give back what was left running by workers that are gone; return how many jobs.

    Those named `dead`, and those of whom nothing was heard for too long. The attempt counts:
    a job that brings its worker down each time fails in the end.
    """
    now = clock.now()
    gone = or_(Job.worker.in_(dead), Job.believed_until <= now)
    lost = select(Job.id).where(Job.state == JobState.RUNNING, gone)
    if db.session.scalar(lost.limit(1)) is None:
        db.session.rollback()
        return 0
    with write_transaction():
        jobs = db.session.scalars(
            select(Job).where(Job.state == JobState.RUNNING, gone).with_for_update(skip_locked=True)
        ).all()
        taken = [
            Taken(one.id, one.kind, one.arguments, one.is_chore, one.worker, one.attempts)
            for one in jobs
        ]
    return sum(_given_back(one) for one in taken)


def _given_back(taken: Taken) -> bool:
    kind = hooks.kinds.get(taken.kind)
    if taken.is_chore or kind is None or taken.attempt < kind.most_attempts:
        return _settle(taken, **_waiting(clock.now()))
    return fail(taken)


def forget_old() -> int:
    """Remove jobs that were done a week ago, and those that failed a quarter ago."""
    now = clock.now()
    over = or_(
        (Job.state == JobState.DONE) & (Job.finished_at < now - DONE_KEPT),
        (Job.state == JobState.FAILED) & (Job.finished_at < now - FAILED_KEPT),
    )
    with write_transaction():
        done: Any = db.session.execute(
            delete(Job).where(over), execution_options={"synchronize_session": False}
        )
        return int(done.rowcount)
