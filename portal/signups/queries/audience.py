"""Whom an event admits, and who is expected elsewhere at the same time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import aliased

from portal import clock
from portal.database import db
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventState,
)
from portal.people.models import Membership, Organisation
from portal.signups.models import Signup, SignupStatus


@dataclass(frozen=True)
class Overlap:
    """Another event at the same time at which the person is expected."""

    person_id: int
    event_id: int
    title: str
    starts_at: datetime
    ends_at: datetime


def admitted(event: Event, person_ids: Collection[int]) -> set[int]:
    """Return whom of these the event is meant for.

    Open: anybody. Due: members, on this day, of a due organisation or of one below it.
    Invited: those named.
    """
    if event.audience is Audience.OPEN:
        return set(person_ids)
    if event.audience is Audience.INVITED:
        wanted = select(EventInvitation.person_id).where(
            EventInvitation.event_id == event.id, EventInvitation.person_id.in_(person_ids)
        )
        return set(db.session.scalars(wanted))
    due, own = aliased(Organisation), aliased(Organisation)
    wanted = (
        select(Membership.person_id)
        .join(own, own.id == Membership.organisation_id)
        .join(due, _is_below(own, due))
        .join(EventDueOrganisation, EventDueOrganisation.organisation_id == due.id)
        .where(
            EventDueOrganisation.event_id == event.id,
            Membership.person_id.in_(person_ids),
            *holds_on(clock.today()),
        )
    )
    return set(db.session.scalars(wanted))


def overlapping(event: Event, person_ids: Collection[int]) -> list[Overlap]:
    """Return the other published events at the same time at which these people are expected.

    Expected: with a place, or member of an organisation that is due.
    """
    due, own = aliased(Organisation), aliased(Organisation)
    at_the_same_time = (
        Event.id != event.id,
        Event.state == EventState.PUBLISHED,
        Event.starts_at < event.ends_at,
        Event.ends_at > event.starts_at,
    )
    columns = (Event.id, Event.title, Event.starts_at, Event.ends_at)
    signed_up = (
        select(Signup.person_id, *columns)
        .join(Event, Event.id == Signup.event_id)
        .where(
            Signup.person_id.in_(person_ids),
            Signup.status == SignupStatus.CONFIRMED,
            *at_the_same_time,
        )
    )
    expected = (
        select(Membership.person_id, *columns)
        .join(own, own.id == Membership.organisation_id)
        .join(due, _is_below(own, due))
        .join(EventDueOrganisation, EventDueOrganisation.organisation_id == due.id)
        .join(Event, Event.id == EventDueOrganisation.event_id)
        .where(
            Membership.person_id.in_(person_ids),
            Event.audience == Audience.DUE,
            *holds_on(clock.today()),
            *at_the_same_time,
        )
    )
    both = union_all(signed_up, expected).subquery()
    rows = db.session.execute(select(both).distinct().order_by(both.c.starts_at, both.c.id))
    return [Overlap(*row) for row in rows]


def _is_below(own: type[Organisation], root: type[Organisation]) -> ColumnElement[bool]:
    return func.substr(own.path, 1, func.length(root.path)) == root.path


def holds_on(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a membership holds on that day."""
    return (
        or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
        or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
    )
