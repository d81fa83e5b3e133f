"""What the people of the demo do, each at its moment (`clock.now()` stands there)."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.attendance.models import (
    PRESENT,
    AttendanceEntry,
    AttendanceMark,
    AttendanceStatus,
    Method,
    Roll,
)
from portal.audit import services as audit
from portal.database import db
from portal.demo.programme import EventPlan
from portal.demo.world import World
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventState,
)
from portal.people.models import Person, PersonKind
from portal.signups import services as signups
from portal.signups.models import Signup, SignupStatus
from portal.signups.queries import standing


def write_event(world: World, plan: EventPlan, *, actor: Person) -> Event:
    now = clock.now()
    event = Event(
        title=plan.title,
        kind=plan.kind,
        state=EventState.DRAFT,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        host_id=world.organisations[plan.host].id,
        audience=plan.audience,
        capacity=plan.capacity,
        signup_opens_at=plan.signup_opens_at,
        signup_closes_at=plan.signup_closes_at,
        lecturer=plan.lecturer,
        contact=plan.contact,
        summary=plan.summary,
        agenda=plan.agenda,
        note=plan.note,
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
    )
    event.due_organisations = [
        EventDueOrganisation(organisation_id=world.organisations[code].id) for code in plan.due
    ]
    db.session.add(event)
    db.session.flush()
    for key in plan.invited:
        db.session.add(
            EventInvitation(
                event_id=event.id,
                person_id=world.persons[key].id,
                invited_by_id=actor.id,
                invited_at=now,
            )
        )
    audit.record("event.created", event, actor=actor, title=event.title)
    return event


def publish(event: Event, *, actor: Person) -> None:
    event.state = EventState.PUBLISHED
    event.published_at = clock.now()
    audit.record("event.published", event, actor=actor)


def move(event: Event, state: EventState, reason: str, *, actor: Person) -> None:
    event.state, event.state_reason = state, reason
    audit.record(f"event.{state.value}", event, actor=actor, reason=reason)


def sign_up(event: Event, person: Person) -> None:
    signups.sign_up(event=event, person=person, actor=person)


def withdraw(event: Event, person: Person, reason: str) -> None:
    mine = standing(event, person).mine
    if mine is not None:
        signups.cancel(event=event, signup=mine, actor=person, reason=reason)


def open_roll(world: World, event: Event, plan: EventPlan) -> None:
    now = clock.now()
    db.session.add(
        Roll(
            event_id=event.id,
            opened_at=now,
            frozen_at=event.starts_at,
            code_secret=secrets.token_hex(16),
            drawn_at=now,
        )
    )
    if event.audience is Audience.DUE:
        persons: Sequence[Person] = [p for code in plan.due for p in world.below(code)]
    else:
        persons = db.session.scalars(
            select(Person)
            .join(Signup, Signup.person_id == Person.id)
            .where(Signup.event_id == event.id, Signup.status == SignupStatus.CONFIRMED)
        ).all()
    units = {
        person.id: organisation
        for branch, members in world.members.items()
        for person in members
        for organisation in [world.organisations[branch]]
    }
    for person in persons:
        unit = units.get(person.id)
        exempt = person.is_exempt and event.audience is Audience.DUE
        db.session.add(
            AttendanceEntry(
                event_id=event.id,
                person_id=person.id,
                name=person.name,
                unit_name=unit.short_name if unit else person.work_unit,
                unit_path=unit.path if unit else "",
                stroke_key=person.stroke_key,
                phone_tail=person.phone[-4:],
                status=AttendanceStatus.EXEMPT if exempt else AttendanceStatus.EXPECTED,
                is_listed=person.kind is PersonKind.MEMBER,
            )
        )
    db.session.flush()


def entries(event: Event) -> Sequence[AttendanceEntry]:
    return db.session.scalars(
        select(AttendanceEntry)
        .where(AttendanceEntry.event_id == event.id)
        .order_by(AttendanceEntry.id)
    ).all()


def mark(
    entry: AttendanceEntry,
    status: AttendanceStatus,
    *,
    actor: Person,
    method: Method = Method.TICK,
    reason: str = "",
) -> None:
    now = clock.now()
    arrived_at = now if status in PRESENT else None
    db.session.add(
        AttendanceMark(
            event_id=entry.event_id,
            entry_id=entry.id,
            from_status=entry.status,
            to_status=status,
            method=method,
            is_correction=bool(reason),
            reason=reason,
            marked_by_id=actor.id,
            at=now,
        )
    )
    entry.status, entry.arrived_at, entry.method = status, arrived_at, method
    entry.marked_by_id, entry.marked_at = actor.id, now


def confirm(event: Event, *, actor: Person) -> None:
    roll = db.session.scalars(select(Roll).where(Roll.event_id == event.id)).one()
    for entry in entries(event):
        if entry.status is AttendanceStatus.EXPECTED:
            mark(entry, AttendanceStatus.ABSENT, actor=actor, method=Method.CONFIRMATION)
    roll.confirmed_at, roll.confirmed_by_id = clock.now(), actor.id
    event.state = EventState.RECORDED
    audit.record("roll.confirmed", event, actor=actor)
