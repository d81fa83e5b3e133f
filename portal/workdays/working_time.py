"""Time that counts: the hours of working days, on China's clock. Pure.

Monday to Friday without days off, and the weekend days that are worked in exchange (调休);
each from 9:00 to 18:00. Nights, and so the quiet hours, do not count.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal import clock

BEGIN, END = time(9), time(18)
SATURDAY = 5
# Nobody is off for so long; a table that says so is a slip of the keyboard.
_LONGEST_BREAK = 400


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are not as their weekday says."""

    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    @property
    def years(self) -> frozenset[int]:
        """The years of which somebody has written down at least one day off."""
        return frozenset(day.year for day in self.off)

    def is_worked(self, day: date) -> bool:
        """Return whether people work on that day."""
        return day in self.working or (day.weekday() < SATURDAY and day not in self.off)


def after_working_time(moment: datetime, wanted: timedelta, calendar: WorkCalendar) -> datetime:
    """Return when so much working time has passed since the moment.

    A moment outside working time counts from the next opening; time that is used up at 18:00
    ends at 18:00 and not on the next morning.
    """
    left, now = wanted, clock.local(moment).replace(tzinfo=None)
    for _ in range(_LONGEST_BREAK + wanted // timedelta(hours=1)):
        if calendar.is_worked(now.date()):
            opens = max(now, datetime.combine(now.date(), BEGIN))
            closes = datetime.combine(now.date(), END)
            if opens + left <= closes:
                return clock.from_local(opens + left)
            left -= max(timedelta(), closes - opens)
        now = datetime.combine(now.date() + timedelta(days=1), time())
    return clock.from_local(now)
