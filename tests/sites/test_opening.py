"""Opening hours and closures: what is typed, what holds on a day."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import InvalidInputError
from portal.sites.opening import (
    MINUTES_OF_A_DAY,
    Span,
    closure_on,
    joined,
    open_spans,
    spans_typed,
    spans_words,
    week_lines,
)

MONDAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Hours:
    weekday: int
    opens_minute: int
    closes_minute: int


@dataclass(frozen=True)
class Shut:
    starts_on: date
    ends_on: date | None = None
    weekday: int | None = None
    room_id: int | None = None


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("", []),
        ("休息", []),
        ("9:00-11:30", [Span(540, 690)]),
        ("9:00-11:30，14:00-17:00", [Span(540, 690), Span(840, 1020)]),
        ("14:00—17:00 9:00—11:30", [Span(540, 690), Span(840, 1020)]),
        ("９：００～１１：３０", [Span(540, 690)]),
        ("9点至11点30分", [Span(540, 690)]),
        ("0:00-24:00", [Span(0, 1440)]),
        ("9:00-11:00、11:00-12:00", [Span(540, 660), Span(660, 720)]),
    ],
)
def test_hours_are_understood_as_people_write_them(typed: str, spans: list[Span]) -> None:
    assert spans_typed(typed, field="monday") == spans


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("上午", "请按"),
        ("9:00", "请按"),
        ("9:00-11:00 还有", "请按"),
        ("11:00-9:00", "晚于"),
        ("9:00-9:00", "晚于"),
        ("9:00-24:30", "24:00"),
        ("9:75-11:00", "24:00"),
        ("9:00-11:00，10:00-12:00", "重叠"),
        ("，".join(f"{hour}:00-{hour}:30" for hour in range(8, 16)), "最多"),
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence(typed: str, word: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        spans_typed(typed, field="monday")
    assert word in refused.value.message
    assert refused.value.field == "monday"


spans = st.builds(
    lambda opens, length: Span(opens, min(opens + length, MINUTES_OF_A_DAY)),
    st.integers(0, MINUTES_OF_A_DAY - 1),
    st.integers(1, 600),
)


@given(st.lists(spans, max_size=8))
def test_joined_spans_hold_the_same_minutes_and_never_touch(given_spans: list[Span]) -> None:
    def minutes(some: list[Span]) -> set[int]:
        return {minute for one in some for minute in range(one.opens, one.closes)}

    made = joined(given_spans)
    assert minutes(made) == minutes(given_spans)
    assert all(one.closes < two.opens for one, two in itertools.pairwise(made))


@given(st.lists(spans, max_size=6))
def test_hours_typed_again_are_the_same_hours(given_spans: list[Span]) -> None:
    made = joined(given_spans)
    assert spans_typed(spans_words(made), field="x") == made


def test_a_closure_shuts_its_days_and_no_others() -> None:
    hours = [Hours(day, 540, 1020) for day in range(7)]
    repair = Shut(MONDAY, MONDAY + timedelta(days=2))
    assert open_spans(hours, [repair], MONDAY + timedelta(days=2)) == []
    assert open_spans(hours, [repair], MONDAY + timedelta(days=3)) == [Span(540, 1020)]
    assert open_spans(hours, [repair], MONDAY - timedelta(days=1)) == [Span(540, 1020)]


def test_a_weekly_rest_day_shuts_that_day_of_every_week() -> None:
    hours = [Hours(day, 540, 1020) for day in range(7)]
    rest = Shut(MONDAY, weekday=0)
    shut = [day for day in range(28) if not open_spans(hours, [rest], MONDAY + timedelta(days=day))]
    assert shut == [0, 7, 14, 21]
    ended = Shut(MONDAY, MONDAY + timedelta(days=10), weekday=0)
    assert open_spans(hours, [ended], MONDAY + timedelta(days=14)) != []


def test_a_closed_room_leaves_the_rest_open() -> None:
    hours = [Hours(0, 540, 1020)]
    painted = Shut(MONDAY, room_id=7)
    assert open_spans(hours, [painted], MONDAY) == [Span(540, 1020)]
    assert open_spans(hours, [painted], MONDAY, room_id=7) == []
    assert open_spans(hours, [painted], MONDAY, room_id=8) == [Span(540, 1020)]
    assert closure_on([painted], MONDAY, 7) is painted
    whole = Shut(MONDAY)
    assert open_spans(hours, [whole], MONDAY, room_id=8) == []


def test_equal_days_in_a_row_are_told_once() -> None:
    hours = [Hours(day, 540, 1020) for day in range(5)] + [Hours(5, 540, 720)]
    lines = [(line.days, [str(span) for span in line.spans]) for line in week_lines(hours)]
    assert lines == [("周一至周五", ["9:00–17:00"]), ("周六", ["9:00–12:00"]), ("周日", [])]
    assert [line.days for line in week_lines([])] == ["周一至周日"]
    weekend = week_lines([Hours(5, 540, 720), Hours(6, 540, 720)])
    assert [line.days for line in weekend] == ["周一至周五", "周六、周日"]
