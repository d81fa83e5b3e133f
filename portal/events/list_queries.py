"""Lists and calendars of events, as far as the reader may see them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.database import UTCDateTime, db
from portal.events import hooks
from portal.events.details import LONGEST_EVENT
from portal.events.filters import Filters, Span, When, month_of, week_of
from portal.events.models import Event, EventState
from portal.events.queries import SEARCH_KIND, visible_to
from portal.people.models import Organisation, OrganisationKind, Person
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.search.queries import matches

# A month of a busy sub-district has some 400 events (DOMAIN 4.2); more are left to the list.
MOST_ON_A_CALENDAR = 600
# A postponed event that has found no new time for so long is past.
LONGEST_WAIT = timedelta(days=183)
# Branches are found through their community: a filter of a hundred lines helps nobody.
_BROAD = (OrganisationKind.SUB_DISTRICT, OrganisationKind.COMMUNITY, OrganisationKind.UNIT)


def listed_events(visible: ColumnElement[bool], filters: Filters) -> Select[Event]:
    """Select the events that are `visible` and asked for, hosts loaded.

    What is to come is in order of its start; the past and drafts, the latest first.
    """
    wanted = _narrowed(select(Event).where(visible), filters)
    now = clock.now()
    if filters.span is not None:
        wanted = wanted.where(*_touching(filters.span))
    else:
        match filters.when:
            case When.UPCOMING:
                earliest = _earliest_to_come(now - LONGEST_WAIT)
                wanted = wanted.where(
                    Event.starts_at >= earliest, or_(Event.ends_at >= now, _waits(now))
                )
            case When.PAST:
                wanted = wanted.where(Event.starts_at < now, Event.ends_at < now, ~_waits(now))
            case When.WEEK:
                wanted = wanted.where(*_touching(week_of(clock.today())))
            case When.MONTH:
                wanted = wanted.where(*_touching(month_of(clock.today())))
            case When.DRAFT:
                wanted = wanted.where(Event.state == EventState.DRAFT)
    latest_first = filters.span is None and filters.when in {When.PAST, When.DRAFT}
    order = Event.starts_at.desc() if latest_first else Event.starts_at
    return wanted.order_by(order, Event.id).options(joinedload(Event.host))


def _waits(now: datetime) -> ColumnElement[bool]:
    """One that waits for a new time is still to come, whatever its old date, for half a year."""
    return and_(Event.state == EventState.POSTPONED, Event.starts_at >= now - LONGEST_WAIT)


def _earliest_to_come(oldest: datetime) -> ColumnElement[datetime]:
    """Return the moment before which nothing to come began: the index passes over the years."""
    running = clock.now() - LONGEST_EVENT
    other = aliased(Event)
    pending = select(func.min(other.starts_at)).where(
        other.state == EventState.POSTPONED, other.starts_at.between(oldest, running)
    )
    return func.coalesce(pending.scalar_subquery(), literal(running, UTCDateTime()))


def events_within(person: Person, span: Span, filters: Filters) -> Sequence[Event]:
    """Return what touches the days of a calendar, in order of start; hosts are loaded."""
    wanted = _narrowed(select(Event).where(visible_to(person), *_touching(span)), filters)
    ordered = wanted.order_by(Event.starts_at, Event.id).limit(MOST_ON_A_CALENDAR)
    return db.session.scalars(ordered.options(joinedload(Event.host))).all()


def _touching(span: Span) -> tuple[ColumnElement[bool], ...]:
    """An event lasts 31 days at most, so that the index on its start bounds both sides."""
    return (
        Event.starts_at < span.ends_at,
        Event.ends_at > span.starts_at,
        Event.starts_at > span.starts_at - LONGEST_EVENT,
    )


def _narrowed(wanted: Select[Event], filters: Filters) -> Select[Event]:
    if filters.q:
        wanted = wanted.where(matches(Event.id, SEARCH_KIND, filters.q))
    if filters.kind is not None:
        wanted = wanted.where(Event.kind == filters.kind)
    if filters.org is not None:
        root = select(Organisation.path).where(Organisation.id == filters.org).scalar_subquery()
        below = select(Organisation.id).where(
            Organisation.path >= root, Organisation.path < root.concat("\U0010ffff")
        )
        wanted = wanted.where(Event.host_id.in_(below))
    return wanted


def hosts_to_choose(person: Person) -> Sequence[Organisation]:
    """Return the organisations a list can be narrowed to: the broad ones, and one's own part."""
    today = clock.today()
    roots = scope(person, HOSTS)
    chosen = Organisation.kind.in_(_BROAD)
    wanted = select(Organisation).where(
        or_(chosen, in_subtrees(roots)) if roots else chosen,
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today),
    )
    return db.session.scalars(wanted.order_by(Organisation.path)).all()


def row_facts(events: Sequence[Event]) -> dict[int, list[str]]:
    """Return for each event the lines that the rooms above add to its row."""
    lines: dict[int, list[str]] = {event.id: [] for event in events}
    if events:
        for facts in hooks.row_facts:
            for event_id, line in facts(events).items():
                lines[event_id].append(line)
    return lines
