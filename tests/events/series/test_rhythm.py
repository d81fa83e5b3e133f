"""On which days a series takes place: across month ends, leap days and holidays."""

import itertools
from calendar import monthrange
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.errors import InvalidInputError
from portal.events.series.models import Rhythm
from portal.events.series.patterns import plain_title
from portal.events.series.rhythm import MOST_EVENTS, Plan, days, words

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2090, 12, 31, 23, 59)).map(  # noqa: DTZ001
    lambda naive: naive.replace(second=0, microsecond=0)
)
PLANS = st.builds(
    Plan, st.sampled_from(Rhythm), st.integers(1, 12), st.none(), st.integers(2, MOST_EVENTS)
)


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return clock.from_local(datetime(year, month, day, hour))  # noqa: DTZ001


def on(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%d}"


@given(first=MOMENTS, plan=PLANS)
def test_every_event_is_at_the_hour_of_the_first_and_as_many_as_asked_for(
    first: datetime, plan: Plan
) -> None:
    found = days(plan, clock.from_local(first)).starts
    assert found[0] == clock.from_local(first)
    assert found == sorted(set(found))
    assert all(clock.local(start).time() == first.time() for start in found)
    reached_the_end = clock.local(found[-1]).year > 2099 - 2 * plan.every
    assert len(found) == plan.count or reached_the_end


@given(first=MOMENTS, every=st.integers(1, 12), count=st.integers(2, MOST_EVENTS))
def test_weeks_are_whole(first: datetime, every: int, count: int) -> None:
    found = days(Plan(Rhythm.WEEKLY, every, None, count), clock.from_local(first)).starts
    gaps = {later - earlier for earlier, later in itertools.pairwise(found)}
    assert gaps <= {timedelta(weeks=every)}


@given(first=MOMENTS, every=st.integers(1, 12))
def test_a_day_of_the_month_is_that_day_or_the_last(first: datetime, every: int) -> None:
    found = days(Plan(Rhythm.MONTHLY_DATE, every, None, 24), clock.from_local(first)).starts
    for number, start in enumerate(found):
        local = clock.local(start)
        months = first.year * 12 + first.month - 1 + number * every
        assert (local.year, local.month) == (months // 12, months % 12 + 1)
        assert local.day == min(first.day, monthrange(local.year, local.month)[1])


@given(first=MOMENTS, rhythm=st.sampled_from(list(Rhythm)[2:]))
def test_a_weekday_of_the_month_stays_that_weekday(first: datetime, rhythm: Rhythm) -> None:
    found = days(Plan(rhythm, 1, None, 24), clock.from_local(first)).starts[1:]
    nth = (first.day - 1) // 7 + 1
    for start in found:
        local = clock.local(start)
        assert local.weekday() == first.weekday()
        is_last = local.day + 7 > monthrange(local.year, local.month)[1]
        if rhythm is Rhythm.MONTHLY_LAST_WEEKDAY or nth == 5:
            assert is_last
        else:
            assert (local.day - 1) // 7 + 1 == nth


@given(first=MOMENTS, plan=PLANS, closed=st.sets(st.integers(0, 400), max_size=60))
def test_holidays_are_left_out_and_named_and_nothing_else_moves(
    first: datetime, plan: Plan, closed: set[int]
) -> None:
    start = clock.from_local(first)
    holidays = {first.date() + timedelta(days=number) for number in closed}
    found = days(plan, start, holidays=holidays)
    kept = {clock.local(one).date() for one in found.starts}
    assert not (kept - {first.date()}) & holidays
    assert set(found.left_out) <= holidays
    everything = sorted(kept | set(found.left_out))
    count = min(len(everything), MOST_EVENTS)
    plain = days(Plan(plan.rhythm, plan.every, None, max(2, count)), start).starts
    assert [clock.local(one).date() for one in plain][:count] == everything[:count]


@given(first=MOMENTS, rhythm=st.sampled_from(Rhythm), span=st.integers(1, 300))
def test_nothing_takes_place_after_the_last_day(first: datetime, rhythm: Rhythm, span: int) -> None:
    until = first.date() + timedelta(days=span)
    found = days(Plan(rhythm, 1, until), clock.from_local(first)).starts
    assert all(clock.local(start).date() <= until for start in found)


@pytest.mark.parametrize(
    ("rhythm", "first", "then"),
    [
        (Rhythm.MONTHLY_DATE, at(2027, 12, 31), ["2028-01-31", "2028-02-29", "2028-03-31"]),
        (Rhythm.MONTHLY_DATE, at(2028, 2, 29), ["2028-03-29", "2028-04-29", "2028-05-29"]),
        (Rhythm.MONTHLY_DATE, at(2027, 1, 30), ["2027-02-28", "2027-03-30", "2027-04-30"]),
        (Rhythm.WEEKLY, at(2028, 2, 22), ["2028-02-29", "2028-03-07", "2028-03-14"]),
        (Rhythm.MONTHLY_WEEKDAY, at(2027, 1, 14), ["2027-02-11", "2027-03-11", "2027-04-08"]),
        (Rhythm.MONTHLY_WEEKDAY, at(2027, 1, 29), ["2027-02-26", "2027-03-26", "2027-04-30"]),
        (Rhythm.MONTHLY_LAST_WEEKDAY, at(2027, 1, 1), ["2027-01-29", "2027-02-26", "2027-03-26"]),
    ],
)
def test_month_ends_and_leap_days(rhythm: Rhythm, first: datetime, then: list[str]) -> None:
    found = days(Plan(rhythm, 1, None, 4), first).starts
    assert [on(start) for start in found[1:]] == then


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(Rhythm.WEEKLY), "count"),
        (Plan(Rhythm.WEEKLY, 1, date(2027, 5, 1), 3), "count"),
        (Plan(Rhythm.WEEKLY, 0, None, 3), "every"),
        (Plan(Rhythm.WEEKLY, 13, None, 3), "every"),
        (Plan(Rhythm.WEEKLY, 1, None, 1), "count"),
        (Plan(Rhythm.WEEKLY, 1, None, 61), "count"),
        (Plan(Rhythm.WEEKLY, 1, date(2027, 3, 5), None), "until"),
        (Plan(Rhythm.WEEKLY, 1, date(2029, 3, 5), None), "until"),
    ],
)
def test_a_plan_without_a_sensible_end_is_refused(plan: Plan, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        days(plan, at(2027, 3, 5))
    assert refused.value.field == field


def test_a_rhythm_is_told_in_words_of_the_first_day() -> None:
    first = clock.from_local(datetime.combine(date(2027, 1, 29), time(9)))
    told = [words(rhythm, first) for rhythm in Rhythm]
    assert told[0] == "每周周五"
    assert told[1] == "每月29日（没有这一天的月份用最后一天）"
    assert told[2:] == ["每月最后一个周五", "每月最后一个周五"]
    assert words(Rhythm.WEEKLY, first, 2) == "每 2 周的周五"
    assert words(Rhythm.MONTHLY_WEEKDAY, at(2027, 1, 14), 3) == "每 3 个月的第二个周四"


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("{月}月主题党日", "主题党日"),
        ("{年}年{月}月第{次}次例会", "例会"),
        ("第{次}讲：红色物业", "：红色物业"),
        ("主题党日", "主题党日"),
        ("{月}月{日}日", "{月}月{日}日"),
    ],
)
def test_a_series_is_named_without_months(title: str, plain: str) -> None:
    assert plain_title(title) == plain
