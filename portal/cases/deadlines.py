"""Deadlines and their yellow and red marks, counted once when a case gets one. Pure.

Days end at midnight on China's calendar: what is due in five working days may be settled in the
evening of the fifth. Marks are moments, so that lists and boards ask for them without counting.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal import clock
from portal.cases.models import Counting
from portal.workdays.working_days import (
    add_working_days,
    next_working_day,
    previous_working_day,
    unknown_years,
)
from portal.workdays.working_time import WorkCalendar

_LAST_MINUTE = time(23, 59)
# Of a deadline in hours, the last quarter is yellow.
_YELLOW_SHARE = 0.75


@dataclass(frozen=True)
class Deadline:
    """When a case is due, and from when it is marked yellow and red."""

    due_at: datetime
    yellow_at: datetime
    red_at: datetime


def deadline(
    start: datetime, amount: int, counting: Counting, *, yellow_days: int, calendar: WorkCalendar
) -> Deadline:
    """Return the deadline `amount` after `start`; yellow `yellow_days` working days before.

    Hours run through nights and days off; red is then the deadline itself. Of days the first
    is the one after `start`, and red the first working day after the last of them.
    """
    begun = clock.local(start).date()
    match counting:
        case Counting.HOURS:
            span = timedelta(hours=amount)
            return Deadline(start + span, start + span * _YELLOW_SHARE, start + span)
        case Counting.WORKING_DAYS:
            return on_day(
                add_working_days(begun, amount, calendar),
                yellow_days=yellow_days,
                calendar=calendar,
            )
        case Counting.NATURAL_DAYS:
            return on_day(
                begun + timedelta(days=amount), yellow_days=yellow_days, calendar=calendar
            )


def extended(due_at: datetime, days: int, *, yellow_days: int, calendar: WorkCalendar) -> Deadline:
    """Return the deadline that is so many working days later."""
    last = add_working_days(clock.local(due_at).date(), days, calendar)
    return on_day(last, yellow_days=yellow_days, calendar=calendar)


def end_of(start: datetime, amount: int, counting: Counting, calendar: WorkCalendar) -> datetime:
    """Return the last moment of a limit that begins at `start`."""
    return deadline(start, amount, counting, yellow_days=1, calendar=calendar).due_at


def uncertain_years(start: datetime, due_at: datetime, calendar: WorkCalendar) -> list[int]:
    """Return the years of the span of which the calendar knows no days off."""
    return unknown_years(clock.local(start).date(), clock.local(due_at).date(), calendar)


def on_day(last: date, *, yellow_days: int, calendar: WorkCalendar) -> Deadline:
    """Return the deadline at the end of a day, with the marks that belong to it."""
    yellow = last
    for _ in range(yellow_days):
        yellow = previous_working_day(yellow, calendar)
    red = next_working_day(last, calendar)
    return Deadline(
        clock.from_local(datetime.combine(last, _LAST_MINUTE)), _morning(yellow), _morning(red)
    )


def _morning(day: date) -> datetime:
    return clock.from_local(datetime.combine(day, time()))
