"""What the people of the demo do, each at its moment (`clock.now()` stands there)."""

import random
from collections.abc import Sequence

from sqlalchemy import select

from portal.attendance import services as attendance
from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.attendance.rules import Timing
from portal.database import db
from portal.demo.programme import EventPlan
from portal.demo.world import World
from portal.events import invitation_services, moves, queries, services
from portal.events.details import Details
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import queries as signup_queries
from portal.signups import services as signups

_TIMING = Timing()


def write_event(world: World, plan: EventPlan, *, actor: Person) -> Event:
    """Write the draft, and invite those whom it names."""
    details = Details(
        title=plan.title,
        kind=plan.kind,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        host=world.organisations[plan.host],
        place=plan.place,
        audience=plan.audience,
        due=tuple(world.organisations[code] for code in plan.due),
        capacity=plan.capacity,
        signup_opens_at=plan.signup_opens_at,
        signup_closes_at=plan.signup_closes_at,
        lecturer=plan.lecturer,
        contact=plan.contact,
        summary=plan.summary,
        agenda=plan.timed_agenda,
        note=plan.note,
    )
    event = services.create(details=details, actor=actor)
    if plan.invited:
        ids = {world.persons[key].id for key in plan.invited}
        invited = invitation_services.invite(event=event, person_ids=ids, actor=actor)
        if invited != len(ids):
            raise RuntimeError(f"“{plan.title}” invites people beyond its host's reach")
    return queries.event(event.id)


def publish(event: Event, *, actor: Person) -> None:
    """Post it."""
    moves.publish(event=event, actor=actor)


def call_off(event: Event, reason: str, *, actor: Person) -> None:
    """Call it off for good."""
    moves.cancel(event=event, reason=reason, actor=actor)


def put_off(event: Event, reason: str, *, actor: Person) -> None:
    """Postpone it without a new date."""
    moves.postpone(event=event, reason=reason, actor=actor)


def sign_up(event: Event, person: Person) -> None:
    """Sign up for oneself."""
    signups.sign_up(event=event, person=person, actor=person)


def sign_up_together(event: Event, people: Sequence[Person], *, actor: Person) -> None:
    """Sign up many at once, as a host does from a list on paper."""
    in_order = sorted(people, key=lambda person: (person.stroke_key, person.id))
    for person, outcome in signups.sign_up_many(event=event, people=in_order, actor=actor):
        if outcome not in {signups.Outcome.CONFIRMED, signups.Outcome.WAITLISTED}:
            raise RuntimeError(f"“{event.title}”: {person.name} {outcome.label}")


def withdraw(event: Event, person: Person, reason: str) -> None:
    """Take one's own sign-up back."""
    mine = signup_queries.signup_of(event, person)
    if mine is not None:
        signups.cancel(event=event, signup=mine, actor=person, reason=reason)


def open_roll(event: Event, *, actor: Person) -> None:
    """Open the roll at the door."""
    attendance.open_roll(event=event, actor=actor)


def entries(event: Event) -> Sequence[AttendanceEntry]:
    """Return the roll in the order in which people stand on it."""
    return db.session.scalars(
        select(AttendanceEntry)
        .where(AttendanceEntry.event_id == event.id)
        .order_by(AttendanceEntry.id)
    ).all()


def mark(
    event: Event,
    entry: AttendanceEntry,
    status: AttendanceStatus,
    *,
    actor: Person,
    reason: str = "",
) -> None:
    """Tick one name."""
    attendance.mark(
        event=event,
        person_id=entry.person_id,
        status=status,
        actor=actor,
        timing=_TIMING,
        reason=reason,
    )


def mark_rest(event: Event, *, actor: Person, but: int, chance: random.Random) -> None:
    """Mark everybody present of whom nothing was said, but some."""
    rest = [entry for entry in entries(event) if entry.status is AttendanceStatus.EXPECTED]
    if not rest:
        return
    missing = chance.sample(rest, min(but, len(rest) - 1))
    attendance.mark_rest_present(
        event=event,
        exceptions={entry.person_id for entry in missing},
        up_to=max(entry.id for entry in rest),
        actor=actor,
        timing=_TIMING,
    )


def confirm(event: Event, *, actor: Person) -> None:
    """Confirm the roll."""
    attendance.confirm(event=event, actor=actor)
