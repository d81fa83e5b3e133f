"""Lists and calendars of events, as far as the reader may see them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.events import hooks
from portal.events.details import LONGEST_EVENT
from portal.events.filters import Filters, Span, When, month_of, week_of
from portal.events.models import Event, EventState
from portal.events.queries import SEARCH_KIND, visible_to
from portal.people.models import Organisation, OrganisationKind, Person
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.search.queries import matching_ids

# A month of a busy sub-district has some 400 events (DOMAIN 4.2); more are left to the list.
MOST_ON_A_CALENDAR = 600
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
                # One that waits for a new time is still to come, whatever its old date.
                pending = Event.state == EventState.POSTPONED
                wanted = wanted.where(or_(Event.ends_at >= now, pending))
            case When.PAST:
                wanted = wanted.where(Event.ends_at < now, Event.state != EventState.POSTPONED)
            case When.WEEK:
                wanted = wanted.where(*_touching(week_of(clock.today())))
            case When.MONTH:
                wanted = wanted.where(*_touching(month_of(clock.today())))
            case When.DRAFT:
                wanted = wanted.where(Event.state == EventState.DRAFT)
    latest_first = filters.span is None and filters.when in {When.PAST, When.DRAFT}
    order = Event.starts_at.desc() if latest_first else Event.starts_at
    return wanted.order_by(order, Event.id).options(joinedload(Event.host))


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
        wanted = wanted.where(Event.id.in_(matching_ids(SEARCH_KIND, filters.q)))
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
