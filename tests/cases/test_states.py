"""The states of a case: every legal move, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from portal import clock
from portal.cases.deadlines import deadline, extended
from portal.cases.models import CasePhase, CaseState, Counting, Mark, Move, Timed
from portal.cases.states import after, may_follow
from portal.errors import ConflictError
from portal.workdays.working_time import WorkCalendar

S, M = CaseState, Move
LEGAL: dict[tuple[CaseState, Move], CaseState] = {
    (S.REGISTERED, M.ASSIGN): S.REGISTERED,
    (S.REGISTERED, M.ACCEPT): S.WORKING,
    (S.REGISTERED, M.RETURN): S.RETURNED,
    (S.REGISTERED, M.TAKE_BACK): S.WORKING,
    (S.REGISTERED, M.SETTLE): S.SETTLED,
    (S.REGISTERED, M.VOID): S.VOID,
    (S.RETURNED, M.ASSIGN): S.REGISTERED,
    (S.RETURNED, M.VOID): S.VOID,
    **{
        (state, move): state
        for state in (S.WORKING, S.REWORK)
        for move in (M.TAKE_BACK, M.REPORT, M.ASK_EXTENSION, M.EXTEND, M.REFUSE_EXTENSION)
    },
    (S.WORKING, M.ASSIGN): S.REGISTERED,
    (S.REWORK, M.ASSIGN): S.REGISTERED,
    (S.WORKING, M.RETURN): S.RETURNED,
    (S.WORKING, M.SETTLE): S.SETTLED,
    (S.REWORK, M.SETTLE): S.SETTLED,
    (S.WORKING, M.EXPLAIN): S.EXPLAINED,
    (S.REWORK, M.EXPLAIN): S.EXPLAINED,
    (S.WORKING, M.VOID): S.VOID,
    (S.REWORK, M.VOID): S.VOID,
    **{
        (state, move): then
        for state in (S.SETTLED, S.EXPLAINED)
        for move, then in (
            (M.NO_ANSWER, state),
            (M.CLOSE, S.CLOSED),
            (M.REDO, S.REWORK),
        )
    },
    (S.CLOSED, M.REOPEN): S.REWORK,
    **{(state, M.SUPPLEMENT): state for state in S if state is not S.VOID},
}


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("move", list(Move))
def test_every_move_is_legal_or_refused_with_a_sentence(state: CaseState, move: Move) -> None:
    wanted = LEGAL.get((state, move))
    assert may_follow(state, move) is (wanted is not None)
    if wanted is not None:
        assert after(state, move) is wanted
        return
    with pytest.raises(ConflictError) as refused:
        after(state, move)
    assert move.label in refused.value.message


class CaseLife(RuleBasedStateMachine):
    """Whatever is tried, in whatever order: closed only after the asker was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.state = CaseState.REGISTERED
        self.settled_since_work = False
        self.closed_by: Move | None = None

    @rule(move=st.sampled_from(list(Move)))
    def tries(self, move: Move) -> None:
        try:
            then = after(self.state, move)
        except ConflictError:
            return
        if then is CaseState.CLOSED and self.state is not CaseState.CLOSED:
            self.closed_by = move
            assert self.settled_since_work
        if then in {CaseState.SETTLED, CaseState.EXPLAINED}:
            self.settled_since_work = True
        elif then is not CaseState.CLOSED:
            self.settled_since_work = False
        self.state = then

    @invariant()
    def only_an_answer_closes(self) -> None:
        if self.state is CaseState.CLOSED:
            assert self.closed_by is Move.CLOSE

    @invariant()
    def nothing_is_stuck_but_the_void(self) -> None:
        ways = [
            move for move in Move if move is not Move.SUPPLEMENT and may_follow(self.state, move)
        ]
        assert bool(ways) is (self.state is not CaseState.VOID)


TestCaseLife = CaseLife.TestCase

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # Monday, 12:00 in China
EMPTY = WorkCalendar()


def days_of(found: datetime) -> date:
    return clock.local(found).date()


@pytest.mark.parametrize(
    ("amount", "counting", "due", "yellow", "red"),
    [
        (5, Counting.WORKING_DAYS, date(2026, 3, 9), date(2026, 3, 6), date(2026, 3, 10)),
        (4, Counting.WORKING_DAYS, date(2026, 3, 6), date(2026, 3, 5), date(2026, 3, 9)),
        (15, Counting.NATURAL_DAYS, date(2026, 3, 17), date(2026, 3, 16), date(2026, 3, 18)),
        (5, Counting.NATURAL_DAYS, date(2026, 3, 7), date(2026, 3, 6), date(2026, 3, 9)),
    ],
)
def test_days_end_at_midnight_yellow_the_working_day_before_red_the_working_day_after(
    amount: int, counting: Counting, due: date, yellow: date, red: date
) -> None:
    found = deadline(NOON, amount, counting, yellow_days=1, calendar=EMPTY)
    assert (days_of(found.due_at), days_of(found.yellow_at), days_of(found.red_at)) == (
        due,
        yellow,
        red,
    )
    assert clock.local(found.due_at).hour == 23


def test_hours_run_through_the_night_and_are_red_at_once() -> None:
    found = deadline(NOON, 24, Counting.HOURS, yellow_days=1, calendar=EMPTY)
    assert found.due_at == found.red_at == NOON + timedelta(hours=24)
    assert found.yellow_at == NOON + timedelta(hours=18)


@given(
    st.integers(1, 60),
    st.sampled_from(list(Counting)),
    st.integers(1, 10),
    st.integers(0, 400),
)
def test_yellow_comes_before_the_deadline_and_red_never_before_it(
    amount: int, counting: Counting, more: int, day: int
) -> None:
    start = NOON + timedelta(days=day)
    found = deadline(start, amount, counting, yellow_days=1, calendar=EMPTY)
    assert found.yellow_at <= found.due_at <= found.red_at
    later = extended(found.due_at, more, yellow_days=1, calendar=EMPTY)
    assert later.due_at > found.due_at
    assert later.yellow_at <= later.due_at <= later.red_at


def test_who_was_never_reached_is_told_so_and_never_as_content() -> None:
    timed = Timed(S.SETTLED, None, NOON, NOON, NOON + timedelta(days=7))
    assert timed.phase(NOON) is CasePhase.SETTLED
    assert timed.phase(NOON + timedelta(days=7)) is CasePhase.UNANSWERED
    assert timed.mark(NOON + timedelta(days=30)) is None  # the unit has done its part


def test_marks_show_while_the_unit_has_to_act() -> None:
    hour = timedelta(hours=1)
    timed = Timed(S.WORKING, None, NOON, NOON + hour, None)
    assert timed.mark(NOON - hour) is None
    assert timed.mark(NOON) is Mark.YELLOW
    assert timed.mark(NOON + hour) is Mark.RED
