"""What devices at doors send: one person at a time, and a hundred."""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bench import load
from portal import clock
from portal.doors.services import make_token
from portal.events import queries as events
from portal.people.models import Person

BATCH = 100
# People a second that QUALITY.md asks for, in batches, on SQLite on 2 cores.
GOAL = 5_000
_ONE_BY_ONE, _IN_BATCHES = 2, 8
EVENTS = _ONE_BY_ONE + _IN_BATCHES
_MOST = 2_000


@dataclass(frozen=True)
class Door:
    """A device of an event, and its token."""

    event_id: int
    token: str


def open_doors(event_ids: list[int], host: Person) -> list[Door]:
    """Make a token for each event."""
    until = clock.now() + timedelta(days=1)
    return [
        Door(
            event_id,
            make_token(
                name="东门",
                about=events.event(event_id),
                may_read=True,
                may_write=True,
                expires_at=until,
                actor=host,
            )[1],
        )
        for event_id in event_ids
    ]


def check_in(door: Door, people: list[int]) -> bytes:
    """Prepare one request: these people were seen now."""
    at = clock.now().isoformat()
    checkins = [
        {
            "client_id": str(UUID(int=door.event_id << 64 | person_id)),
            "person_id": person_id,
            "at": at,
            "method": "scan",
        }
        for person_id in people
    ]
    return load.request(
        "POST",
        f"/api/v1/events/{door.event_id}/checkins",
        body=json.dumps({"checkins": checkins}),
        kind="application/json",
        headers=f"Authorization: Bearer {door.token}",
    )


def one_by_one(doors: list[Door], people: list[int], part: int) -> list[bytes]:
    """Everybody once at the door of one event, each in a request of their own."""
    return [check_in(doors[part], [person_id]) for person_id in people[:_MOST]]


def batches(doors: list[Door], people: list[int]) -> list[bytes]:
    """Everybody once at each of the other events, a hundred at a time, the events in turn."""
    return [
        check_in(door, people[start : start + BATCH])
        for start in range(0, len(people), BATCH)
        for door in doors[_ONE_BY_ONE:]
    ]
