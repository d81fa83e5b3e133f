"""Slots of a day: opening hours, without closures and rest days, without what is taken. Pure.

All is reckoned in minutes of China's day, which has always 1,440 of them: China knows no
summer time.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal import clock
from portal.sites.models import Closure, OpeningHours, Room
from portal.sites.opening import Span, is_shut_on, open_spans
from portal.sites.uses.models import RoomUse, VisitRules


@dataclass(frozen=True)
class Slot:
    """A time at which a visit may be received, and the rooms that are free all the time."""

    starts_at: datetime
    ends_at: datetime
    rooms: tuple[Room, ...]

    @property
    def is_free(self) -> bool:
        """Whether there is a room."""
        return bool(self.rooms)

    @property
    def start(self) -> str:
        """When it begins, as forms carry it."""
        return f"{clock.local(self.starts_at):%H:%M}"

    @property
    def day(self) -> date:
        """Its day on China's calendar."""
        return clock.local(self.starts_at).date()


@dataclass(frozen=True)
class Opening:
    """All that decides when the rooms of one site are open to visits."""

    hours: Sequence[OpeningHours]
    closures: Sequence[Closure]
    rules: VisitRules

    def is_shut(self, day: date, room_id: int | None = None) -> Closure | None:
        """Return the closure of the site, or of that room, on a day."""
        return next((one for one in self.closures if is_shut_on(one, day, room_id)), None)

    def spans(self, day: date, room_id: int | None = None) -> list[Span]:
        """Return when the site, or the room, is open on a day: spans that touch are one."""
        return open_spans(self.hours, self.closures, day, room_id)

    def is_open(self, starts_at: datetime, ends_at: datetime, room_id: int | None = None) -> bool:
        """Return whether the site, and the room, are open all the time between two moments."""
        start, end = clock.local(starts_at), clock.local(ends_at)
        day = start.date()
        first = start.hour * 60 + start.minute
        wanted = Span(first, first + int((end - start).total_seconds() // 60))
        return any(span.holds(wanted) for span in self.spans(day, room_id))

    def receives_on(self, day: date) -> bool:
        """Return whether visits are received on that weekday at all."""
        return self.rules.takes_visits and day.weekday() not in self.rules.rest_days


def slots(
    opening: Opening,
    day: date,
    rooms: Iterable[Room],
    uses: Collection[RoomUse],
    *,
    people: int | None = None,
    after: datetime | None = None,
    count: int = 1,
) -> list[Slot]:
    """Return the slots of a day with the rooms that are free and large enough in each.

    Slots follow each other from each opening on; what is left over before closing is none.
    With a `count`, so many that follow each other without a gap are told as one, from every
    slot on after which there are as many. Those that begin at or before `after` are left out.
    """
    if not opening.receives_on(day):
        return []
    open_rooms = [
        room
        for room in rooms
        if room.is_bookable
        and (people is None or room.capacity >= people)
        and not opening.is_shut(day, room.id)
    ]
    return [
        Slot(start, end, tuple(_free(open_rooms, uses, start, end)))
        for start, end in _times(opening, day, count)
        if after is None or start > after
    ]


def _times(opening: Opening, day: date, count: int) -> Iterator[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time.min)
    step = opening.rules.slot_minutes
    for span in opening.spans(day):
        for first in range(span.opens, span.closes - count * step + 1, step):
            start = clock.from_local(midnight + timedelta(minutes=first))
            yield start, start + opening.rules.length_of(count)


def _free(
    rooms: Iterable[Room], uses: Collection[RoomUse], start: datetime, end: datetime
) -> Iterator[Room]:
    taken = {use.room_id for use in uses if use.starts_at < end and start < use.ends_at}
    return (room for room in rooms if room.id not in taken)


def nearest_free(found: Iterable[Slot], wanted: datetime, count: int = 3) -> list[Slot]:
    """Return the free slots that lie nearest to a moment, in order of time."""
    free = [slot for slot in found if slot.is_free]
    free.sort(key=lambda slot: (abs(slot.starts_at - wanted), slot.starts_at))
    return sorted(free[:count], key=lambda slot: slot.starts_at)
