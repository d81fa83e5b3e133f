"""Counting in working days: days off, weekends worked in exchange, across years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workdays.working_days import (
    add_working_days,
    next_working_day,
    previous_working_day,
    unknown_years,
    working_days_between,
)
from portal.workdays.working_time import WorkCalendar

DAY = timedelta(days=1)
# New Year and Spring Festival of 2026 as the notice has them, with the weekends worked for them.
CALENDAR = WorkCalendar(
    off=frozenset(
        [date(2026, 1, day) for day in (1, 2, 3)] + [date(2026, 2, day) for day in range(15, 24)]
    ),
    working=frozenset({date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)}),
)


@pytest.mark.parametrize(
    ("first", "number", "last"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 9)),  # over a weekend
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday, then Monday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # what begins on a Saturday
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked in exchange
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # over nine days off
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # across the year: a Sunday that is worked
        (date(2025, 12, 30), 3, date(2026, 1, 5)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_working_days_are_counted_over_holidays_and_exchanged_weekends(
    first: date, number: int, last: date
) -> None:
    assert add_working_days(first, number, CALENDAR) == last
    if number:
        assert working_days_between(first, last, CALENDAR) == number


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
calendars = st.builds(
    WorkCalendar,
    off=st.frozensets(days, max_size=40),
    working=st.frozensets(days, max_size=15),
)


@given(days, st.integers(0, 60), calendars)
def test_what_is_added_is_what_lies_between(first: date, number: int, calendar: WorkCalendar):
    last = add_working_days(first, number, calendar)
    assert working_days_between(first, last, calendar) == number
    assert working_days_between(last, first, calendar) == -number
    assert number == 0 or calendar.is_worked(last)


@given(days, st.integers(0, 30), st.integers(0, 30), calendars)
def test_days_can_be_added_in_parts(first: date, one: int, other: int, calendar: WorkCalendar):
    whole = add_working_days(first, one + other, calendar)
    assert add_working_days(add_working_days(first, one, calendar), other, calendar) == whole


@given(days, calendars)
def test_the_next_and_the_previous_working_day_have_no_other_between(
    day: date, calendar: WorkCalendar
) -> None:
    after, before = next_working_day(day, calendar), previous_working_day(day, calendar)
    assert before < day < after
    between = [day + DAY * n for n in range(1, (after - day).days)]
    between += [before + DAY * n for n in range(1, (day - before).days)]
    assert not any(calendar.is_worked(one) for one in between)


@given(days, st.integers(1, 20), calendars, days)
def test_one_more_day_off_never_makes_a_deadline_earlier(
    first: date, number: int, calendar: WorkCalendar, closed: date
) -> None:
    more = WorkCalendar(off=calendar.off | {closed}, working=calendar.working - {closed})
    assert add_working_days(first, number, more) >= add_working_days(first, number, calendar)


def test_years_of_which_nothing_is_written_are_named() -> None:
    assert unknown_years(date(2025, 12, 1), date(2027, 1, 5), CALENDAR) == [2025, 2027]
    assert unknown_years(date(2026, 1, 1), date(2026, 12, 31), CALENDAR) == []
