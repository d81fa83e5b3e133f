"""Whom an event admits, and who is expected elsewhere at the same time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    bindparam,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal import clock
from portal.database import db, one_of
from portal.events.details import LONGEST_EVENT
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventState,
)
from portal.people.models import Membership, Organisation
from portal.signups.models import Signup, SignupStatus
from portal.statements import Ready


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
            EventInvitation.event_id == event.list_id, EventInvitation.person_id.in_(person_ids)
        )
        return set(db.session.scalars(wanted))
    asked = {"event_id": event.list_id, "people": list(person_ids), "today": clock.today()}
    return set(db.session.scalars(_DUE, asked))


def _due() -> Select[int]:
    due, own = aliased(Organisation), aliased(Organisation)
    return (
        select(Membership.person_id)
        .join(own, own.id == Membership.organisation_id)
        .join(due, _is_below(own, due))
        .join(EventDueOrganisation, EventDueOrganisation.organisation_id == due.id)
        .where(
            EventDueOrganisation.event_id == bindparam("event_id"),
            Membership.person_id.in_(bindparam("people", expanding=True)),
            *holds_on(bindparam("today", type_=Date)),
        )
    )


def overlapping(event: Event, person_ids: Collection[int]) -> list[Overlap]:
    """Return the other published events at the same time at which these people are expected.

    Expected: with a place, or member of an organisation that is due.
    """
    asked = {"event_id": event.id, "people": list(person_ids), **overlap_asked(event)}
    return [Overlap(*row) for row in _OVERLAPPING.rows(asked)]


def overlap_asked(event: Event) -> dict[str, Any]:
    """Return the parameters of `is_expected_elsewhere`, but for the person."""
    return {
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "too_long_ago": event.starts_at - LONGEST_EVENT,
        "today": clock.today(),
    }


def is_expected_elsewhere() -> ColumnElement[bool]:
    """Return the condition that there is an overlap for the parameter `person_id`."""
    mine: BindParameter[int] = bindparam("person_id", type_=Integer)
    signed_up, expected = _elsewhere(aliased(Event), ())
    return or_(
        signed_up.where(Signup.person_id == mine).correlate(None).exists(),
        expected.where(Membership.person_id == mine).correlate(None).exists(),
    )


def _overlapping() -> Select[Any]:
    other = aliased(Event)
    columns = (other.id, other.title, other.starts_at, other.ends_at)
    signed_up, expected = _elsewhere(other, columns)
    both = union_all(
        signed_up.where(one_of(Signup.person_id, "people")),
        expected.where(one_of(Membership.person_id, "people")),
    ).subquery()
    return select(both).distinct().order_by(both.c.starts_at, both.c.id)


def _elsewhere(
    other: type[Event], columns: tuple[Any, ...]
) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """Select the places of people, and what they are due at, at the same time as an event."""
    due, own = aliased(Organisation), aliased(Organisation)
    at_the_same_time = (
        other.id != bindparam("event_id"),
        # Of what is held in sessions those count, but for the sessions of the same event.
        other.session_count == 0,
        func.coalesce(other.part_of_id, 0) != bindparam("event_id"),
        other.state == EventState.PUBLISHED,
        # No event is longer: the index on its start bounds both sides.
        other.starts_at > bindparam("too_long_ago"),
        other.starts_at < bindparam("ends_at"),
        other.ends_at > bindparam("starts_at"),
    )
    # Nothing here has sessions of its own: it has its own lists, or those of its whole.
    list_id = func.coalesce(other.part_of_id, other.id)
    signed_up = (
        select(Signup.person_id, *columns)
        .join(other, list_id == Signup.event_id)
        .where(Signup.status == SignupStatus.CONFIRMED, *at_the_same_time)
    )
    expected = (
        select(Membership.person_id, *columns)
        .join(own, own.id == Membership.organisation_id)
        .join(due, _is_below(own, due))
        .join(EventDueOrganisation, EventDueOrganisation.organisation_id == due.id)
        .join(other, list_id == EventDueOrganisation.event_id)
        .where(
            other.audience == Audience.DUE,
            *holds_on(bindparam("today", type_=Date)),
            *at_the_same_time,
        )
    )
    return signed_up, expected


def _is_below(own: type[Organisation], root: type[Organisation]) -> ColumnElement[bool]:
    return func.substr(own.path, 1, func.length(root.path)) == root.path


def holds_on(day: date | BindParameter[date]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a membership holds on that day."""
    return (
        or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
        or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
    )


# Asked at every event page and every sign-up: built once.
_DUE = _due()
_OVERLAPPING = Ready(_overlapping())
