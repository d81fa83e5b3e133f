"""When a walk is where: computed from the hour it sets out. Pure; minutes since midnight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.sites.opening import MINUTES_OF_A_DAY, Hours, Shut, Span, clock_words, open_spans


class Leg(Protocol):
    """A stop: minutes there, minutes and metres on foot to the next."""

    @property
    def minutes(self) -> int: ...
    @property
    def walk_minutes(self) -> int: ...
    @property
    def walk_metres(self) -> int | None: ...


@dataclass(frozen=True)
class Timed:
    """A stop with its times; `walk_minutes` leads to the next stop, 0 at the last."""

    number: int
    arrives: int
    leaves: int
    walk_minutes: int
    walk_metres: int | None


@dataclass(frozen=True)
class Timetable:
    """A walk from its first minute to its last."""

    starts: int
    stops: tuple[Timed, ...]

    @property
    def ends(self) -> int:
        """The minute in which the last stop is over."""
        return self.stops[-1].leaves if self.stops else self.starts

    @property
    def total(self) -> int:
        """Minutes from setting out to the end of the last stop."""
        return self.ends - self.starts

    @property
    def walking(self) -> int:
        """Minutes on foot."""
        return sum(stop.walk_minutes for stop in self.stops)

    @property
    def metres(self) -> int | None:
        """Metres on foot, where every leg between stops is known."""
        legs = [stop.walk_metres for stop in self.stops[:-1]]
        known = [metres for metres in legs if metres is not None]
        return sum(known) if legs and len(known) == len(legs) else None


def timetable(stops: Sequence[Leg], starts: int) -> Timetable:
    """Return when each stop is reached and left; the way after the last stop does not count."""
    timed, now = [], starts
    for number, stop in enumerate(stops, 1):
        is_last = number == len(stops)
        leaves = now + stop.minutes
        timed.append(
            Timed(
                number,
                now,
                leaves,
                0 if is_last else stop.walk_minutes,
                None if is_last else stop.walk_metres,
            )
        )
        now = leaves + timed[-1].walk_minutes
    return Timetable(starts, tuple(timed))


def minute_words(minute: int) -> str:
    """Return 9:05, or 次日 0:20 past midnight."""
    day, rest = divmod(minute, MINUTES_OF_A_DAY)
    prefix = "" if day == 0 else "次日 " if day == 1 else f"第 {day + 1} 天 "
    return prefix + clock_words(rest)


def length_words(minutes: int) -> str:
    """Return 45 分钟, 2 小时, 2 小时 15 分."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"


def is_open_for(
    timed: Timed, hours: Sequence[Hours], closures: Sequence[Shut], day: date
) -> bool | None:
    """Return whether the site is open for the whole stop that day; None where no hours are known.

    Past midnight it is another day, which is not judged.
    """
    if not hours or timed.leaves > MINUTES_OF_A_DAY:
        return None
    wanted = Span(timed.arrives, timed.leaves)
    return any(span.holds(wanted) for span in open_spans(hours, closures, day))
