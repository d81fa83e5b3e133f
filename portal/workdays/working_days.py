"""Counting in working days, over days off and weekends worked in exchange (调休). Pure.

The day on which something begins never counts: what is due in one working day is due at the end
of the next day that is worked (the usual way of the deadlines of DOMAIN 2.12).
"""

from datetime import date, timedelta

from portal.workdays.working_time import WorkCalendar

_DAY = timedelta(days=1)


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    """Return the first day after `day` that is worked."""
    day += _DAY
    while not calendar.is_worked(day):
        day += _DAY
    return day


def previous_working_day(day: date, calendar: WorkCalendar) -> date:
    """Return the last day before `day` that is worked."""
    day -= _DAY
    while not calendar.is_worked(day):
        day -= _DAY
    return day


def add_working_days(day: date, number: int, calendar: WorkCalendar) -> date:
    """Return the working day that is `number` of them after `day`; 0 is `day` itself."""
    for _ in range(number):
        day = next_working_day(day, calendar)
    return day


def working_days_between(first: date, last: date, calendar: WorkCalendar) -> int:
    """Return how many working days lie after `first` up to `last`; negative when it lies before."""
    if last < first:
        return -working_days_between(last, first, calendar)
    days = (last - first).days
    return sum(calendar.is_worked(first + timedelta(days=number)) for number in range(1, days + 1))


def unknown_years(first: date, last: date, calendar: WorkCalendar) -> list[int]:
    """Return the years from `first` to `last` of which no day off is written down.

    Their days count by their weekday alone, Monday to Friday; the reader is told so.
    """
    return [year for year in range(first.year, last.year + 1) if year not in calendar.years]
