"""Every state, every move: what is legal, and that nothing else is."""

import itertools

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from portal.errors import ConflictError
from portal.events.models import EventPhase, EventState
from portal.events.states import SETTLED, Move, after, may_follow

D, P = EventState.DRAFT, EventState.PUBLISHED
X, W = EventState.CANCELLED, EventState.POSTPONED
E, R, A = EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED

LEGAL = {
    (D, Move.PUBLISH): P,
    (W, Move.PUBLISH): P,
    (P, Move.POSTPONE): W,
    (W, Move.POSTPONE): W,
    (P, Move.CANCEL): X,
    (W, Move.CANCEL): X,
    (P, Move.END): E,
    (E, Move.RECORD): R,
    (R, Move.ARCHIVE): A,
    (D, Move.EDIT): D,
    (P, Move.EDIT): P,
    (W, Move.EDIT): W,
    (E, Move.EDIT): E,
    (D, Move.DISCARD): D,
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(EventState, Move)))
def test_only_the_moves_of_the_table_are_legal(state: EventState, move: Move) -> None:
    if (state, move) in LEGAL:
        assert after(state, move) is LEGAL[state, move]
        assert may_follow(state, move)
        return
    with pytest.raises(ConflictError) as refused:
        after(state, move)
    assert move.label in refused.value.message
    assert refused.value.message.endswith("。")
    assert not may_follow(state, move)


def test_every_phase_has_a_word_and_every_state_is_a_phase() -> None:
    assert all(phase.label for phase in EventPhase)
    assert {state.value for state in EventState} <= {phase.value for phase in EventPhase}


class AnEvent(RuleBasedStateMachine):
    """However moves are tried, an event never comes back from being settled."""

    def __init__(self) -> None:
        super().__init__()
        self.state = D
        self.history = [D]

    @rule(move=st.sampled_from(list(Move)))
    def tried(self, move: Move) -> None:
        try:
            self.state = after(self.state, move)
        except ConflictError:
            return
        self.history.append(self.state)

    @invariant()
    def settled_stays_settled(self) -> None:
        settled = [state in SETTLED for state in self.history]
        assert settled == sorted(settled)

    @invariant()
    def nothing_is_recorded_that_did_not_end(self) -> None:
        if R in self.history:
            assert E in self.history[: self.history.index(R)]

    @invariant()
    def nobody_sees_a_draft_again(self) -> None:
        if any(state is not D for state in self.history):
            assert self.state is not D


TestAnEvent = AnEvent.TestCase
