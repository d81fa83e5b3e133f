"""Events that take place at a site take its room: no room is taken twice, see `sites.uses`.

A draft takes nothing. Publishing takes the room; moving the event moves it; postponing to an
unknown time and calling it off give it back; an event that ends before its time leaves the
room then. What was held on paper and is entered when it is over takes no room any more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from portal import clock
from portal.errors import ConflictError
from portal.events.models import Audience, Event, EventKind, EventState
from portal.sites.models import Room
from portal.sites.uses import queries as uses
from portal.sites.uses import services
from portal.sites.uses.errors import RoomTakenError
from portal.sites.uses.models import UseKind, UseSource
from portal.sites.uses.services import Wanted

_KINDS = {
    EventKind.SITE_VISIT: UseKind.VISIT,
    EventKind.LESSON: UseKind.LESSON,
    EventKind.SEMINAR: UseKind.SEMINAR,
}
_GONE = frozenset({EventState.DRAFT, EventState.POSTPONED, EventState.CANCELLED})
_SHORTEST = timedelta(minutes=1)


class VenueTakenError(ConflictError):
    """The room that the event wants is taken; the message says by what, and what is `free`."""

    def __init__(self, taken: RoomTakenError, free: Sequence[Room]) -> None:
        names = "、".join(room.name for room in free)
        instead = f"这段时间空着的有：{names}。" if names else "这段时间没有空着的场地。"
        super().__init__(f"{taken.message}{instead}")
        self.taken, self.free = taken, free


def follow(event: Event) -> None:
    """Take, move or give back the room, as the event stands now; raise VenueTakenError."""
    if event.state in _GONE:
        leave(event)
    elif event.state is EventState.PUBLISHED:
        _take(event)
    else:
        _leave_early(event)


def leave(event: Event) -> None:
    """Give the room back."""
    services.free(source=UseSource.EVENT, source_id=event.id)


def wanted(event: Event) -> Wanted:
    """Return what the event wants of its site; site and room are loaded."""
    venue = event.venue
    if venue is None:
        raise ValueError("an event without a site wants no room")
    return Wanted(
        site_id=venue.site.id,
        room=venue.room,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        kind=_KINDS.get(event.kind, UseKind.OTHER),
        label=event.title,
        people=event.capacity,
        is_open=event.audience is Audience.OPEN,
    )


def _take(event: Event) -> None:
    if event.ends_at <= clock.now():
        return
    want = wanted(event)
    try:
        services.take(source=UseSource.EVENT, source_id=event.id, wanted=want)
    except RoomTakenError as error:
        free = uses.free_rooms(want.site_id, want.starts_at, want.ends_at, people=want.people)
        raise VenueTakenError(error, free) from error


def _leave_early(event: Event) -> None:
    """Let a use end when the event ended, if that was before its time."""
    use = uses.use_of(UseSource.EVENT, event.id)
    now = clock.now()
    if use is None or use.ends_at <= now:
        return
    ends_at = max(now, use.starts_at + _SHORTEST)
    want = replace(wanted(event), starts_at=use.starts_at, ends_at=ends_at)
    services.take(source=UseSource.EVENT, source_id=event.id, wanted=want)
