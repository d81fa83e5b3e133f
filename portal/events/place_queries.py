"""What else is at a place when an event would be there: warned of, and never refused.

A room of a site is another matter: it is taken, and the database refuses a second (`venues`).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from portal import clock
from portal.database import db
from portal.events.details import LONGEST_EVENT
from portal.events.models import Event, EventState, Venue
from portal.events.queries import visible_to
from portal.people.models import Organisation
from portal.people.readers import Somebody
from portal.sites.models import Room, Site
from portal.sites.opening import closure_on, open_spans
from portal.sites.uses import queries as uses
from portal.sites.uses.load import Load, load_of, monday_of
from portal.sites.uses.models import RoomUse, UseSource
from portal.sites.uses.slots import Opening

# At one hour a district has some fifty events.
MOST_AT_ONCE = 200
_WEEK = timedelta(days=7)


class Clash(NamedTuple):
    """Another event at the same place at the same time; the title only for who may see it."""

    event_id: int
    title: str
    host_name: str
    starts_at: datetime
    ends_at: datetime
    is_seen: bool


@dataclass(frozen=True, kw_only=True)
class PlaceReport:
    """What a host should know of the place before publishing."""

    clashes: Sequence[Clash] = ()
    venue: Venue | None = None
    load: Load | None = None
    taken: Sequence[RoomUse] = ()
    free: Sequence[Room] = ()
    shut: str = ""

    @property
    def has_warnings(self) -> bool:
        """Whether there is anything to think about."""
        return bool(self.clashes or self.taken or self.shut)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Where and when an event would be; `event_id` is its own, where it has one."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    venue: Venue | None = None
    people: int | None = None
    event_id: int | None = None


def report(person: Somebody, asked: Asked) -> PlaceReport:
    """Return what stands at that place at that time, and what the week of the site bears."""
    venue = asked.venue
    if venue is None:
        return PlaceReport(clashes=clashes(person, asked))
    site = uses.site_with_hours(venue.site.id)
    monday = clock.from_local(
        datetime.combine(monday_of(clock.local(asked.starts_at).date()), datetime.min.time())
    )
    own = (UseSource.EVENT, asked.event_id) if asked.event_id is not None else None
    last = max(monday + _WEEK, asked.ends_at)
    rules, taken = uses.rules_and_uses(site.id, monday, last)
    week = [use for use in taken if not _is(use, own)]
    there = [use for use in week if use.starts_at < asked.ends_at and asked.starts_at < use.ends_at]
    busy = {use.room_id for use in there}
    return PlaceReport(
        venue=venue,
        load=load_of(clock.local(asked.starts_at).date(), week, rules),
        taken=[use for use in there if venue.room is not None and use.room_id == venue.room.id],
        free=[
            room
            for room in site.rooms
            if room.id not in busy and (asked.people is None or room.capacity >= asked.people)
        ],
        shut=_why_shut(site, venue, asked, Opening(site.opening_hours, site.closures, rules)),
    )


def clashes(person: Somebody, asked: Asked) -> list[Clash]:
    """Return the published events that are at a place of the same name at the same time."""
    key = place_key(asked.place)
    if not key:
        return []
    wanted = (
        select(
            Event.id,
            Event.title,
            Organisation.short_name,
            Event.starts_at,
            Event.ends_at,
            visible_to(person).label("is_seen"),
            Event.place,
        )
        .join(Organisation, Organisation.id == Event.host_id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.starts_at < asked.ends_at,
            Event.starts_at > asked.starts_at - LONGEST_EVENT,
            Event.ends_at > asked.starts_at,
            Event.place != "",
            Event.session_count == 0,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_AT_ONCE)
    )
    if asked.event_id is not None:
        wanted = wanted.where(
            Event.id != asked.event_id, func.coalesce(Event.part_of_id, 0) != asked.event_id
        )
    return [
        Clash._make((*row[:5], bool(row.is_seen)))
        for row in _rows(wanted)
        if place_key(row.place) == key
    ]


def place_key(place: str) -> str:
    """Return what two spellings of one place have in common: letters and figures alone."""
    return "".join(
        mark for mark in unicodedata.normalize("NFKC", place).casefold() if mark.isalnum()
    )


def _rows(wanted: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(wanted).all()


def _is(use: RoomUse, own: tuple[UseSource, int] | None) -> bool:
    return own is not None and (use.source, use.source_id) == own


def _why_shut(site: Site, venue: Venue, asked: Asked, opening: Opening) -> str:
    """Return in a sentence that the site is not open then; empty where it is."""
    day = clock.local(asked.starts_at).date()
    room_id = venue.room.id if venue.room else None
    closure = closure_on(site.closures, day, room_id)
    name = venue.room.name if venue.room and closure and closure.room_id else site.name
    if closure is not None:
        return f"{name}这一天不开放：{getattr(closure, 'reason', '') or '暂停开放'}。"
    if not site.opening_hours or opening.is_open(asked.starts_at, asked.ends_at, room_id):
        return ""
    spans = "、".join(str(span) for span in open_spans(site.opening_hours, site.closures, day))
    hours = f"这一天 {spans} 开放" if spans else "这一天不开放"
    return f"这个时间不在{site.name}的开放时间里（{hours}），请与负责人说好。"
