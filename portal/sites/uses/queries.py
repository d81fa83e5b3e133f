"""Questions about who takes which room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.sites.models import Room, Site
from portal.sites.uses.models import (
    RECEIVING,
    RoomUse,
    UseSource,
    VisitRules,
    default_rules,
)

# A month of a busy site has some three hundred uses.
MOST_USES = 1_000
MOST_SITES = 200


def site_with_hours(site_id: int) -> Site:
    """Return a site with organisation, rooms, opening hours and closures; raise NotFoundError."""
    found = db.session.scalar(
        select(Site)
        .where(Site.id == site_id)
        .options(
            joinedload(Site.organisation),
            selectinload(Site.rooms),
            selectinload(Site.opening_hours),
            selectinload(Site.closures),
        )
    )
    if found is None:
        raise NotFoundError("没有找到这个示范点。")
    return found


def sites_to_use(*besides: int) -> Sequence[Site]:
    """Return the sites that people may come to, and those named, by name, with their rooms."""
    return db.session.scalars(
        select(Site)
        .where(or_(Site.state.in_(RECEIVING), Site.id.in_(besides)))
        .order_by(Site.name, Site.id)
        .limit(MOST_SITES)
        .options(selectinload(Site.rooms))
    ).all()


def visit_rules(site_id: int) -> VisitRules:
    """Return how the site receives visits: its own rules, else the defaults (not kept)."""
    own = db.session.scalar(select(VisitRules).where(VisitRules.site_id == site_id))
    return own or default_rules(site_id)


def use_of(source: UseSource, source_id: int) -> RoomUse | None:
    """Return what a booking or an event has taken."""
    return db.session.scalar(
        select(RoomUse)
        .where(RoomUse.source == source, RoomUse.source_id == source_id)
        .options(joinedload(RoomUse.room))
    )


def rules_and_uses(
    site_id: int, starts_at: datetime, ends_at: datetime
) -> tuple[VisitRules, list[RoomUse]]:
    """Return a site's rules and what is taken there between two moments, rooms loaded, in order.

    What was only asked for and not answered in time is taken no more.
    """
    taken = and_(RoomUse.site_id == Site.id, _standing(starts_at, ends_at))
    # Either is None where there is none: of each pair one, and of the first perhaps both.
    rows: Sequence[Any] = db.session.execute(
        select(VisitRules, RoomUse)
        .select_from(Site)
        .outerjoin(VisitRules, VisitRules.site_id == Site.id)
        .outerjoin(RoomUse, taken)
        .where(Site.id == site_id)
        .order_by(RoomUse.starts_at, RoomUse.id)
        .limit(MOST_USES)
        .options(joinedload(RoomUse.room))
    ).all()
    rules = rows[0][0] if rows else None
    return rules or default_rules(site_id), [use for _, use in rows if use is not None]


def coming_uses(site_id: int) -> Sequence[RoomUse]:
    """Return what is still to take place at a site, in order of start, rooms loaded."""
    return db.session.scalars(
        select(RoomUse)
        .where(RoomUse.site_id == site_id, RoomUse.ends_at > clock.now(), stands_now())
        .order_by(RoomUse.starts_at, RoomUse.id)
        .limit(MOST_USES)
        .options(joinedload(RoomUse.room))
    ).all()


def in_the_way(
    room_id: int, starts_at: datetime, ends_at: datetime, *, but: tuple[UseSource, int] | None
) -> Sequence[RoomUse]:
    """Return what is in a room at that time, without the use of `but` itself."""
    wanted = select(RoomUse).where(_standing(starts_at, ends_at), RoomUse.room_id == room_id)
    if but is not None:
        wanted = wanted.where(or_(RoomUse.source != but[0], RoomUse.source_id != but[1]))
    return db.session.scalars(wanted.order_by(RoomUse.starts_at)).all()


def free_rooms(
    site_id: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    people: int | None = None,
    but: tuple[UseSource, int] | None = None,
) -> Sequence[Room]:
    """Return the rooms of a site that nobody has at that time and that hold so many people."""
    taken = select(RoomUse).where(_standing(starts_at, ends_at), RoomUse.room_id == Room.id)
    if but is not None:
        taken = taken.where(or_(RoomUse.source != but[0], RoomUse.source_id != but[1]))
    wanted = select(Room).where(Room.site_id == site_id, ~taken.correlate(Room).exists())
    if people is not None:
        wanted = wanted.where(Room.capacity >= people)
    return db.session.scalars(wanted.order_by(Room.position, Room.id)).all()


def uses_of_room(site_id: int, room_id: int | None) -> tuple[int, int]:
    """Return how many uses a room (without one: a site) has to come, and how many it had."""
    is_over = RoomUse.ends_at <= clock.now()
    wanted = select(is_over, func.count()).where(RoomUse.site_id == site_id, stands_now())
    if room_id is not None:
        wanted = wanted.where(RoomUse.room_id == room_id)
    numbers = {bool(over): number for over, number in db.session.execute(wanted.group_by(is_over))}
    return numbers.get(False, 0), numbers.get(True, 0)


def _standing(starts_at: datetime, ends_at: datetime) -> ColumnElement[bool]:
    return and_(RoomUse.ends_at > starts_at, RoomUse.starts_at < ends_at, stands_now())


def stands_now() -> ColumnElement[bool]:
    """Return the condition that a use is firm, or asked for and still to be answered."""
    return or_(RoomUse.held_until.is_(None), RoomUse.held_until > clock.now())
