"""A week and a month as sheets of days. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal import clock
from portal.events.filters import Span, weeks_of
from portal.events.models import Event

NOON, EVENING = 12, 18
PARTS = ("上午", "下午", "晚上")


@dataclass
class Day:
    """One day of a calendar and what takes place on it, in order of start."""

    date: date
    events: list[Event] = field(default_factory=list)
    is_outside: bool = False

    @property
    def is_today(self) -> bool:
        """Whether it is today on China's calendar."""
        return self.date == clock.today()

    def part(self, name: str) -> list[Event]:
        """Return what begins in the morning, the afternoon or the evening of this day."""
        return [event for event in self.events if part_of(event, self.date) == name]


def part_of(event: Event, day: date) -> str:
    """Return 上午, 下午 or 晚上; what began on an earlier day is there from the morning on."""
    start = clock.local(event.starts_at)
    if start.date() < day or start.hour < NOON:
        return PARTS[0]
    return PARTS[1] if start.hour < EVENING else PARTS[2]


def days(span: Span, events: Iterable[Event]) -> list[Day]:
    """Return the days of the span; an event of several days stands on each of them."""
    sheet = {day: Day(day) for day in span.days()}
    for event in events:
        for day in _days_of(event):
            if day in sheet:
                sheet[day].events.append(event)
    return list(sheet.values())


def _days_of(event: Event) -> list[date]:
    first = clock.local(event.starts_at).date()
    last = clock.local(event.ends_at - timedelta(microseconds=1)).date()
    return Span(first, last).days()


def month_sheet(month: Span, events: Sequence[Event]) -> list[list[Day]]:
    """Return the weeks of a month, Monday first; days of its neighbours are marked outside."""
    weeks = weeks_of(month)
    sheet = days(Span(weeks[0].first, weeks[-1].last), events)
    for day in sheet:
        day.is_outside = not month.first <= day.date <= month.last
    return [sheet[start : start + 7] for start in range(0, len(sheet), 7)]
