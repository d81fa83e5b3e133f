"""The numbers of a roll always add up; the rate is rounded as on paper; who is late."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.attendance.models import (
    LEAVE,
    NOT_DUE,
    OUTSIDE,
    PRESENT,
    AttendanceStatus,
)
from portal.attendance.rules import Timing, attendance_rate, balance, offered, standing
from tests.attendance.conftest import HOUR, MINUTE, NINE

counts = st.dictionaries(st.sampled_from(list(AttendanceStatus)), st.integers(0, 5000))
status = st.sampled_from(list(AttendanceStatus))


@given(counts)
def test_due_is_present_and_leave_and_absent_whatever_the_roll(counts) -> None:
    numbers = balance(counts)
    assert numbers.due == numbers.present + numbers.leave + numbers.absent
    assert numbers.due == sum(n for status, n in counts.items() if status not in NOT_DUE)


@given(counts, status, status)
def test_moving_one_person_between_due_statuses_keeps_due(counts, one, other) -> None:
    before = balance({**counts, one: counts.get(one, 0) + 1})
    after = balance({**counts, other: counts.get(other, 0) + 1})
    if one not in NOT_DUE and other not in NOT_DUE:
        assert before.due == after.due


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_the_rate_is_within_a_twentieth_of_the_true_share(present: int, due: int) -> None:
    shown = Decimal(attendance_rate(present, due).removesuffix("%"))
    true = Decimal(present * 100) / Decimal(due)
    assert abs(shown - true) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("present", "due", "shown"),
    [
        (0, 0, "—"),
        (0, 3, "0.0%"),
        (2871, 3105, "92.5%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 16, "6.3%"),  # 6.25: half up, where floats and bankers say 6.2
        (5, 8, "62.5%"),
        (18, 18, "100.0%"),
    ],
)
def test_the_rate_is_rounded_half_up_and_nobody_due_is_a_dash(present, due, shown) -> None:
    assert attendance_rate(present, due) == shown


@given(status, status, st.booleans())
def test_somebody_on_the_due_list_becomes_what_the_host_says(wanted, now, is_open) -> None:
    reached = standing(wanted, now=now, is_listed=True, is_open=is_open)
    assert reached is not None
    assert reached[0] is wanted
    if wanted not in OUTSIDE:
        assert reached[1] == (wanted in PRESENT)


@given(status, st.sampled_from(sorted(OUTSIDE)), st.booleans())
def test_somebody_outside_never_becomes_due(wanted, now, is_open) -> None:
    reached = standing(wanted, now=now, is_listed=False, is_open=is_open)
    if wanted in LEAVE or wanted is AttendanceStatus.EXEMPT:
        assert reached is None
    else:
        assert reached is not None
        assert reached[0] in OUTSIDE


@pytest.mark.parametrize(
    ("minutes", "is_open", "takes_codes", "becomes"),
    [
        (-61, False, False, "present"),
        (-60, True, True, "present"),
        (0, True, True, "present"),
        (10, True, True, "present"),
        (11, True, True, "late"),
        (150, True, True, "late"),
        (151, True, False, "late"),
    ],
)
def test_when_the_roll_takes_what(minutes, is_open, takes_codes, becomes) -> None:
    timing, moment = Timing(), NINE + minutes * MINUTE
    assert timing.is_open(NINE, moment) is is_open
    assert timing.takes_codes(NINE, NINE + 2 * HOUR, moment) is takes_codes
    assert timing.by_own_act(NINE, moment).value == becomes


@given(status, st.booleans(), st.booleans(), st.booleans())
def test_the_menu_offers_only_what_can_be_done(now, is_listed, is_open, has_begun) -> None:
    if not is_listed and now not in OUTSIDE:
        now = AttendanceStatus.GUEST
    for has_come in (False, True):
        shown = offered(
            now, is_listed=is_listed, has_come=has_come, is_open=is_open, has_begun=has_begun
        )
        for wanted in shown:
            reached = standing(wanted, now=now, is_listed=is_listed, is_open=is_open)
            assert reached is not None
            assert reached != (now, has_come)
