"""What a site has on and what is free, over some days. Pure, once it is put together."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal import clock
from portal.sites.models import Room, Site
from portal.sites.uses.load import Load, load_of, monday_of
from portal.sites.uses.models import MOST_SLOTS, RoomUse, UseKind, UseSource, VisitRules
from portal.sites.uses.slots import Opening, Slot, nearest_free, slots

# How far around a moment that is taken free slots are looked for.
AROUND = timedelta(days=14)


@dataclass(frozen=True)
class Merge:
    """A visit that is agreed to and has room for more people."""

    use: RoomUse
    free: int

    @property
    def booking_id(self) -> int:
        """The booking whose visit it is."""
        return self.use.source_id


@dataclass(frozen=True)
class Board:
    """A site with its hours, rules, and uses from `first` to `last`."""

    site: Site
    rules: VisitRules
    uses: Sequence[RoomUse]
    first: date
    last: date

    @property
    def opening(self) -> Opening:
        """When the site is open to visits."""
        return Opening(self.site.opening_hours, self.site.closures, self.rules)

    @property
    def rooms(self) -> list[Room]:
        """The rooms that can be booked."""
        return [room for room in self.site.rooms if room.is_bookable]

    def uses_on(self, day: date) -> list[RoomUse]:
        """Return what takes place on a day, in order of start."""
        return [use for use in self.uses if day in use.days]

    def slots(
        self,
        day: date,
        *,
        people: int | None = None,
        room_id: int | None = None,
        but: int | None = None,
        count: int = 1,
    ) -> list[Slot]:
        """Return the slots of a day that are still to come; `but` is a booking that would move.

        With a `count`, so many in a row are one.
        """
        if not self.may_be_asked_for(day):
            return []
        rooms = [room for room in self.rooms if room_id in (None, room.id)]
        uses = [use for use in self.uses if not _is_booking(use, but)]
        return slots(self.opening, day, rooms, uses, people=people, after=clock.now(), count=count)

    @property
    def most_slots(self) -> int:
        """How many slots in a row the hours of these days leave room for: one at least."""
        spans = (span for day in _days(self.first, self.last) for span in self.opening.spans(day))
        longest = max((span.closes - span.opens for span in spans), default=0)
        return max(1, min(MOST_SLOTS, longest // self.rules.slot_minutes))

    def may_be_asked_for(self, day: date) -> bool:
        """Return whether the day lies between today and the last that can be booked."""
        return clock.today() <= day <= clock.today() + timedelta(days=self.rules.days_ahead)

    def nearest(
        self,
        moment: datetime,
        *,
        people: int | None = None,
        room_id: int | None = None,
        but: int | None = None,
        count: int = 1,
    ) -> list[Slot]:
        """Return the three free slots that lie nearest to a moment."""
        found = (
            slot
            for day in _days(self.first, self.last)
            for slot in self.slots(day, people=people, room_id=room_id, but=but, count=count)
        )
        return nearest_free(found, moment)

    def load(self, day: date) -> Load:
        """Return what the week of a day bears already."""
        return load_of(day, self.uses, self.rules)

    def merges(
        self, day: date, *, people: int | None = None, but: Collection[int | None] = ()
    ) -> list[Merge]:
        """Return the visits of the week that a party of so many people could join."""
        week = monday_of(day)
        found = []
        for use in self.uses:
            if (
                use.kind is not UseKind.VISIT
                or use.source is not UseSource.BOOKING
                or use.source_id in but
                or not use.is_firm
                or use.room is None
                or use.starts_at <= clock.now()
                or monday_of(clock.local(use.starts_at).date()) != week
            ):
                continue
            free = use.room.capacity - (use.people or 0)
            if free >= (people or 1):
                found.append(Merge(use, free))
        return found

    def why_shut(self, day: date, room_id: int | None = None) -> str:
        """Return in a sentence why a day has no slots at all; empty if it has some."""
        if not self.rules.takes_visits:
            return "这个示范点目前不接受参观预约。"
        if day < clock.today():
            return "这一天已经过去了。"
        if not self.may_be_asked_for(day):
            return f"最多提前 {self.rules.days_ahead} 天预约。"
        if day.weekday() in self.rules.rest_days:
            return "这一天是示范点的休整日，不接待参观。"
        closure = self.opening.is_shut(day, room_id)
        if closure is not None:
            return f"这一天不开放：{closure.reason or '暂停开放'}。"
        if not self.opening.spans(day):
            return "这一天不开放。"
        if not self.rooms:
            return "这个示范点还没有可以预约的场地。"
        return ""


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _is_booking(use: RoomUse, booking_id: int | None) -> bool:
    return use.source is UseSource.BOOKING and use.source_id == booking_id
