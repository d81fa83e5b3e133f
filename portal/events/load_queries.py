"""The meeting load: how often the units that an event calls are called already.

A warning, never a refusal (PEERS 3.8): whoever publishes knows why. Two statements, however
many units and meetings there are.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.database import db
from portal.events.details import LONGEST_EVENT
from portal.events.filters import week_of
from portal.events.models import Audience, Event, EventDueOrganisation, EventState
from portal.people.models import Organisation

_CALLS = (EventState.PUBLISHED, EventState.ENDED, EventState.RECORDED)


class Meeting(NamedTuple):
    """Another event to which a unit is called that week."""

    event_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    is_at_the_same_time: bool


@dataclass
class Load:
    """What one unit is called to in the week, besides the event that is asked about."""

    unit: str
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def clashes(self) -> bool:
        """Whether something is at the same hour."""
        return any(meeting.is_at_the_same_time for meeting in self.meetings)


def load(
    *,
    unit_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
    cap: int,
    besides: int | None = None,
) -> list[Load]:
    """Return the units that are called `cap` times or more in that week, or at the same hour.

    A unit is called by an event for itself, for one above it, or for one below it. `besides`
    is the event that is asked about.
    """
    if not unit_ids:
        return []
    found: dict[int, Load] = defaultdict(lambda: Load(""))
    rows = _rows(unit_ids, starts_at, ends_at, besides)
    for unit_id, name, event_id, title, began, ended in rows:
        same_hour = began < ends_at and ended > starts_at
        found[unit_id].unit = name
        found[unit_id].meetings.append(Meeting(event_id, title, began, ended, same_hour))
    heavy = [one for one in found.values() if 0 < cap <= len(one.meetings) or one.clashes]
    return sorted(heavy, key=lambda one: (not one.clashes, -len(one.meetings), one.unit))


def of_event(event: Event, *, cap: int) -> list[Load]:
    """Return the load of the units that this event calls."""
    if event.audience is not Audience.DUE or event.starts_at <= clock.now():
        return []
    return load(
        unit_ids=[row.organisation_id for row in event.due_organisations],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        cap=cap,
        besides=event.id,
    )


def _rows(
    unit_ids: Collection[int], starts_at: datetime, ends_at: datetime, besides: int | None
) -> Sequence[Row[int, str, int, str, datetime, datetime]]:
    unit, due = aliased(Organisation), aliased(Organisation)
    week = week_of(clock.local(starts_at).date())
    until = max(week.ends_at, ends_at)
    wanted = (
        select(unit.id, unit.name, Event.id, Event.title, Event.starts_at, Event.ends_at)
        .select_from(Event)
        .join(EventDueOrganisation, EventDueOrganisation.event_id == Event.id)
        .join(due, due.id == EventDueOrganisation.organisation_id)
        .join(
            unit,
            or_(
                func.substr(unit.path, 1, func.length(due.path)) == due.path,
                func.substr(due.path, 1, func.length(unit.path)) == unit.path,
            ),
        )
        .where(
            unit.id.in_(unit_ids),
            Event.audience == Audience.DUE,
            Event.state.in_(_CALLS),
            and_(Event.starts_at < until, Event.ends_at > week.starts_at),
            Event.starts_at > week.starts_at - LONGEST_EVENT,
        )
        .distinct()
        .order_by(Event.starts_at, Event.id)
    )
    if besides is not None:
        wanted = wanted.where(Event.id != besides)
    return db.session.execute(wanted).all()
