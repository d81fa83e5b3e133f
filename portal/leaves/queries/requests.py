"""Which requests there are, whose, and who is asked about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, paging
from portal.attendance.models import AttendanceEntry
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Audience, Event
from portal.leaves.models import LeaveRequest, LeaveState, MakeUp
from portal.people import bound
from portal.people.models import Membership, Organisation, Person
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.signups.models import Signup, SignupStatus
from portal.signups.queries import admitted

_LIVE = (LeaveState.PENDING, LeaveState.GRANTED)
# The requests that wait stand first, the longest waiting on top; then the latest decided.
_BY_NEED = (
    case((LeaveRequest.state == LeaveState.PENDING, 0), else_=1),
    case((LeaveRequest.state == LeaveState.PENDING, LeaveRequest.id), else_=-LeaveRequest.id),
)


@dataclass(frozen=True)
class Standing:
    """Where one person stands with leave from one event."""

    latest: LeaveRequest | None
    entry: AttendanceEntry | None
    made_up: MakeUp | None
    is_expected: bool


def may_concern() -> ColumnElement[bool]:
    """Return the condition on `Event` that leave from it may concern the reader of `people.bound`.

    Who is named on a list of it, for whichever reason; whether the list means the reader is
    asked only then.
    """
    person_id = bound.reader().id
    kept = (
        exists().where(kind.event_id == Event.id, kind.person_id == person_id)
        for kind in (LeaveRequest, MakeUp, AttendanceEntry, Signup)
    )
    return or_(Event.audience != Audience.OPEN, *kept)


def standing(event: Event, person: Somebody) -> Standing:
    """Return the latest request, what was made up, and whether the person is expected at all.

    The roll knows, once it is open; before, the due organisations, the places and the
    invitations do.
    """
    row = db.session.execute(_STANDING, {"event_id": event.id, "person_id": person.id}).one()
    latest, entry, made_up, has_place = row
    if entry is not None:
        return Standing(latest, entry, made_up, is_expected=entry.is_listed)
    is_expected = has_place and event.audience is not Audience.DUE
    if not is_expected and event.audience is not Audience.OPEN:
        is_expected = person.id in admitted(event, [person.id])
    return Standing(latest, None, None, is_expected)


def _standing() -> Select[*tuple[Any, ...]]:
    event_id: BindParameter[int] = bindparam("event_id")
    person_id: BindParameter[int] = bindparam("person_id")
    latest = (
        select(func.max(LeaveRequest.id))
        .where(LeaveRequest.event_id == event_id, LeaveRequest.person_id == person_id)
        .scalar_subquery()
    )
    has_place = (
        select(Signup.id)
        .where(
            Signup.event_id == func.coalesce(Event.part_of_id, Event.id),
            Signup.person_id == person_id,
            Signup.status == SignupStatus.CONFIRMED,
        )
        .exists()
    )
    at = and_(AttendanceEntry.event_id == event_id, AttendanceEntry.person_id == person_id)
    return (
        select(LeaveRequest, AttendanceEntry, MakeUp, has_place)
        .select_from(Event)
        .outerjoin(LeaveRequest, LeaveRequest.id == latest)
        .outerjoin(AttendanceEntry, at)
        .outerjoin(MakeUp, and_(MakeUp.event_id == event_id, MakeUp.person_id == person_id))
        .where(Event.id == event_id)
        .options(
            joinedload(LeaveRequest.decided_by),
            joinedload(LeaveRequest.entered_by),
            joinedload(MakeUp.confirmed_by),
        )
    )


_STANDING = _standing()


def requests_by(person: Somebody) -> Sequence[LeaveRequest]:
    """Return all requests of a person, with their events, in the order in which they were made."""
    return db.session.scalars(
        select(LeaveRequest)
        .where(LeaveRequest.person_id == person.id)
        .order_by(LeaveRequest.id)
        .options(joinedload(LeaveRequest.event))
    ).all()


def live_request(event: Event, person: Somebody) -> LeaveRequest | None:
    """Return the person's request that waits or was granted, its event loaded."""
    return db.session.scalar(
        select(LeaveRequest)
        .where(
            LeaveRequest.event_id == event.id,
            LeaveRequest.person_id == person.id,
            LeaveRequest.state.in_(_LIVE),
        )
        .options(joinedload(LeaveRequest.event), joinedload(LeaveRequest.person))
    )


def request(event_id: int, request_id: int) -> LeaveRequest:
    """Return a request with event, host, person, memberships; raise NotFoundError."""
    found = db.session.scalar(
        select(LeaveRequest)
        .where(LeaveRequest.id == request_id, LeaveRequest.event_id == event_id)
        .options(
            joinedload(LeaveRequest.event).joinedload(Event.host),
            joinedload(LeaveRequest.person)
            .selectinload(Person.memberships)
            .joinedload(Membership.organisation),
        )
    )
    if found is None:
        raise NotFoundError("没有这份请假。")
    return found


def requests_of(event: Event, number: int) -> "paging.Page[LeaveRequest]":
    """Return page `number` of the requests for an event: those that wait first."""
    wanted = (
        select(LeaveRequest)
        .where(LeaveRequest.event_id == event.id)
        .order_by(*_BY_NEED)
        .options(*_WITH_PEOPLE)
    )
    return paging.page_of(wanted, number)


def waiting_for(reader: Somebody, number: int) -> "paging.Page[LeaveRequest]":
    """Return page `number` of the requests that wait and that the reader may decide on.

    Of events that the reader hosts, and of people who belong to the reader's part of the tree.
    """
    return paging.page_of(
        select(LeaveRequest)
        .join(Event, Event.id == LeaveRequest.event_id)
        .where(*_is_asked(reader))
        .order_by(Event.starts_at, LeaveRequest.id)
        .options(*_WITH_PEOPLE),
        number,
    )


def _is_asked(reader: Somebody) -> Sequence[ColumnElement[bool]]:
    today = clock.today()
    part = select(Organisation.id).where(in_subtrees(scope(reader, HOSTS)))
    own_people = select(Membership.person_id).where(
        Membership.organisation_id.in_(part),
        or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
        or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
    )
    return (
        LeaveRequest.state == LeaveState.PENDING,
        LeaveRequest.person_id != reader.id,
        or_(Event.host_id.in_(part), LeaveRequest.person_id.in_(own_people)),
    )


_WITH_PEOPLE = (
    joinedload(LeaveRequest.event).joinedload(Event.host),
    joinedload(LeaveRequest.person),
    joinedload(LeaveRequest.entered_by),
    joinedload(LeaveRequest.decided_by),
    selectinload(LeaveRequest.person, Person.memberships).joinedload(Membership.organisation),
)
