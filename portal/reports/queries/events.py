"""The figures of one event: its four denominators (DOMAIN 2.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, or_, select

from portal import clock
from portal.attendance.models import LEAVE, MISSING, AttendanceEntry, AttendanceStatus, Roll
from portal.database import db
from portal.events.models import Event
from portal.events.sessions import queries as sessions
from portal.leaves.models import MakeUp
from portal.people.models import Person
from portal.reports.figures import Figures, Turnout, figures_of
from portal.signups.models import Signup, SignupOrigin, SignupStatus


@dataclass(frozen=True)
class EventFigures:
    """What can be said of one event; `roll` None: nobody has opened it yet."""

    roll: Roll | None
    figures: Figures
    # 应到会（有表决权）: full members of the roster; leave does not make them fewer.
    due_voting: int
    present_voting: int
    exempt_voting: int
    turnout: Turnout


def event_figures(event: Event) -> EventFigures:
    """Return the four denominators of an event, and what is counted over each.

    Of an event that is held in sessions those of all are added up: people are counted once a
    session. Who signed up is counted once, and has come who came to any of them.
    """
    ids = [event.id]
    if event.session_count:
        ids = [one.id for one in sessions.sessions_of(event.id)]
    rolls = db.session.scalars(
        select(Roll).where(Roll.event_id.in_(ids)).order_by(Roll.event_id)
    ).all()
    # Of several that one is looked at that is not confirmed yet.
    roll = next((one for one in rolls if one.confirmed_at is None), rolls[0] if rolls else None)
    full = or_(Person.joined_on.is_(None), Person.joined_on <= _a_year_before(event))
    rows = db.session.execute(
        select(
            AttendanceEntry.status,
            func.count(),
            func.count(MakeUp.id),
            func.count().filter(full),
            func.count().filter(and_(full, AttendanceEntry.has_come)),
        )
        .join(Person, Person.id == AttendanceEntry.person_id)
        .outerjoin(
            MakeUp,
            and_(
                MakeUp.event_id == AttendanceEntry.event_id,
                MakeUp.person_id == AttendanceEntry.person_id,
            ),
        )
        .where(AttendanceEntry.event_id.in_(ids), AttendanceEntry.is_listed)
        .group_by(AttendanceEntry.status)
    ).all()
    counts = {row[0]: row[1] for row in rows}
    return EventFigures(
        roll=roll,
        figures=figures_of(
            counts, made_up=sum(row[2] for row in rows if row[0] in LEAVE | MISSING)
        ),
        due_voting=sum(row[3] for row in rows),
        present_voting=sum(row[4] for row in rows),
        exempt_voting=sum(row[3] for row in rows if row[0] is AttendanceStatus.EXEMPT),
        turnout=_turnout(event, ids),
    )


def _turnout(event: Event, ids: Sequence[int]) -> Turnout:
    in_time = func.coalesce(Signup.confirmed_at, Signup.created_at) < event.starts_at
    came = exists().where(
        AttendanceEntry.event_id.in_(ids),
        AttendanceEntry.person_id == Signup.person_id,
        AttendanceEntry.has_come,
    )
    confirmed, cancelled, arrived = db.session.execute(
        select(
            func.count(),
            func.count().filter(Signup.status == SignupStatus.CANCELLED),
            func.count().filter(and_(Signup.status == SignupStatus.CONFIRMED, came)),
        )
        .select_from(Signup)
        .where(
            Signup.event_id == event.list_id,
            Signup.origin != SignupOrigin.WALK_IN,
            or_(
                and_(Signup.status == SignupStatus.CONFIRMED, in_time),
                and_(
                    Signup.status == SignupStatus.CANCELLED,
                    Signup.confirmed_at.is_not(None),
                    Signup.cancelled_at < event.starts_at,
                ),
            ),
        )
    ).one()
    return Turnout(confirmed=confirmed, cancelled=cancelled, came=arrived)


def _a_year_before(event: Event) -> date:
    """The day up to which whoever joined is a full member: the probation is a year."""
    day = clock.local(event.starts_at).date()
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28)
