"""The formulas of DOMAIN 2.4, and periods of the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.attendance.models import AttendanceStatus
from portal.reports.figures import Figures, Turnout, figures_of, total
from portal.reports.periods import Period, period_of, period_typed

COUNTS = st.dictionaries(st.sampled_from(AttendanceStatus), st.integers(0, 500))


@given(st.lists(COUNTS, max_size=5))
def test_due_always_balances_and_sums_are_sums_of_people(rolls: list[dict]) -> None:
    each = [figures_of(counts) for counts in rolls]
    whole = total(each)
    assert whole.due == whole.present + whole.leave + whole.absent
    assert whole.roster == whole.due + whole.exempt
    assert whole.present == sum(one.present for one in each)
    assert whole.due == sum(one.due for one in each)


def test_rates_are_of_the_sums_and_not_averaged() -> None:
    small, large = Figures(present=1, absent=0), Figures(present=0, absent=9)
    assert small.attendance() == "100.0%"
    assert large.attendance() == "0.0%"
    assert (small + large).attendance() == "10.0%"


@pytest.mark.parametrize(
    ("figures", "rate"),
    [
        (Figures(), "—"),
        (Figures(exempt=3), "—"),
        (Figures(present=1, absent=2), "33.3%"),
        (Figures(present=2, absent=1), "66.7%"),
        (Figures(present=369, absent=31), "92.3%"),  # 92.25: half goes up
        (Figures(present=2871, leave=150, absent=84), "92.5%"),
    ],
)
def test_one_decimal_half_up_and_a_dash_for_nobody(figures: Figures, rate: str) -> None:
    assert figures.attendance() == rate


def test_public_leave_counts_only_where_the_rule_says_so() -> None:
    figures = figures_of({AttendanceStatus.PRESENT: 7, AttendanceStatus.LEAVE_PUBLIC: 3})
    assert figures.attendance() == "70.0%"
    assert figures.attendance(public_leave_counts=True) == "100.0%"


def test_what_is_made_up_changes_learning_and_nothing_else() -> None:
    before = figures_of({AttendanceStatus.PRESENT: 7, AttendanceStatus.ABSENT: 3})
    after = figures_of({AttendanceStatus.PRESENT: 7, AttendanceStatus.ABSENT: 3}, made_up=2)
    assert (after.present, after.attendance()) == (before.present, before.attendance())
    assert (before.learning, after.learning) == ("70.0%", "90.0%")


@pytest.mark.parametrize(
    ("turnout", "no_shows", "rate"),
    [
        (Turnout(confirmed=12, cancelled=2, came=8), 2, "80.0%"),
        (Turnout(confirmed=3, cancelled=3, came=0), 0, "—"),
        (Turnout(confirmed=0, cancelled=0, came=0), 0, "—"),
    ],
)
def test_no_shows_are_those_who_kept_their_place(
    turnout: Turnout, no_shows: int, rate: str
) -> None:
    assert (turnout.no_shows, turnout.rate) == (no_shows, rate)


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.sampled_from([1, 3, 12]))
def test_periods_are_whole_and_follow_one_another(day: date, months: int) -> None:
    period = period_of(day, months)
    assert period.span.first <= day <= period.span.last
    assert period_typed(period.code) == period
    assert period.after.before == period
    assert period.after.span.first == period.span.last + timedelta(days=1)


@pytest.mark.parametrize(
    "typed", ["", None, "26", "2026Q5", "2026-13", "1066", "2026Q", "x", "２０２６x", "2026-1"]
)
def test_nonsense_is_no_period(typed: str | None) -> None:
    assert period_typed(typed) is None


@pytest.mark.parametrize(
    ("code", "label"),
    [("2026", "2026年"), ("2026Q4", "2026年第四季度"), ("2026-11", "2026年11月")],
)
def test_periods_are_said_as_people_say_them(code: str, label: str) -> None:
    period = period_typed(code)
    assert period is not None
    assert period.label == label
    assert isinstance(period, Period)
