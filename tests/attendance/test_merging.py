"""What several doors saw of one person comes to the same in any order."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.attendance.merging import Seen, Standing, Window, merged
from portal.attendance.models import AttendanceStatus, Direction, Method, Outcome
from portal.attendance.rules import Timing
from tests.attendance.conftest import MINUTE, NINE

S = AttendanceStatus
M = Method
WINDOW = Window.of(NINE, Timing())
NOT_SEEN = Standing(S.EXPECTED, True, False, None, None, None, None)
IN_TIME, LATER, LATE = NINE - 5 * MINUTE, NINE + 5 * MINUTE, NINE + 20 * MINUTE


def standing(status: S, method: M | None = None, at=None, **more) -> Standing:
    has_come = more.pop("has_come", at is not None)
    return NOT_SEEN._replace(status=status, method=method, arrived_at=at, has_come=has_come, **more)


@pytest.mark.parametrize(
    ("now", "seen", "outcome", "status", "arrived_at", "method"),
    [
        (NOT_SEEN, (IN_TIME, M.SCAN), "recorded", S.PRESENT, IN_TIME, M.SCAN),
        (NOT_SEEN, (NINE + 10 * MINUTE, M.SCAN), "recorded", S.PRESENT, NINE + 10 * MINUTE, M.SCAN),
        (NOT_SEEN, (LATE, M.KIOSK), "recorded", S.LATE, LATE, M.KIOSK),
        # A host who is busy ticks after the fact.
        (NOT_SEEN, (LATE, M.TICK), "recorded", S.PRESENT, LATE, M.TICK),
        # Exempt and on leave, and has come all the same.
        (standing(S.EXEMPT), (IN_TIME, M.SCAN), "recorded", S.PRESENT, IN_TIME, M.SCAN),
        (
            standing(S.LEAVE_SICK, M.TICK, away_at=IN_TIME),
            (LATER, M.SCAN),
            *("recorded", S.PRESENT, LATER, M.SCAN),
        ),
        # Said to be on leave after the door had seen the person: that stands.
        (
            standing(S.LEAVE_SICK, M.TICK, away_at=LATER),
            (LATER, M.SCAN),
            *("already", S.LEAVE_SICK, None, M.TICK),
        ),
        # Guests stay guests.
        (
            standing(S.GUEST, is_listed=False),
            (LATE, M.SCAN),
            *("recorded", S.GUEST, LATE, M.SCAN),
        ),
        # The earliest counts, in whichever order.
        (
            standing(S.LATE, M.SCAN, LATE),
            (IN_TIME, M.KIOSK),
            *("already", S.PRESENT, IN_TIME, M.KIOSK),
        ),
        (
            standing(S.PRESENT, M.SCAN, IN_TIME),
            (LATE, M.KIOSK),
            *("already", S.PRESENT, IN_TIME, M.SCAN),
        ),
        # What was said by hand stands; only the time is known better now.
        (
            standing(S.LATE, M.TICK, LATE),
            (IN_TIME, M.SCAN),
            *("already", S.LATE, IN_TIME, M.TICK),
        ),
        (
            standing(S.LEFT_EARLY, M.TICK, LATER),
            (IN_TIME, M.SCAN),
            *("already", S.LEFT_EARLY, IN_TIME, M.TICK),
        ),
        (
            standing(S.PRESENT, M.TICK, LATE + 10 * MINUTE),
            (LATE, M.SCAN),
            *("already", S.PRESENT, LATE, M.TICK),
        ),
        # Entered afterwards without a time: now there is one.
        (
            standing(S.PRESENT, M.LATER, has_come=True),
            (IN_TIME, M.SCAN),
            *("already", S.PRESENT, IN_TIME, M.SCAN),
        ),
    ],
)
def test_what_comes_of_a_check_in(now, seen, outcome, status, arrived_at, method) -> None:
    found, after = merged(now, Seen(seen[0], seen[1], None), WINDOW)
    assert (found, after.status, after.arrived_at, after.method) == (
        Outcome(outcome),
        status,
        arrived_at,
        method,
    )
    assert after.has_come == (arrived_at is not None)


seen = st.builds(
    Seen,
    at=st.integers(-60, 90).map(lambda minutes: NINE + minutes * MINUTE),
    method=st.sampled_from([M.SCAN, M.KIOSK, M.CODE, M.TICK]),
    by_id=st.none(),
    device=st.sampled_from(["东门", "西门"]),
    direction=st.sampled_from([None, *Direction]),
)
start = st.sampled_from(
    [
        NOT_SEEN,
        standing(S.EXEMPT),
        standing(S.GUEST, is_listed=False),
        standing(S.LEAVE_PUBLIC, M.TICK, away_at=NINE),
        standing(S.LATE, M.TICK, NINE + 15 * MINUTE),
        standing(S.PRESENT, M.TICK, NINE + 15 * MINUTE),
    ]
)


@given(start, st.lists(seen, min_size=1, max_size=4), st.sampled_from([None, 30 * MINUTE]))
def test_the_order_of_arrival_never_matters(now: Standing, all_seen: list[Seen], stay) -> None:
    window = replace(WINDOW, minimum_stay=stay)

    def after(order) -> Standing:
        standing = now
        for one in order:
            standing = merged(standing, one, window)[1]
        return standing

    assert len({after(order) for order in permutations(all_seen)}) == 1
    assert after([*all_seen, *all_seen]) == after(all_seen)


def test_the_moment_that_counts_is_neither_ahead_nor_before_the_opening() -> None:
    opens_at, now = NINE - 60 * MINUTE, NINE
    assert WINDOW.opens_at == opens_at
    assert WINDOW.clamped(IN_TIME, now) == IN_TIME
    assert WINDOW.clamped(now + timedelta(days=1), now) == now
    assert WINDOW.clamped(opens_at - timedelta(days=1), now) == opens_at
    early = replace(WINDOW, opens_at=now)
    assert early.clamped(IN_TIME, now) == now
