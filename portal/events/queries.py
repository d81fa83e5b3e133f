"""Questions about events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.events import hooks
from portal.events.agenda_models import AgendaItem
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventState,
)
from portal.people import bound
from portal.people.models import Membership, Organisation, Person
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody, Somewhere
from portal.sites.models import Room, Site
from portal.statements import Ready
from portal.told import Told

# What events are called in the search index.
SEARCH_KIND = "event"
_NOTHING = false()
# What the page of an event reads of it, and of those it is due for.
_SHOWN = Told(
    Event,
    is_first=True,
    host=Told(Organisation),
    created_by=Told(Person, only=("id", "name")),
    site=Told(Site, only=("id", "name", "address")),
    room=Told(Room),
)
# The same to be changed: of whoever is found, all is known.
_WHOLE = Told(
    Event,
    is_first=True,
    host=Told(Organisation),
    created_by=Told(Person),
    site=Told(Site),
    room=Told(Room),
)
_SHOWN_DUE = Told(EventDueOrganisation, is_first=True, organisation=Told(Organisation))
_DUE_UNIT = _SHOWN_DUE.related["organisation"].table
_DUE_ROWS = Ready(
    select(*_SHOWN_DUE.columns)
    .join(_DUE_UNIT, _DUE_UNIT.id == EventDueOrganisation.organisation_id)
    .where(EventDueOrganisation.event_id == bindparam("event_id"))
    .order_by(EventDueOrganisation.id)
)
# The events whose pages are read at the same time.
MOST_TOLD = 2_000
_UNKNOWN = "没有找到这次活动，可能已被移走，或者不对您开放。"


def _alone() -> Select[Event]:
    return select(Event).options(
        joinedload(Event.host),
        joinedload(Event.created_by),
        joinedload(Event.site),
        joinedload(Event.room),
    )


def whole() -> Select[Event]:
    """Select events with all that the event's own page shows."""
    due = selectinload(Event.due_organisations).joinedload(EventDueOrganisation.organisation)
    return _alone().options(due)


def event(event_id: int) -> Event:
    """Return one event with host, author and due organisations; raise NotFoundError."""
    return _found(whole().where(Event.id == event_id))


def event_seen_by(person: Somebody, event_id: int) -> Event:
    """Return the event if the person may see it; raise NotFoundError else, as if there were none.

    The way in for every page about one event: an event that must not be known is not found.
    """
    seen = visible_to_reader(person)
    rows = _seen_event(seen.condition).rows({"event_id": event_id, **seen.parameters})
    if not rows:
        raise NotFoundError(_UNKNOWN)
    found = _WHOLE.attached(tuple(rows[0]))
    # Only an event for due organisations has any: the others need not be asked about.
    is_due = found.audience is Audience.DUE
    due = _DUE_ROWS.rows({"event_id": found.list_id}) if is_due else ()
    units = [_SHOWN_DUE.attached(tuple(row)) for row in due]
    set_committed_value(found, "due_organisations", units)
    return found


class Seen(NamedTuple):
    """An event as its page reads it, told from plain values and never changed (`portal.told`)."""

    event: Event
    has_agenda: bool
    panels: Sequence[hooks.Panel]


def seen_with_panels(person: Somebody, event_id: int, panels: Sequence[hooks.Panel]) -> Seen:
    """Return the event as `event_seen_by` does, and those panels that may have something to say."""
    seen = visible_to_reader(person)
    signed = tuple(panel for panel in panels if panel.sign is not None)
    wanted = _shown_event(seen.condition, signed)
    rows = wanted.rows({"event_id": event_id, **seen.parameters})
    if not rows:
        raise NotFoundError(_UNKNOWN)
    has_agenda, audience, list_id, *signs = rows[0][: 3 + len(signed)]
    silent = {panel for panel, sign in zip(signed, signs, strict=True) if not sign}
    due = _DUE_ROWS.rows({"event_id": list_id}) if audience is Audience.DUE else ()
    stored = tuple(rows[0][3 + len(signed) :])
    return Seen(
        _as_told(stored, tuple(map(tuple, due))),
        has_agenda,
        [panel for panel in panels if panel not in silent],
    )


@lru_cache(maxsize=MOST_TOLD)
def _as_told(stored: tuple[Any, ...], due: tuple[tuple[Any, ...], ...]) -> Event:
    """Read a line of `_SHOWN`, and what it is due for: once, for as long as they say the same."""
    found = _SHOWN.made(stored)
    set_committed_value(found, "due_organisations", [_SHOWN_DUE.read(row) for row in due])
    return found


@dataclass(frozen=True)
class Visible:
    """`visible_to` as a condition that is built once, and the parameters that go with it."""

    condition: ColumnElement[bool]
    parameters: dict[str, Any]


def visible_to_reader(person: Somebody) -> Visible:
    """Return the condition of `visible_to` for what is asked at every page."""
    if is_administrator(person):
        return Visible(_NOTHING, {})
    roots = scope(person, HOSTS)
    return Visible(
        _visible_to_reader(len(roots), tuple(hooks.lists_of)),
        {
            "today": clock.today(),
            **bound.values(person, roots),
        },
    )


@lru_cache(maxsize=64)
def _visible_to_reader(duties: int, _lists: tuple[hooks.ListsOf, ...]) -> ColumnElement[bool]:
    """Build the condition once for all readers with so many duties."""
    return _visible(bound.reader(), bound.roots(duties), bindparam("today", type_=Date))


@lru_cache(maxsize=64)
def _seen_event(visible: ColumnElement[bool]) -> Ready:
    return Ready(_one_seen(select(*_WHOLE.columns), _WHOLE, visible))


@lru_cache(maxsize=64)
def _shown_event(visible: ColumnElement[bool], panels: tuple[hooks.Panel, ...]) -> Ready:
    """Select whether it has an agenda, for whom it is, the signs of the panels, and `_SHOWN`."""
    agenda = exists().where(AgendaItem.event_id == Event.id)
    wanted = (
        select(agenda, Event.audience, _list_id())
        .add_columns(*(panel.sign for panel in panels if panel.sign is not None))
        .add_columns(*_SHOWN.columns)
    )
    return Ready(_one_seen(wanted, _SHOWN, visible))


def _one_seen(
    wanted: Select[*tuple[Any, ...]], told: Told[Event], visible: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """Join what is told of the event, and select the one that is asked for, if it is visible."""
    host, author, site, room = (one.table for one in told.related.values())
    return (
        wanted.join(host, host.id == Event.host_id)
        .join(author, author.id == Event.created_by_id)
        .outerjoin(site, site.id == Event.site_id)
        .outerjoin(room, room.id == Event.room_id)
        .where(Event.id == bindparam("event_id"), visible)
    )


def event_to_change(person: Somebody, event_id: int) -> Event:
    """Return the event as `event_seen_by` does, its row locked until the transaction ends."""
    return _found(whole().where(Event.id == event_id, visible_to(person)).with_for_update(of=Event))


def _found(wanted: Select[Event]) -> Event:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def is_meant(person: Somebody, event: Event) -> bool:
    """Return whether the event is meant for the person: see `meant_for`."""
    wanted = select(Event.id).where(Event.id == event.id, meant_for(person))
    return db.session.scalar(wanted) is not None


def visible_to(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person may see an event: `policies.may_see` in SQL."""
    if is_administrator(person):
        return false()
    return _visible(person, scope(person, HOSTS), clock.today())


def _visible(
    person: Somebody, roots: Sequence[Somewhere], today: date | BindParameter[date]
) -> ColumnElement[bool]:
    published = and_(Event.state != EventState.DRAFT, _meant_for(person, today))
    if not roots:
        return published
    hosted = Event.host_id.in_(select(Organisation.id).where(in_subtrees(roots)))
    return or_(hosted, published)


def meant_for(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that an event is meant for the person.

    Open to all; a member (on this day) of a due organisation or of one below it; invited by
    name; or already on a list that a room above keeps (`hooks.lists_of`).
    """
    return _meant_for(person, clock.today())


def _meant_for(person: Somebody, today: date | BindParameter[date]) -> ColumnElement[bool]:
    return or_(
        Event.audience == Audience.OPEN,
        and_(Event.audience == Audience.DUE, _is_due(person, today)),
        and_(Event.audience == Audience.INVITED, _is_invited(person)),
        *(Event.id.in_(event_ids(person)) for event_ids in hooks.lists_of),
        *(Event.part_of_id.in_(event_ids(person)) for event_ids in hooks.lists_of),
    )


def _list_id() -> ColumnElement[int]:
    """Whoever is meant for the whole is meant for its sessions: see `Event.list_id`."""
    return func.coalesce(Event.part_of_id, Event.id)


def _is_due(person: Somebody, today: date | BindParameter[date]) -> ColumnElement[bool]:
    due, mine = aliased(Organisation), aliased(Organisation)
    return exists(
        select(EventDueOrganisation.id)
        .join(due, due.id == EventDueOrganisation.organisation_id)
        .join(Membership, Membership.person_id == person.id)
        .join(mine, mine.id == Membership.organisation_id)
        .where(
            EventDueOrganisation.event_id == _list_id(),
            or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
            func.substr(mine.path, 1, func.length(due.path)) == due.path,
        )
        .correlate(Event)
    )


def _is_invited(person: Somebody) -> ColumnElement[bool]:
    return exists(
        select(EventInvitation.id)
        .where(EventInvitation.event_id == _list_id(), EventInvitation.person_id == person.id)
        .correlate(Event)
    )
