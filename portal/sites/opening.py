"""When a site or a room of it is open. Pure: minutes of China's day, days of its calendar."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.errors import InvalidInputError

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MINUTES_OF_A_DAY = 24 * 60
MOST_SPANS = 6

_SPAN = re.compile(r"(\d{1,2})[:：点时](\d{2})?分?\s*[-–—~～至到]+\s*(\d{1,2})[:：点时](\d{2})?分?")
_CLOSED = frozenset({"", "休", "休息", "不开放", "闭馆", "关闭", "-"})
_BETWEEN = " ,，、;；/和\n\t"


class Hours(Protocol):
    """A span of one weekday."""

    @property
    def weekday(self) -> int: ...
    @property
    def opens_minute(self) -> int: ...
    @property
    def closes_minute(self) -> int: ...


class Shut(Protocol):
    """Days on which a site, or one room of it, is shut."""

    @property
    def room_id(self) -> int | None: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def weekday(self) -> int | None: ...


@dataclass(frozen=True, order=True)
class Span:
    """From `opens` to `closes`, minutes since midnight; `closes` is not open any more."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{clock_words(self.opens)}–{clock_words(self.closes)}"

    def holds(self, other: "Span") -> bool:
        """Return whether the other span lies within this one."""
        return self.opens <= other.opens and other.closes <= self.closes


def clock_words(minute: int) -> str:
    """Return 9:05 for 545; 24:00 for the end of the day."""
    return f"{minute // 60}:{minute % 60:02}"


def is_shut_on(closure: Shut, day: date, room_id: int | None = None) -> bool:
    """Return whether this closure shuts the room that day; without a room, the whole site.

    A closure of one room shuts neither the site nor another room.
    """
    if closure.room_id is not None and closure.room_id != room_id:
        return False
    if day < closure.starts_on or (closure.ends_on is not None and day > closure.ends_on):
        return False
    return closure.weekday is None or closure.weekday == day.weekday()


def closure_on(closures: Iterable[Shut], day: date, room_id: int | None = None) -> Shut | None:
    """Return the first closure that shuts the room (without one: the site) that day."""
    return next((one for one in closures if is_shut_on(one, day, room_id)), None)


def open_spans(
    hours: Iterable[Hours], closures: Iterable[Shut], day: date, room_id: int | None = None
) -> list[Span]:
    """Return when the room (without one: the site) is open that day, in order.

    Spans that touch are one: a visit may go on from the one into the other.
    """
    if closure_on(closures, day, room_id) is not None:
        return []
    return joined(
        Span(one.opens_minute, one.closes_minute) for one in hours if one.weekday == day.weekday()
    )


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that touch or overlap made one."""
    made: list[Span] = []
    for span in sorted(spans):
        if made and span.opens <= made[-1].closes:
            made[-1] = Span(made[-1].opens, max(made[-1].closes, span.closes))
        else:
            made.append(span)
    return made


def spans_typed(text: str, *, field: str) -> list[Span]:
    """Return the spans of what was typed for one day: 9:00-11:30，14:00-17:00.

    Raise InvalidInputError, naming the field, for what is no span, ends before it begins, or
    overlaps.
    """
    typed = text.translate(dict(zip(range(0xFF10, 0xFF1A), "0123456789", strict=True)))
    if typed.strip() in _CLOSED:
        return []
    rest = _SPAN.sub(" ", typed).strip(_BETWEEN)
    if rest:
        raise InvalidInputError("请按“9:00-11:30，14:00-17:00”填写；不开放就不填。", field=field)
    spans = []
    for found in _SPAN.finditer(typed):
        opens, closes = (_minute(found[1], found[2]), _minute(found[3], found[4]))
        if closes > MINUTES_OF_A_DAY or int(found[2] or 0) > 59 or int(found[4] or 0) > 59:
            raise InvalidInputError("时间要在 0:00 到 24:00 之间。", field=field)
        if closes <= opens:
            raise InvalidInputError(f"“{found[0]}”的结束时间要晚于开始时间。", field=field)
        spans.append(Span(opens, closes))
    spans.sort()
    if any(later.opens < earlier.closes for earlier, later in itertools.pairwise(spans)):
        raise InvalidInputError("同一天的两段时间重叠了。", field=field)
    if len(spans) > MOST_SPANS:
        raise InvalidInputError(f"一天最多 {MOST_SPANS} 段。", field=field)
    return spans


def _minute(hour: str, minute: str | None) -> int:
    return int(hour) * 60 + int(minute or 0)


def spans_words(spans: Sequence[Span]) -> str:
    """Return the spans as they are typed again: 9:00-11:30，14:00-17:00."""
    return "，".join(f"{clock_words(one.opens)}-{clock_words(one.closes)}" for one in spans)


@dataclass(frozen=True)
class WeekLine:
    """Weekdays in a row with the same hours, as a notice at the door says them."""

    days: str
    spans: tuple[Span, ...]


def week_lines(hours: Iterable[Hours]) -> list[WeekLine]:
    """Return the week with equal days in a row told once: 周一至周五 9:00–17:00."""
    known = list(hours)
    by_day = [
        tuple(joined(Span(h.opens_minute, h.closes_minute) for h in known if h.weekday == day))
        for day in range(7)
    ]
    lines: list[WeekLine] = []
    first = 0
    for day in range(1, 8):
        if day < 7 and by_day[day] == by_day[first]:
            continue
        lines.append(WeekLine(_days(first, day - 1), by_day[first]))
        first = day
    return lines


def _days(first: int, last: int) -> str:
    if first == last:
        return WEEKDAYS[first]
    return (
        f"{WEEKDAYS[first]}至{WEEKDAYS[last]}"
        if last - first > 1
        else f"{WEEKDAYS[first]}、{WEEKDAYS[last]}"
    )
