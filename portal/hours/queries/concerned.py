"""Whom a change concerns: of a roll, of a rule; and which rolls have changed since."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from portal import clock
from portal.attendance.models import AttendanceEntry, Roll
from portal.attendance.policies import WITH_ROLL
from portal.database import db
from portal.events.models import Event
from portal.hours.models import CountedRoll, HourEntry, HourRule, Training
from portal.hours.queries.facts import span_of
from portal.leaves.models import MakeUp
from portal.people.models import Membership, Organisation
from portal.people.queries import begins_with

Entry = AttendanceEntry


def people_of_event(event_id: int) -> set[int]:
    """Return whoever came, has made it up, or was credited for it before."""
    came = select(Entry.person_id).where(Entry.event_id == event_id, Entry.has_come)
    made_up = select(MakeUp.person_id).where(MakeUp.event_id == event_id)
    credited = select(HourEntry.person_id).where(HourEntry.event_id == event_id)
    return set(db.session.scalars(came.union(made_up, credited)))


def years_of_event(event: Event) -> list[int]:
    """Return the years that hours for the event may belong to, make-ups and old entries too."""
    first, last = clock.local(event.starts_at).year, clock.local(event.ends_at).year
    years = set(range(first, last + 1))
    made = db.session.scalars(select(MakeUp.made_on).where(MakeUp.event_id == event.id))
    years |= {day.year for day in made}
    years |= set(
        db.session.scalars(select(HourEntry.year).where(HourEntry.event_id == event.id).distinct())
    )
    return sorted(years)


def people_of_rule(rule: HourRule, year: int) -> set[int]:
    """Return whoever may have hours in that year by a rule: below its organisation, since its day.

    The organisation is loaded.
    """
    path = rule.organisation.path
    begins, ends = span_of(year)
    came = (
        select(Entry.person_id)
        .join(Event, Event.id == Entry.event_id)
        .where(
            Entry.has_come,
            begins_with(Entry.unit_path, path),
            Event.starts_at < ends,
            Event.ends_at > begins,
        )
    )
    credited = select(HourEntry.person_id).where(
        HourEntry.year == year, begins_with(HourEntry.unit_path, path)
    )
    below = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(begins_with(Organisation.path, path))
    )
    trained = select(Training.person_id).where(
        Training.person_id.in_(below),
        Training.starts_on <= date(year, 12, 31),
        Training.ends_on >= date(year, 1, 1),
    )
    made_up = select(MakeUp.person_id).where(
        MakeUp.person_id.in_(below),
        MakeUp.made_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return set(db.session.scalars(came.union(credited, trained, made_up)))


def rolls_to_count(now: datetime, *, most: int = 200) -> Sequence[tuple[int, int]]:
    """Return events that are over and whose roll is not as it was counted, with its revision."""
    oldest = now - timedelta(days=400)
    rows = db.session.execute(
        select(Roll.event_id, Roll.revision)
        .join(Event, Event.id == Roll.event_id)
        .outerjoin(CountedRoll, CountedRoll.event_id == Roll.event_id)
        .where(
            Event.state.in_(WITH_ROLL),
            Event.starts_at > oldest,
            Event.ends_at <= now,
            or_(CountedRoll.id.is_(None), CountedRoll.revision != Roll.revision),
        )
        .order_by(Event.starts_at, Roll.event_id)
        .limit(most)
    )
    return [(event_id, revision) for event_id, revision in rows]
