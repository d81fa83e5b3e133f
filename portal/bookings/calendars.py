"""A site's day, week and month as sheets. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal import clock
from portal.bookings.board import Board
from portal.sites.uses.load import monday_of
from portal.sites.uses.models import RoomUse, UseKind
from portal.sites.uses.slots import Slot

NOON, EVENING = 12, 18
PARTS = ("上午", "下午", "晚上")


class View(StrEnum):
    """How much of the calendar is shown."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        """One Chinese character for the switch, and for the leaves."""
        return {"day": "日", "week": "周", "month": "月"}[self.value]


@dataclass(frozen=True)
class Span:
    """The days that a view shows, and those that belong to it."""

    view: View
    first: date
    last: date
    month: int

    @property
    def earlier(self) -> date:
        """A day of the leaf before."""
        return self.inner_first - timedelta(days=1)

    @property
    def later(self) -> date:
        """A day of the leaf after."""
        return self.inner_last + timedelta(days=1)

    @property
    def inner_first(self) -> date:
        """The first day that belongs to the leaf, not to its neighbour."""
        return next(day for day in self.days() if self.is_inside(day))

    @property
    def inner_last(self) -> date:
        """The last day that belongs to the leaf."""
        return next(day for day in reversed(self.days()) if self.is_inside(day))

    def is_inside(self, day: date) -> bool:
        """Return whether a day belongs to the leaf."""
        return self.view is not View.MONTH or day.month == self.month

    def days(self) -> list[date]:
        """Return every day that is shown."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def span_of(view: View, day: date) -> Span:
    """Return the days of a view around a day: weeks are whole, Monday first."""
    match view:
        case View.DAY:
            return Span(view, day, day, day.month)
        case View.WEEK:
            monday = monday_of(day)
            return Span(view, monday, monday + timedelta(days=6), day.month)
        case View.MONTH:
            first = day.replace(day=1)
            last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            return Span(view, monday_of(first), monday_of(last) + timedelta(days=6), day.month)


@dataclass(frozen=True)
class Item:
    """What stands on the sheet at a time: a use, or a slot that is free."""

    starts_at: datetime
    ends_at: datetime
    use: RoomUse | None = None
    slot: Slot | None = None


@dataclass
class Day:
    """One day of the calendar of a site."""

    date: date
    items: list[Item] = field(default_factory=list)
    is_outside: bool = False
    why_shut: str = ""

    @property
    def is_today(self) -> bool:
        """Whether it is today on China's calendar."""
        return self.date == clock.today()

    @property
    def uses(self) -> list[RoomUse]:
        """What takes place."""
        return [item.use for item in self.items if item.use is not None]

    @property
    def free(self) -> list[Slot]:
        """The slots that may be asked for."""
        return [item.slot for item in self.items if item.slot is not None]

    @property
    def visits(self) -> int:
        """How many visits there are."""
        return sum(use.kind is UseKind.VISIT for use in self.uses)

    @property
    def has_evening(self) -> bool:
        """Whether something begins in the evening."""
        return bool(self.part(PARTS[2]))

    def part(self, name: str) -> list[Item]:
        """Return what begins in the morning, the afternoon or the evening."""
        return [item for item in self.items if part_of(item, self.date) == name]


def part_of(item: Item, day: date) -> str:
    """Return 上午, 下午 or 晚上; what began on an earlier day is there from the morning on."""
    start = clock.local(item.starts_at)
    if start.date() < day or start.hour < NOON:
        return PARTS[0]
    return PARTS[1] if start.hour < EVENING else PARTS[2]


def days(board: Board, span: Span, room_id: int | None = None) -> list[Day]:
    """Return the days of a span with what is there and what is free, in order of time."""
    sheet = {
        day: Day(day, is_outside=not span.is_inside(day), why_shut=board.why_shut(day, room_id))
        for day in span.days()
    }
    for use in board.uses:
        if room_id is None or use.room_id in (None, room_id):
            for day in use.days:
                if day in sheet:
                    sheet[day].items.append(Item(use.starts_at, use.ends_at, use=use))
    for day, shown in sheet.items():
        for slot in board.slots(day, room_id=room_id):
            if slot.is_free:
                shown.items.append(Item(slot.starts_at, slot.ends_at, slot=slot))
        shown.items.sort(key=lambda item: (item.starts_at, item.slot is not None))
    return list(sheet.values())


def weeks(sheet: Sequence[Day]) -> list[list[Day]]:
    """Return the days of a month in rows of seven."""
    return [list(sheet[start : start + 7]) for start in range(0, len(sheet), 7)]
