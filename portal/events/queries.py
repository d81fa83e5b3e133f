"""Questions about events."""

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.events import hooks
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventState,
)
from portal.people.models import Membership, Organisation, Person
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees

# What events are called in the search index.
SEARCH_KIND = "event"
_UNKNOWN = "没有找到这次活动，可能已被移走，或者不对您开放。"


def _whole() -> Select[Event]:
    """Select events with all that the event's own page shows."""
    return select(Event).options(
        joinedload(Event.host),
        joinedload(Event.created_by),
        selectinload(Event.due_organisations).joinedload(EventDueOrganisation.organisation),
    )


def event(event_id: int) -> Event:
    """Return one event with host, author and due organisations; raise NotFoundError."""
    return _found(_whole().where(Event.id == event_id))


def event_seen_by(person: Person, event_id: int) -> Event:
    """Return the event if the person may see it; raise NotFoundError else, as if there were none.

    The way in for every page about one event: an event that must not be known is not found.
    """
    return _found(_whole().where(Event.id == event_id, visible_to(person)))


def event_to_change(person: Person, event_id: int) -> Event:
    """Return the event as `event_seen_by` does, its row locked until the transaction ends."""
    return _found(
        _whole().where(Event.id == event_id, visible_to(person)).with_for_update(of=Event)
    )


def _found(wanted: Select[Event]) -> Event:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def is_meant(person: Person, event: Event) -> bool:
    """Return whether the event is meant for the person: see `meant_for`."""
    wanted = select(Event.id).where(Event.id == event.id, meant_for(person))
    return db.session.scalar(wanted) is not None


def visible_to(person: Person) -> ColumnElement[bool]:
    """Return the condition that the person may see an event: `policies.may_see` in SQL."""
    if is_administrator(person):
        return false()
    published = and_(Event.state != EventState.DRAFT, meant_for(person))
    roots = scope(person, HOSTS)
    if not roots:
        return published
    hosted = Event.host_id.in_(select(Organisation.id).where(in_subtrees(roots)))
    return or_(hosted, published)


def meant_for(person: Person) -> ColumnElement[bool]:
    """Return the condition that an event is meant for the person.

    Open to all; a member (on this day) of a due organisation or of one below it; invited by
    name; or already on a list that a room above keeps (`hooks.lists_of`).
    """
    return or_(
        Event.audience == Audience.OPEN,
        and_(Event.audience == Audience.DUE, _is_due(person)),
        and_(Event.audience == Audience.INVITED, _is_invited(person)),
        *(Event.id.in_(event_ids(person)) for event_ids in hooks.lists_of),
    )


def _is_due(person: Person) -> ColumnElement[bool]:
    today = clock.today()
    due, mine = aliased(Organisation), aliased(Organisation)
    return exists(
        select(EventDueOrganisation.id)
        .join(due, due.id == EventDueOrganisation.organisation_id)
        .join(Membership, Membership.person_id == person.id)
        .join(mine, mine.id == Membership.organisation_id)
        .where(
            EventDueOrganisation.event_id == Event.id,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
            func.substr(mine.path, 1, func.length(due.path)) == due.path,
        )
        .correlate(Event)
    )


def _is_invited(person: Person) -> ColumnElement[bool]:
    return exists(
        select(EventInvitation.id)
        .where(EventInvitation.event_id == Event.id, EventInvitation.person_id == person.id)
        .correlate(Event)
    )
