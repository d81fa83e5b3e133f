"""Working time on China's clock: weekends, holidays, days worked in exchange, nights."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.workdays.working_time import BEGIN, END, WorkCalendar, after_working_time

NATIONAL_DAYS = WorkCalendar(
    off=frozenset(date(2026, 10, day) for day in range(1, 8)),
    working=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-09-21T10:00", 4, "2026-09-21T14:00"),
        ("2026-09-21T14:00", 4, "2026-09-21T18:00"),  # used up at closing, not next morning
        ("2026-09-21T16:00", 4, "2026-09-22T11:00"),
        ("2026-09-21T22:30", 1, "2026-09-22T10:00"),  # nights do not count
        ("2026-09-21T03:00", 1, "2026-09-21T10:00"),
        ("2026-09-18T17:00", 2, "2026-09-20T10:00"),  # a Sunday that is worked
        ("2026-09-11T17:00", 2, "2026-09-14T10:00"),  # a weekend that is not
        ("2026-09-30T17:00", 2, "2026-10-08T10:00"),  # the national days
        ("2026-10-09T17:00", 2, "2026-10-10T10:00"),  # the Saturday after them
    ],
)
def test_hours_are_counted_on_working_days(since: str, hours: int, until: str) -> None:
    assert after_working_time(at(since), timedelta(hours=hours), NATIONAL_DAYS) == at(until)


moments = st.datetimes(datetime(2026, 9, 1), datetime(2026, 10, 31)).map(clock.from_local)  # noqa: DTZ001


@given(moments, st.integers(1, 60), st.integers(1, 60))
def test_parts_add_up_and_it_ends_within_working_time(
    since: datetime, first: int, second: int
) -> None:
    halfway = after_working_time(since, timedelta(minutes=first * 30), NATIONAL_DAYS)
    whole = after_working_time(since, timedelta(minutes=(first + second) * 30), NATIONAL_DAYS)
    assert after_working_time(halfway, timedelta(minutes=second * 30), NATIONAL_DAYS) == whole
    local = clock.local(whole)
    assert NATIONAL_DAYS.is_worked(local.date())
    assert BEGIN < local.time() <= END
