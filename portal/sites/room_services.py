"""Rooms of a site, and its opening hours."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.edit_history import check_version, differences
from portal.people.models import Person
from portal.sites import hooks
from portal.sites.models import OpeningHours, Room, Site
from portal.sites.opening import WEEKDAYS, Span, spans_words
from portal.sites.services import save

MOST_SEATS = 10_000
MOST_ROOMS = 50
LONGEST_ROOM_NAME = 60
LONGEST_EQUIPMENT = 200
LABELS = {
    "name": "名称",
    "capacity": "容纳人数",
    "equipment": "设备",
    "is_step_free": "无障碍可达",
    "is_bookable": "接受预约",
}


@dataclass(frozen=True, kw_only=True)
class RoomFacts:
    """What is written about a room; `capacity` is in people."""

    name: str
    capacity: int
    equipment: str = ""
    is_step_free: bool = False
    is_bookable: bool = True


def facts_of(room: Room) -> RoomFacts:
    """Return what is written about the room."""
    return RoomFacts(**{name: getattr(room, name) for name in LABELS})


def add_room(*, site: Site, facts: RoomFacts, actor: Person) -> Room:
    """Add a room; its name is its own within the site."""
    _check_room(site, facts, None)
    if len(site.rooms) >= MOST_ROOMS:
        raise InvalidInputError(f"一个点位最多 {MOST_ROOMS} 间场地。", field="name")
    room = Room(**asdict(facts), position=len(site.rooms))
    site.rooms.append(room)
    save(site, actor, "site.room_added", name=facts.name, capacity=facts.capacity)
    return room


def change_room(
    *, site: Site, room: Room, facts: RoomFacts, version: int | None, actor: Person
) -> None:
    """Change what is written about a room; raise ChangedMeanwhileError for an older version."""
    check_version(room, version)
    _check_room(site, facts, room)
    changes = differences(asdict(facts_of(room)), asdict(facts), LABELS)
    if not changes:
        return
    for name, value in asdict(facts).items():
        setattr(room, name, value)
    save(site, actor, "site.room_changed", name=facts.name, changes=changes)


def remove_room(*, site: Site, room: Room, actor: Person) -> None:
    """Take a room away that nothing takes place in; raise ConflictError else."""
    in_the_way = [sentence for uses in hooks.uses for sentence in uses(site, room.id)]
    if in_the_way:
        raise ConflictError("".join(in_the_way))
    name = room.name
    try:
        with db.session.begin_nested():
            site.rooms.remove(room)
            site.updated_at = clock.now()
    except IntegrityError as error:
        raise ConflictError("这间场地有活动或预约的记录，不能删除。可以改为不接受预约。") from error
    audit.record("site.room_removed", site, actor=actor, version=site.version, name=name)


def _check_room(site: Site, facts: RoomFacts, room: Room | None) -> None:
    if not facts.name.strip():
        raise InvalidInputError("请填写场地名称。", field="name")
    if len(facts.name) > LONGEST_ROOM_NAME:
        raise InvalidInputError(f"名称最多 {LONGEST_ROOM_NAME} 个字。", field="name")
    if len(facts.equipment) > LONGEST_EQUIPMENT:
        raise InvalidInputError(f"设备最多 {LONGEST_EQUIPMENT} 个字。", field="equipment")
    if not 1 <= facts.capacity <= MOST_SEATS:
        raise InvalidInputError(f"容纳人数在 1 到 {MOST_SEATS} 之间。", field="capacity")
    if any(other is not room and other.name == facts.name for other in site.rooms):
        raise InvalidInputError("这个点位已经有同名的场地。", field="name")


# ------------------------------------------------------------------ when it is open


def set_hours(
    *, site: Site, hours: Mapping[int, Sequence[Span]], version: int | None, actor: Person
) -> None:
    """Replace the hours of the week (0 Monday); a day that is not named is not open.

    Visits agreed before stay as they are. Raise ChangedMeanwhileError for an older version.
    """
    check_version(site, version)
    before = {(one.weekday, one.opens_minute, one.closes_minute) for one in site.opening_hours}
    now = {(day, span.opens, span.closes) for day, spans in hours.items() for span in spans}
    if before == now:
        return
    site.opening_hours[:] = [
        one
        for one in site.opening_hours
        if (one.weekday, one.opens_minute, one.closes_minute) in now
    ]
    for day, opens, closes in sorted(now - before):
        site.opening_hours.append(
            OpeningHours(weekday=day, opens_minute=opens, closes_minute=closes)
        )
    told = {WEEKDAYS[day]: spans_words(spans) for day, spans in sorted(hours.items()) if spans}
    save(site, actor, "site.hours", hours=told)
