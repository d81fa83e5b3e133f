"""Lists and calendars of events, as far as the reader may see them.

What everybody asks for at every visit is a statement that is built once for its shape; words
to find are added to it, because each search is a shape of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy import func as sql
from sqlalchemy.orm import aliased, joinedload

from portal import clock, paging
from portal.database import UTCDateTime, as_stored, choice, db, stored_moment
from portal.events import hooks
from portal.events.details import LONGEST_EVENT
from portal.events.filters import Filters, Span, When, month_of, week_of
from portal.events.models import Event, EventKind, EventPhase, EventState, phase_of
from portal.events.queries import SEARCH_KIND, visible_to, visible_to_reader
from portal.people.models import Organisation, OrganisationKind
from portal.people.narrowing import BROAD, chosen_and_below
from portal.people.readers import Somebody
from portal.search.queries import matches
from portal.statements import Ready, plain_rows

# A month of a busy sub-district has some 400 events (DOMAIN 4.2); more are left to the list.
MOST_ON_A_CALENDAR = 600
# A postponed event that has found no new time for so long is past.
LONGEST_WAIT = timedelta(days=183)
# The rows of some pages of lists, as they read today, are kept.
MOST_ROWS = 4_000
# Branches are found through their community: a filter of a hundred lines helps nobody.
# Departments hold events as well: lists can be narrowed to them, whoever reads.
HOSTS_TO_CHOOSE = (*BROAD, OrganisationKind.UNIT)


@dataclass(frozen=True, eq=False, slots=True)
class ListedEvent:
    """What a list says of an event; the same object for as long as it says the same."""

    id: int
    title: str
    kind: EventKind
    state: EventState
    starts_at: datetime
    ends_at: datetime
    place: str
    capacity: int | None
    signup_opens_at: datetime | None
    signup_closes_at: datetime | None
    host_name: str
    part_of_id: int | None
    session_count: int
    day: date

    def phase(self, moment: datetime) -> EventPhase:
        """Return what the reader is told at that moment."""
        return phase_of(self, moment)


_COLUMNS = (
    Event.id,
    Event.title,
    Event.kind,
    Event.state,
    Event.starts_at,
    Event.ends_at,
    Event.place,
    Event.capacity,
    Event.signup_opens_at,
    Event.signup_closes_at,
    Organisation.short_name,
    Event.part_of_id,
    Event.session_count,
)


@lru_cache(maxsize=MOST_ROWS)
def _read(stored: tuple[Any, ...]) -> ListedEvent:
    """Read a line of `_COLUMNS`: once, however often it is asked for while it stays the same."""
    event_id, title, kind, state, starts_at, ends_at, place, capacity, *more = stored
    *signup, host_name, part_of_id, session_count = more
    opens_at, closes_at = map(stored_moment, signup)
    start, end = stored_moment(starts_at), stored_moment(ends_at)
    assert start is not None  # noqa: S101  these two columns are never empty
    assert end is not None  # noqa: S101
    return ListedEvent(
        id=event_id,
        title=title,
        kind=EventKind(kind),
        state=EventState(state),
        starts_at=start,
        ends_at=end,
        place=place,
        capacity=capacity,
        signup_opens_at=opens_at,
        signup_closes_at=closes_at,
        host_name=host_name,
        part_of_id=part_of_id,
        session_count=session_count,
        day=clock.local(start).date(),
    )


class _Shape(NamedTuple):
    """What of the filters decides how the statement is built, whatever their values."""

    when: When | None
    by_kind: bool
    by_org: bool


def page_of_list(person: Somebody, filters: Filters, number: int) -> "paging.Page[ListedEvent]":
    """Return page `number` of the events that the person may see and asks for.

    What is to come is in order of its start; the past and drafts, the latest first.
    """
    seen = visible_to_reader(person)
    when = None if filters.span is not None else filters.when
    shape = _Shape(when, filters.kind is not None, filters.org is not None)
    ready = _listed(seen.condition, shape)
    wanted: Select[Any] | Ready = ready
    if filters.q:
        wanted = ready.statement.where(matches(Event.id, SEARCH_KIND, filters.q))
    return paging.page_of_rows(
        wanted,
        number,
        lambda row: _read(tuple(row)),
        {**seen.parameters, **_values(filters)},
        plain_rows,
    )


def _values(filters: Filters) -> dict[str, Any]:
    now = clock.now()
    values: dict[str, Any] = {"kind": filters.kind, "org": filters.org, "now": now}
    span = filters.span
    if span is None and filters.when is When.WEEK:
        span = week_of(clock.today())
    if span is None and filters.when is When.MONTH:
        span = month_of(clock.today())
    if span is not None:
        values |= _days(span)
    return values | {"oldest_wait": now - LONGEST_WAIT, "running_since": now - LONGEST_EVENT}


@lru_cache(maxsize=256)
def _listed(visible: ColumnElement[bool], shape: _Shape) -> Ready:
    wanted = (
        select(*map(as_stored, _COLUMNS))
        .join(Organisation, Organisation.id == Event.host_id)
        .where(visible, *_in_time(shape.when))
    )
    if shape.by_kind:
        wanted = wanted.where(Event.kind == bindparam("kind", type_=choice(EventKind)))
    if shape.by_org:
        wanted = wanted.where(Event.host_id.in_(chosen_and_below()))
    latest_first = shape.when in {When.PAST, When.DRAFT}
    order = Event.starts_at.desc() if latest_first else Event.starts_at
    return Ready(paging.paged(wanted.order_by(order, Event.id)))


def _in_time(when: When | None) -> tuple[ColumnElement[bool], ...]:
    now = _moment("now")
    match when:
        case When.UPCOMING:
            waits_or_runs = or_(Event.ends_at >= now, _waits())
            return (Event.starts_at >= _earliest_to_come(), waits_or_runs)
        case When.PAST:
            return (Event.starts_at < now, Event.ends_at < now, ~_waits())
        case When.DRAFT:
            return (Event.state == EventState.DRAFT,)
        case _:
            return _touching()


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UTCDateTime())


def _waits() -> ColumnElement[bool]:
    """One that waits for a new time is still to come, whatever its old date, for half a year."""
    return and_(Event.state == EventState.POSTPONED, Event.starts_at >= _moment("oldest_wait"))


def _earliest_to_come() -> ColumnElement[datetime]:
    """Return the moment before which nothing to come began: the index passes over the years."""
    running = _moment("running_since")
    other = aliased(Event)
    pending = select(sql.min(other.starts_at)).where(
        other.state == EventState.POSTPONED,
        other.starts_at.between(_moment("oldest_wait"), running),
    )
    return sql.coalesce(pending.scalar_subquery(), running)


def _touching() -> tuple[ColumnElement[bool], ...]:
    """An event lasts 31 days at most, so that the index on its start bounds both sides."""
    return (
        Event.starts_at < _moment("last_day_ends"),
        Event.ends_at > _moment("first_day_starts"),
        Event.starts_at > _moment("too_long_ago"),
    )


def _days(span: Span) -> dict[str, datetime]:
    return {
        "last_day_ends": span.ends_at,
        "first_day_starts": span.starts_at,
        "too_long_ago": span.starts_at - LONGEST_EVENT,
    }


def events_within(person: Somebody, span: Span, filters: Filters) -> Sequence[Event]:
    """Return what touches the days of a calendar, in order of start; hosts are loaded.

    Of what is held in sessions, the sessions.
    """
    wanted = select(Event).where(visible_to(person), *_touching(), Event.session_count == 0)
    if filters.q:
        wanted = wanted.where(matches(Event.id, SEARCH_KIND, filters.q))
    if filters.kind is not None:
        wanted = wanted.where(Event.kind == filters.kind)
    if filters.org is not None:
        wanted = wanted.where(Event.host_id.in_(chosen_and_below()))
    ordered = wanted.order_by(Event.starts_at, Event.id).limit(MOST_ON_A_CALENDAR)
    values = {"org": filters.org, **_days(span)}
    return db.session.scalars(ordered.options(joinedload(Event.host)), values).all()


def row_facts(events: Sequence[hooks.Row]) -> dict[int, tuple[str, ...]]:
    """Return for each event the lines that the rooms above add to its row."""
    found = [facts(events) for facts in hooks.row_facts] if events else []
    return {
        event.id: tuple(facts[event.id] for facts in found if event.id in facts) for event in events
    }
