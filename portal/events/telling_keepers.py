"""Telling those who answer for a site that an event comes to it, moves there, or leaves.

Each change is told once: the message carries the version of the event. Whoever makes the
change is not told of it; of several events that change together one message tells.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.events.telling import MOST_LISTED, Standing, Stay, said, span_words, standing
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.people.models import Person
from portal.sites.keeper_queries import answering_for
from portal.sites.models import Room, Site

Change = tuple[Event, Stay | None, Stay | None]


def follow(*, event: Event, was: Standing, actor: Person) -> None:
    """Tell of one event that is not where, or not when, it `was`."""
    follow_together(changes=[(event, was)], actor=actor)


def follow_together(*, changes: Iterable[tuple[Event, Standing]], actor: Person) -> None:
    """Tell of these events, which were changed at once, in one message for each site."""
    concerned: dict[int, list[Change]] = {}
    for event, was in changes:
        before, now = was.stay, standing(event).stay
        if before == now:
            continue
        stays = [stay for stay in (before, now) if stay is not None]
        for site_id in {stay.site_id for stay in stays if stay.ends_at > clock.now()}:
            concerned.setdefault(site_id, []).append((event, before, now))
    if not concerned:
        return
    rooms = _rooms(concerned)
    for site in _sites(concerned):
        _tell(site, concerned[site.id], rooms, actor)


def _tell(site: Site, changes: Sequence[Change], rooms: Mapping[int, str], actor: Person) -> None:
    first, before, now = changes[0]
    many = f"（{len(changes)} 次）" if len(changes) > 1 else ""
    lines = [line for change in changes[:MOST_LISTED] for line in _lines(site, *change, rooms)]
    more = len(changes) - MOST_LISTED
    local = clock.local((now or before or standing(first)).starts_at)
    messages.tell(
        people=answering_for(site, but=actor.id),
        kind=MessageKind.BOOKING,
        subject=f"{site.name}{_what(site, before, now)}：{first.title}{many}",
        body="\n".join(
            [
                *lines,
                *([f"……还有 {more} 次"] if more > 0 else []),
                *([f"说明：{first.state_reason}"] if first.state_reason else []),
                f"主办：{first.host.name}",
            ]
        ),
        link=f"/sites/{site.id}/calendar?date={local:%Y-%m-%d}",
        key=f"event:{first.id}:site:{site.id}:{first.version}",
    )


def _what(site: Site, before: Stay | None, now: Stay | None) -> str:
    if before is None or before.site_id != site.id:
        return "安排了活动"
    if now is None or now.site_id != site.id:
        return "的活动不在这里办了"
    return "的活动改了时间或场地"


def _lines(
    site: Site, event: Event, before: Stay | None, now: Stay | None, rooms: Mapping[int, str]
) -> list[str]:
    """Return how it is now, and how it was, as far as that is at this site."""
    lines = []
    if now is not None and now.site_id == site.id:
        lines.append(_at(now, rooms))
    if before is not None and before.site_id == site.id:
        lines.append(f"原定{_at(before, rooms)}")
    if now is not None and now.site_id != site.id:
        lines.append(f"改到{said(event)}")
    return lines


def _at(stay: Stay, rooms: Mapping[int, str]) -> str:
    room = rooms.get(stay.room_id or 0, "")
    return f"{span_words(stay.starts_at, stay.ends_at)}{room and f'，{room}'}"


def _sites(concerned: Mapping[int, Sequence[Change]]) -> Sequence[Site]:
    wanted = select(Site).where(Site.id.in_(concerned)).options(joinedload(Site.organisation))
    return db.session.scalars(wanted.order_by(Site.id)).all()


def _rooms(concerned: Mapping[int, Sequence[Change]]) -> dict[int, str]:
    rows = db.session.execute(select(Room.id, Room.name).where(Room.site_id.in_(concerned)))
    return {row.id: row.name for row in rows}
