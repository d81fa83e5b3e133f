"""Who asks for leave in the demo, and who makes a missed lesson up."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.attendance.models import LEAVE, AttendanceEntry, AttendanceStatus, Roll
from portal.attendance.rules import Timing
from portal.database import db
from portal.demo.world import World
from portal.events import queries as events
from portal.events.models import Audience, Event, EventState
from portal.leaves import services
from portal.leaves.models import LeaveKind, LeaveRequest, MakeUpMethod
from portal.leaves.services import Details
from portal.people.models import Membership, Person

_BRANCH = "ZHL-01-01"
_MISSED = (*sorted(LEAVE), AttendanceStatus.ABSENT)
_ASKED = (
    (LeaveKind.SICK, "约好了上午复查"),
    (LeaveKind.PUBLIC, "单位安排值班"),
    (LeaveKind.PERSONAL, "家里老人需要照看"),
)


def ask_for_leave(world: World, now: datetime) -> None:
    """Ask for leave from the branch's next meeting, and make up for the last one missed."""
    host = world.host_of(_BRANCH)
    of_the_branch = Event.host_id == world.organisations[_BRANCH].id
    coming = db.session.scalars(
        select(Event)
        .where(
            of_the_branch,
            Event.state == EventState.PUBLISHED,
            Event.audience == Audience.DUE,
            Event.starts_at > now,
        )
        .order_by(Event.starts_at)
        .limit(1)
    ).first()
    if coming is not None:
        _ask(events.event(coming.id), host, world, now)
    missed = db.session.scalars(
        select(Event)
        .join(Roll, Roll.event_id == Event.id)
        .join(AttendanceEntry, AttendanceEntry.event_id == Event.id)
        .where(
            of_the_branch,
            Roll.confirmed_at.is_not(None),
            AttendanceEntry.status.in_(_MISSED),
        )
        .group_by(Event.id)
        .having(func.count() > 1)
        .order_by(Event.starts_at.desc())
        .limit(1)
    ).first()
    if missed is not None:
        _make_up(events.event(missed.id), host, now)


def _ask(event: Event, host: Person, world: World, now: datetime) -> None:
    members = [
        person for person in world.members[_BRANCH] if not person.is_exempt and person != host
    ]
    chosen = members[-len(_ASKED) :]
    with clock.stopped_at(now - timedelta(hours=3)):
        for person, (kind, reason) in zip(chosen, _ASKED, strict=False):
            services.ask(event=event, person=person, kind=kind, reason=reason)
    with clock.stopped_at(now - timedelta(hours=1)):
        first = db.session.scalars(
            select(LeaveRequest)
            .where(LeaveRequest.event_id == event.id)
            .order_by(LeaveRequest.id)
            .options(
                selectinload(LeaveRequest.person)
                .selectinload(Person.memberships)
                .joinedload(Membership.organisation)
            )
        ).first()
        if first is not None:
            services.grant(request=first, proof_seen=True, actor=host, timing=Timing())


def _make_up(event: Event, host: Person, now: datetime) -> None:
    """One of those who missed it has heard it since; the others still may."""
    person_id = db.session.scalar(
        select(AttendanceEntry.person_id)
        .where(
            AttendanceEntry.event_id == event.id,
            AttendanceEntry.status.in_(_MISSED),
        )
        .order_by(AttendanceEntry.stroke_key)
        .limit(1)
    )
    if person_id is None:
        return
    services.record(
        event=event,
        person_ids=[person_id],
        details=Details(
            method=MakeUpMethod.DELIVERED,
            made_on=clock.local(now).date(),
            provider="支部委员送学",
            credit_halves=2,
            proof="学习笔记已看过",
        ),
        actor=host,
    )
