"""What a host runs: coming, and not settled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.events.models import Event, EventState
from portal.home.queries.mine import HORIZON, OVER
from portal.people.models import (
    Organisation,
)
from portal.people.queries import in_subtrees
from portal.people.readers import Somewhere

# How far back an event that was never settled is still brought to mind.
MEMORY = timedelta(days=400)


@dataclass(frozen=True)
class Hosted:
    """The events of a host's part of the tree that matter now, soonest first."""

    coming: list[Event]
    open_ends: list[Event]


def hosted(roots: Collection[Somewhere], *, since: datetime, coming: int, ends: int) -> Hosted:
    """Return, in one question, what is coming and what is not settled in these subtrees.

    `coming` of those that are published and end at or after `since`; `ends` of the rolls to
    confirm, the drafts, and what has no new date yet.
    """
    hosts = select(Organisation.id).where(in_subtrees(roots))
    parts = (("coming", _is_coming(since), coming), ("open", _is_unsettled(), ends))
    wanted = union_all(
        *(
            select(
                select(Event.id, literal(part).label("part"))
                .where(Event.host_id.in_(hosts), condition)
                .order_by(Event.starts_at, Event.id)
                .limit(most)
                .subquery()
            )
            for part, condition, most in parts
        )
    ).subquery()
    rows = db.session.execute(
        select(Event, wanted.c.part)
        .join(wanted, Event.id == wanted.c.id)
        .order_by(Event.starts_at, Event.id)
        .options(joinedload(Event.host))
    ).all()
    return Hosted(
        [event for event, part in rows if part == "coming"],
        [event for event, part in rows if part == "open"],
    )


def _is_coming(since: datetime) -> ColumnElement[bool]:
    return and_(
        Event.state.in_({EventState.PUBLISHED, *OVER}),
        Event.session_count == 0,
        Event.ends_at >= since,
        Event.starts_at < clock.now() + HORIZON,
    )


def _is_unsettled() -> ColumnElement[bool]:
    now = clock.now()
    is_over = and_(
        Event.state.in_({EventState.PUBLISHED, EventState.ENDED}),
        Event.session_count == 0,
        or_(Event.ends_at < now, Event.state == EventState.ENDED),
    )
    is_open = Event.state.in_({EventState.DRAFT, EventState.POSTPONED})
    return and_(or_(is_over, is_open), Event.starts_at > now - MEMORY)
