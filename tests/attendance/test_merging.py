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
            standing(S.LEFT_EARLY, M.SCAN, LATE),
            (IN_TIME, M.KIOSK),
            *("already", S.LEFT_EARLY, IN_TIME, M.SCAN),
        ),
        # A tick says in time, whenever it was made; a scan before it says when and where.
        (
            standing(S.PRESENT, M.TICK, LATE + 10 * MINUTE),
            (LATE, M.SCAN),
            *("already", S.PRESENT, LATE, M.SCAN),
        ),
        (
            standing(S.LATE, M.SCAN, LATE),
            (LATE, M.TICK),
            *("already", S.PRESENT, LATE, M.SCAN),
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


# Few moments, so that many fall on one: the last that is in time, the first that is late.
moment = st.sampled_from([-60, -5, 15, 16, 16, 50]).map(lambda minutes: NINE + minutes * MINUTE)
seen = st.builds(
    Seen,
    at=moment,
    method=st.sampled_from([M.SCAN, M.KIOSK, M.CODE, M.TICK, M.TICK]),
    by_id=st.sampled_from([None, 7]),
    device=st.sampled_from(["", "东门", "西门"]),
    direction=st.sampled_from([None, None, *Direction]),
)
start = st.one_of(
    st.sampled_from(
        [
            NOT_SEEN,
            standing(S.EXEMPT),
            standing(S.GUEST, is_listed=False),
            # Entered later, from paper: nobody knows when.
            standing(S.PRESENT, M.LATER, has_come=True),
        ]
    ),
    st.builds(lambda at: standing(S.LEAVE_PUBLIC, M.TICK, away_at=at), moment),
    st.builds(
        standing,
        st.sampled_from([S.PRESENT, S.LATE, S.LEFT_EARLY]),
        st.sampled_from([M.TICK, M.SCAN, M.LATER]),
        moment,
    ),
)


def test_a_tick_and_a_late_scan_of_one_moment_come_to_the_same_in_any_order() -> None:
    """Found once by the property below: who was entered later kept the one that came last."""
    tick, scan = Seen(LATE, M.TICK, 7), Seen(LATE, M.SCAN, None, "东门")
    for now in (NOT_SEEN, standing(S.PRESENT, M.LATER, has_come=True)):
        for order in ((tick, scan), (scan, tick)):
            after = now
            for one in order:
                after = merged(after, one, WINDOW)[1]
            assert (after.status, after.arrived_at) == (S.PRESENT, LATE)
            assert (after.method, after.device) == (M.SCAN, "东门")


def test_of_two_ticks_and_a_late_scan_before_them_the_scan_says_when_and_where() -> None:
    at = [(LATE, M.SCAN), (LATE + MINUTE, M.TICK), (LATE + 2 * MINUTE, M.TICK)]
    for order in permutations(at):
        after = NOT_SEEN
        for moment, method in order:
            after = merged(after, Seen(moment, method, None, f"{method} {moment}"), WINDOW)[1]
        assert (after.status, after.arrived_at, after.method) == (S.PRESENT, LATE, M.SCAN)


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
