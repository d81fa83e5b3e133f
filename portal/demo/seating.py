"""Who sits where in the demo: rows for the coming lecture, groups for the seminar."""

from datetime import datetime

from sqlalchemy import select

from portal.database import db
from portal.demo.world import World
from portal.events import queries as events
from portal.events.models import Event, EventKind, EventState
from portal.people.models import Person
from portal.seating import services
from portal.seating.filling import Manner
from portal.seating.models import PlanKind
from portal.seating.services import Wish

_LECTURE = "%第四讲%"
_ROWS = [Wish(f"第{number}排", 8) for number in range(1, 6)]
_GROUPS = [Wish("第1组", 4), Wish("第2组", 4)]


def plan_seats(world: World, now: datetime) -> None:
    """Seat those who come to the fourth lecture in rows, and those of a seminar in groups."""
    host = world.persons["secretary"]
    coming = (
        select(Event.id)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > now)
        .order_by(Event.starts_at)
        .limit(1)
    )
    lecture = db.session.scalar(coming.where(Event.title.like(_LECTURE)))
    seminar = db.session.scalar(
        coming.where(Event.kind == EventKind.SEMINAR, Event.title.like("红色书屋%"))
    )
    if lecture is not None:
        _plan(lecture, PlanKind.SEATS, _ROWS, Manner.TOGETHER, host)
    if seminar is not None:
        _plan(seminar, PlanKind.GROUPS, _GROUPS, Manner.MIXED, host)


def _plan(event_id: int, kind: PlanKind, groups: list[Wish], manner: Manner, host: Person) -> None:
    event = events.event(event_id)
    plan = services.set_plan(event=event, kind=kind, groups=groups, version=0, actor=host)
    services.fill(event=event, manner=manner, version=plan.version, actor=host)
    services.show(event=event, is_shown=True, version=plan.version, actor=host)
