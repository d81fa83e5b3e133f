"""Questions about jobs: where one stands, what is due, whether anybody is at work."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select

from portal.database import db
from portal.jobs.models import UNFINISHED, Job, JobState

# A portal whose work waits longer than this has no worker.
LONGEST_WAIT = timedelta(minutes=15)


def latest(kind: str, key: str) -> Job | None:
    """Return the last job of that kind and key, unfinished or not."""
    return db.session.scalar(
        select(Job).where(Job.kind == kind, Job.key == key).order_by(Job.id.desc()).limit(1)
    )


def keys_of(kind: str, failures: Collection[str] = ()) -> set[str]:
    """Return the keys of jobs of a kind that are unfinished or failed, but not with those words."""
    wanted = select(Job.key).where(
        Job.kind == kind,
        Job.state.in_([*UNFINISHED, JobState.FAILED]),
        Job.failure.not_in(failures),
    )
    return set(db.session.scalars(wanted))


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a job waits and its time has come."""
    return (Job.state == JobState.WAITING) & (Job.not_before <= now)


def has_due(now: datetime) -> bool:
    """Return whether there is anything to do."""
    return bool(db.session.scalar(select(exists().where(is_due(now)))))


def running_with() -> set[str]:
    """Return the names of the workers that are said to be at something."""
    return set(db.session.scalars(select(Job.worker).where(Job.state == JobState.RUNNING)))


def count_forsaken(now: datetime) -> int:
    """Return how many jobs wait for too long while nobody works; 0 while somebody does."""
    at_work = exists().where(Job.state == JobState.RUNNING, Job.believed_until > now)
    waiting = select(func.count()).where(is_due(now - LONGEST_WAIT), ~at_work)
    return db.session.scalar(waiting) or 0
