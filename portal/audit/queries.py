"""Questions of the auditor to the chain: newest first, page by page along its numbers."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db

PER_PAGE = 50
VERIFIED = "audit.verified"


@dataclass(frozen=True)
class WantedEntries:
    """What the auditor looks for; None and "" look for everything.

    `actor_ids` are the persons whose name was asked for; `since` and `until` are days of
    China's calendar, both included.
    """

    who: str = ""
    actor_ids: Collection[int] = ()
    action: str = ""
    object_type: str = ""
    object_id: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Entries:
    """One page of entries; `older` is the number before which the next page lies, if any."""

    rows: Sequence[AuditEntry]
    older: int | None


def entries(wanted: WantedEntries, *, before: int | None = None) -> Entries:
    """Return the newest entries that fit, below the number `before`."""
    statement = _fitting(wanted).order_by(AuditEntry.id.desc()).limit(PER_PAGE + 1)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    rows = db.session.scalars(statement).all()
    return Entries(rows[:PER_PAGE], rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None)


def all_entries(wanted: WantedEntries) -> Iterator[AuditEntry]:
    """Yield every entry that fits, oldest first, a thousand in memory at a time."""
    statement = _fitting(wanted).order_by(AuditEntry.id).execution_options(yield_per=1000)
    yield from db.session.scalars(statement)


def last_verified() -> AuditEntry | None:
    """Return the entry of the last time the chain was walked, if it ever was."""
    return db.session.scalar(
        select(AuditEntry)
        .where(AuditEntry.action == VERIFIED)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def _fitting(wanted: WantedEntries) -> Select[AuditEntry]:
    statement = select(AuditEntry)
    if wanted.who == "系统":
        statement = statement.where(AuditEntry.actor_id.is_(None))
    elif wanted.who:
        statement = statement.where(AuditEntry.actor_id.in_(wanted.actor_ids))
    for column, value in (
        (AuditEntry.action, wanted.action),
        (AuditEntry.object_type, wanted.object_type),
        (AuditEntry.object_id, wanted.object_id),
    ):
        if value:
            statement = statement.where(column == value)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until is not None:
        statement = statement.where(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    return statement


def _midnight(day: date) -> datetime:
    return clock.from_local(datetime.combine(day, time()))
