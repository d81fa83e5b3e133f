"""Whom an event calls: everybody of the organisations that are due, and those invited by name."""

from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, or_, select, union
from sqlalchemy.orm import aliased

from portal import clock
from portal.events import hooks
from portal.events.models import Audience, Event, EventDueOrganisation, EventInvitation
from portal.people.models import Membership, Organisation, Person


def called(event: Event) -> Select[Any]:
    """Select the ids of those whom the event calls; nobody where it is open to all.

    Who is exempt from organisation life is not called (条例 art. 23): such a person may come.
    """
    match event.audience:
        case Audience.DUE:
            return due(event.list_id, clock.today())
        case Audience.INVITED:
            return select(EventInvitation.person_id).where(
                EventInvitation.event_id == event.list_id
            )
        case Audience.OPEN:
            return select(Person.id).where(Person.id.is_(None))


def due(event_id: int, day: date) -> Select[Any]:
    """Select the ids of the members, on that day, of what is due, without the exempt."""
    root, own = aliased(Organisation), aliased(Organisation)
    return (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .join(own, own.id == Membership.organisation_id)
        .join(root, func.substr(own.path, 1, func.length(root.path)) == root.path)
        .join(EventDueOrganisation, EventDueOrganisation.organisation_id == root.id)
        .where(
            EventDueOrganisation.event_id == event_id,
            Person.is_exempt.is_(False),
            or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
        )
    )


def concerned(*events: Event) -> CompoundSelect[Any]:
    """Select the ids of all who must hear of a change: the called, and those on lists above."""
    return union(
        *(
            people
            for event in events
            for people in (called(event), *(listed(event) for listed in hooks.concerned))
        )
    )
