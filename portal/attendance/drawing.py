"""Drawing the list of a roll: who is due, who else is expected, at a given moment.

Due list (DOMAIN 2.4): of an event for organisations, the members whose primary branch lies
in one of them on that day, the exempt among them marked as such; of an open event, those
with a confirmed sign-up; of an event by invitation, the invited as well. Whoever else signed
up for, or was invited to, an event for organisations is expected as invited or guest.
A session draws all that from the whole that it is part of (`Event.list_id`); who comes to it
without being on those lists is registered with the session alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from portal import clock
from portal.attendance.models import AttendanceStatus
from portal.database import db
from portal.events.models import Audience, Event, EventDueOrganisation, EventInvitation
from portal.people.models import Membership, MembershipKind, Organisation, Person, PersonKind
from portal.people.queries import in_subtrees
from portal.signups import queries as signups
from portal.signups.models import Signup, SignupOrigin, SignupStatus

_LONGEST_UNIT = 80
# Those without a branch come last.
_LAST_PATH = "~"


@dataclass(frozen=True)
class Expected:
    """Somebody who belongs on the roll, with the name and the unit of that day."""

    person_id: int
    name: str
    unit_name: str
    unit_path: str
    stroke_key: str
    phone_tail: str
    kind: PersonKind
    is_exempt: bool

    def columns(self, status: AttendanceStatus, *, is_listed: bool) -> dict[str, Any]:
        """Return the entry's columns for somebody who has not been seen yet."""
        return {
            "person_id": self.person_id,
            "name": self.name,
            "unit_name": self.unit_name,
            "unit_path": self.unit_path,
            "stroke_key": self.stroke_key,
            "phone_tail": self.phone_tail,
            "status": status,
            "is_listed": is_listed,
        }


def due_list(event: Event, moment: datetime) -> dict[int, dict[str, Any]]:
    """Return the entries the roll should have, by person, as things stood at that moment."""
    day = clock.local(event.starts_at).date()
    signed_up = _people(day, Person.id.in_(_signed_up(event, moment)))
    invited = _people(day, Person.id.in_(_invited(event, moment)))
    if event.audience is Audience.DUE:
        others = {**invited, **signed_up}
        drawn = {who: _outside(event, person) for who, person in others.items()}
        members = _people(day, in_subtrees(_due_organisations(event)))
        return drawn | {who: _member(person) for who, person in members.items()}
    listed = signed_up if event.audience is Audience.OPEN else {**invited, **signed_up}
    drawn = {who: _outside(event, person) for who, person in invited.items()}
    drawn |= {
        who: person.columns(AttendanceStatus.EXPECTED, is_listed=True)
        for who, person in listed.items()
    }
    if event.audience is Audience.INVITED:
        _let_stand_in(drawn, event, moment)
    return drawn


def _let_stand_in(drawn: dict[int, dict[str, Any]], event: Event, moment: datetime) -> None:
    """Whoever sent somebody else is not due; the one who was sent says for whom (替会)."""
    for invited_id, (person_id, name, post) in signups.stood_in_for_at(event.id, moment).items():
        if invited_id in drawn:
            drawn[invited_id]["status"] = AttendanceStatus.EXEMPT
        if person_id in drawn:
            columns = drawn[person_id]
            unit = " ".join(filter(None, (columns["unit_name"], post)))
            stands_for = f"（替{name}）"
            columns["unit_name"] = unit[: _LONGEST_UNIT - len(stands_for)] + stands_for


def walk_ins(event: Event, moment: datetime) -> dict[int, dict[str, Any]]:
    """Return the entries of those whose place was confirmed after that moment, or at the door."""
    late = and_(
        Signup.event_id == event.id,
        Signup.status == SignupStatus.CONFIRMED,
        or_(Signup.origin == SignupOrigin.WALK_IN, _confirmed_at() > moment),
    )
    day = clock.local(event.starts_at).date()
    people = _people(day, Person.id.in_(select(Signup.person_id).where(late)))
    return {who: _outside(event, person) for who, person in people.items()}


def at_the_door(
    event: Event, people: Collection[int], *, listed: Collection[int] = ()
) -> dict[int, dict[str, Any]]:
    """Return the entries, by person, of those who stand at the door without being on the list.

    The `listed` among them had waited for a place and got it before the start.
    """
    day = clock.local(event.starts_at).date()
    return {
        who: person.columns(AttendanceStatus.EXPECTED, is_listed=True)
        if who in listed
        else _outside(event, person)
        for who, person in _people(day, Person.id.in_(people)).items()
    }


def withdrawn_walk_ins(event: Event) -> set[int]:
    """Return the persons whose registration at the door was taken back as a mistake."""
    live = select(Signup.person_id).where(
        Signup.event_id == event.id, Signup.status == SignupStatus.CONFIRMED
    )
    return set(
        db.session.scalars(
            select(Signup.person_id).where(
                Signup.event_id == event.id,
                Signup.origin == SignupOrigin.WALK_IN,
                Signup.status == SignupStatus.CANCELLED,
                Signup.person_id.not_in(live),
            )
        )
    )


def _member(person: Expected) -> dict[str, Any]:
    status = AttendanceStatus.EXEMPT if person.is_exempt else AttendanceStatus.EXPECTED
    return person.columns(status, is_listed=True)


def _outside(event: Event, person: Expected) -> dict[str, Any]:
    """Members of other organisations sit in (列席); all others are guests (来宾)."""
    sits_in = event.audience is Audience.DUE and person.kind is PersonKind.MEMBER
    status = AttendanceStatus.INVITED if sits_in else AttendanceStatus.GUEST
    return person.columns(status, is_listed=False)


def _signed_up(event: Event, moment: datetime) -> Select[int]:
    """Select those who had a confirmed place at that moment; at the door is not in time."""
    had_a_place = or_(
        Signup.status == SignupStatus.CONFIRMED,
        and_(Signup.status == SignupStatus.CANCELLED, Signup.cancelled_at > moment),
    )
    return select(Signup.person_id).where(
        Signup.event_id == event.list_id,
        Signup.origin != SignupOrigin.WALK_IN,
        _confirmed_at() <= moment,
        had_a_place,
        # A cancelled one counts only if it had ever been confirmed.
        or_(Signup.status == SignupStatus.CONFIRMED, Signup.confirmed_at.is_not(None)),
    )


def _confirmed_at() -> Any:
    return func.coalesce(Signup.confirmed_at, Signup.created_at)


def _invited(event: Event, moment: datetime) -> Select[int]:
    return select(EventInvitation.person_id).where(
        EventInvitation.event_id == event.list_id, EventInvitation.invited_at <= moment
    )


def _due_organisations(event: Event) -> Sequence[Organisation]:
    return db.session.scalars(
        select(Organisation)
        .join(EventDueOrganisation, EventDueOrganisation.organisation_id == Organisation.id)
        .where(EventDueOrganisation.event_id == event.list_id)
    ).all()


def _people(day: date, condition: Any) -> dict[int, Expected]:
    """Return persons with their primary branch of that day, by id, in one question."""
    held = and_(
        Membership.person_id == Person.id,
        Membership.kind == MembershipKind.PRIMARY,
        or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
        or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
    )
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            func.coalesce(Organisation.short_name, Person.work_unit),
            func.coalesce(Organisation.path, _LAST_PATH),
            Person.stroke_key,
            Person.phone,
            Person.kind,
            Person.is_exempt,
        )
        .outerjoin(Membership, held)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(condition)
        # Of two branches on the day of a transfer the newer one counts.
        .order_by(Person.id, Membership.id)
    )
    return {
        row[0]: Expected(*row[:5], phone_tail=row[5][-4:], kind=row[6], is_exempt=row[7])
        for row in rows
    }
