"""Lists of records, as far as the reader keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal import clock, paging
from portal.database import db
from portal.events.models import Event, EventState
from portal.people.models import Organisation
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.records.models import MeetingRecord, RecordKind, RecordState

# A record may be laid out before the gathering begins.
_SOON = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """What a list of records is narrowed to; everything stands in the address."""

    kind: RecordKind | None = None
    state: RecordState | None = None
    year: int | None = None
    org: int | None = None
    q: str = ""


class ListedRecord(NamedTuple):
    """What a list says of a record."""

    id: int
    event_id: int
    title: str
    kind: RecordKind
    state: RecordState
    starts_at: datetime
    ends_at: datetime
    is_late: bool
    statements: int
    host_confirmed_at: datetime | None
    recorder_confirmed_at: datetime | None
    organisation: str


_COLUMNS = (
    MeetingRecord.id,
    MeetingRecord.event_id,
    MeetingRecord.title,
    MeetingRecord.kind,
    MeetingRecord.state,
    MeetingRecord.starts_at,
    MeetingRecord.ends_at,
    MeetingRecord.is_late,
    MeetingRecord.statements,
    MeetingRecord.host_confirmed_at,
    MeetingRecord.recorder_confirmed_at,
    Organisation.short_name,
)


def page_of_records(
    person: Somebody,
    filters: Filters,
    number: int,
    *,
    since: datetime | None,
    until: datetime | None,
) -> "paging.Page[ListedRecord]":
    """Return page `number` of the records that the person keeps, the latest gathering first."""
    wanted = _kept_by(person)
    if filters.kind is not None:
        wanted = wanted.where(MeetingRecord.kind == filters.kind)
    if filters.state is not None:
        wanted = wanted.where(MeetingRecord.state == filters.state)
    if since is not None and until is not None:
        wanted = wanted.where(MeetingRecord.starts_at >= since, MeetingRecord.starts_at < until)
    if filters.org is not None:
        below = aliased(Organisation)
        at = select(Organisation.path).where(Organisation.id == filters.org).scalar_subquery()
        wanted = wanted.where(
            MeetingRecord.organisation_id.in_(select(below.id).where(below.path.startswith(at)))
        )
    if filters.q:
        wanted = wanted.where(MeetingRecord.title.contains(filters.q, autoescape=True))
    wanted = wanted.order_by(MeetingRecord.starts_at.desc(), MeetingRecord.id.desc())
    return paging.page_of_rows(paging.paged(wanted), number, ListedRecord._make, {})


def _kept_by(person: Somebody) -> Select[*tuple[Any, ...]]:
    wanted: Select[*tuple[Any, ...]] = select(*_COLUMNS).join(
        Organisation, Organisation.id == MeetingRecord.organisation_id
    )
    roots = [] if is_administrator(person) else scope(person, HOSTS)
    return wanted.where(in_subtrees(roots))


def records_of(event_id: int) -> Sequence[MeetingRecord]:
    """Return the records of one gathering, in the order in which they were begun."""
    return db.session.scalars(_records_of(), {"event_id": event_id}).all()


@lru_cache(maxsize=1)
def _records_of() -> Select[MeetingRecord]:
    return (
        select(MeetingRecord)
        .where(MeetingRecord.event_id == bindparam("event_id"))
        .options(joinedload(MeetingRecord.organisation))
        .order_by(MeetingRecord.id)
    )


def events_to_record(person: Somebody, *, limit: int = 30) -> Sequence[Event]:
    """Return the latest gatherings that the person hosts, begun or about to, without a record."""
    roots = [] if is_administrator(person) else scope(person, HOSTS)
    with_record = select(MeetingRecord.id).where(MeetingRecord.event_id == Event.id)
    return db.session.scalars(
        select(Event)
        .join(Organisation, Organisation.id == Event.host_id)
        .where(
            in_subtrees(roots),
            Event.state.in_((EventState.PUBLISHED, EventState.ENDED, EventState.RECORDED)),
            Event.starts_at < clock.now() + _SOON,
            Event.session_count == 0,
            ~with_record.exists(),
        )
        .options(contains_eager(Event.host))
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(limit)
    ).all()
