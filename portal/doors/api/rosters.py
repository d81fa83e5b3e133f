"""The roster of an event, as a door keeps it."""

from functools import lru_cache

import msgspec
from flask import Response, request
from msgspec import UNSET
from werkzeug.http import quote_etag

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance import services as rolls
from portal.attendance.models import Roll
from portal.attendance.policies import has_roll
from portal.database import write_transaction
from portal.doors import queries
from portal.doors.api.blueprint import bp
from portal.doors.api.bodies import EventTold, PersonTold, RosterTold
from portal.doors.api.letting_in import known_device, let_in, note_use
from portal.doors.api.problems import Problem
from portal.doors.services import Door
from portal.events.models import Event
from portal.people.access import public
from portal.people.naming import search_keys
from portal.seating import queries as seating


@bp.get("/events/<int:event_id>/roster")
@public
def roster(event_id: int) -> Response:
    """Everybody on the roll with the hashes of their passes; 304 while nothing has changed.

    With `search=1` also what staff find people by (pinyin, initials, the end of the phone),
    and where they are to be sent: the seat or group.
    """
    door = let_in(known_device(), event_id)
    if not door.token.may_read:
        raise Problem(403, "这个令牌不能读名册。")
    if not has_roll(door.event):
        raise Problem(409)
    door, roll = _up_to_date(door, event_id)
    note_use(door.token.id, door.token.last_used_at)
    is_searched = request.args.get("search") == "1"
    etag = _etag(roll) + (f"-search-{seating.plan_version(event_id)}" if is_searched else "")
    if request.if_none_match.contains(etag):
        response = Response(status=304)
    else:
        body = msgspec.json.encode(_told(door.event, roll, is_searched=is_searched))
        response = Response(body, mimetype="application/json")
    response.headers["ETag"] = quote_etag(etag)
    return response


def _up_to_date(door: Door, event_id: int) -> tuple[Door, Roll]:
    """Return the roll, drawn as things stand now."""
    sources = attendance.sources(event_id)
    if sources.roll is None or not rolls.is_current(sources, door.event):
        token_hash = door.token.token_hash
        with write_transaction():
            door = let_in(token_hash, event_id)
            rolls.open_roll(event=door.event, actor=door.token.made_by)
        door = let_in(token_hash, event_id)
    return door, attendance.roll(event_id)


def _etag(roll: Roll) -> str:
    """Changes with the roll, with every pass, and with the day on which passes expire."""
    mark = queries.passes_mark()
    revoked = mark.revoked_at.timestamp() if mark.revoked_at else 0
    parts = (roll.opened_at.timestamp(), roll.revision, mark.newest_id or 0, revoked)
    return "-".join([*(f"{part:.0f}" for part in parts), clock.today().isoformat()])


def _told(event: Event, roll: Roll, *, is_searched: bool) -> RosterTold:
    hashes = queries.hashes_on_roll(event.id, clock.today())
    nobody: list[str] = []
    places = seating.places(event.id) if is_searched else {}
    return RosterTold(
        event=EventTold(
            id=event.id,
            title=event.title,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            place=event.place,
            signs_out=roll.signs_out,
            minimum_stay=roll.minimum_stay,
        ),
        version=roll.revision,
        people=[
            PersonTold(
                person_id=row.person_id,
                name=row.name,
                unit=row.unit,
                pass_hash=next(iter(hashes.get(row.person_id, nobody)), None),
                status=row.status,
                has_come=row.has_come,
                pass_hashes=hashes.get(row.person_id, nobody),
                left_at=row.left_at if roll.signs_out else None,
                tail=row.tail if is_searched else UNSET,
                keys=_keys(row.name) if is_searched else UNSET,
                place=places[row.person_id].words if row.person_id in places else UNSET,
            )
            for row in queries.roster(event.id)
        ],
    )


@lru_cache(maxsize=20_000)
def _keys(name: str) -> str:
    """Return how a name is typed without Chinese characters; those are in the name itself."""
    return " ".join(key for key in search_keys(name) if key.isascii())
