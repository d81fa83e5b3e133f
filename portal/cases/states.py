"""The states of a case and every legal move between them. Pure."""

from portal.cases.models import CaseState, Move
from portal.errors import ConflictError

_STANDING = {
    CaseState.REGISTERED: "还没有受理",
    CaseState.RETURNED: "已经退单，等待重新交办",
    CaseState.WORKING: "正在办理",
    CaseState.REWORK: "正在重办",
    CaseState.SETTLED: "已经办结，等待回访",
    CaseState.EXPLAINED: "已经说明，等待回访",
    CaseState.CLOSED: "已经销号",
    CaseState.VOID: "已经作废",
}


def after(state: CaseState, move: Move) -> CaseState:
    """Return the state after a legal move; raise ConflictError for every other one.

    The double close: the unit's SETTLE or EXPLAIN leads to no CLOSED state by itself, only
    CLOSE does, which says what the asker answered (or the community on the asker's behalf).
    """
    match state, move:
        case (
            CaseState.REGISTERED | CaseState.RETURNED | CaseState.WORKING | CaseState.REWORK,
            Move.ASSIGN,
        ):
            return CaseState.REGISTERED
        case CaseState.REGISTERED, Move.ACCEPT | Move.TAKE_BACK:
            return CaseState.WORKING
        case CaseState.REGISTERED | CaseState.WORKING, Move.RETURN:
            return CaseState.RETURNED
        case (
            CaseState.WORKING | CaseState.REWORK,
            Move.TAKE_BACK | Move.REPORT | Move.ASK_EXTENSION | Move.EXTEND | Move.REFUSE_EXTENSION,
        ) | (CaseState.SETTLED | CaseState.EXPLAINED, Move.NO_ANSWER):
            return state
        case CaseState.REGISTERED | CaseState.WORKING | CaseState.REWORK, Move.SETTLE:
            return CaseState.SETTLED
        case CaseState.WORKING | CaseState.REWORK, Move.EXPLAIN:
            return CaseState.EXPLAINED
        case CaseState.SETTLED | CaseState.EXPLAINED, Move.CLOSE:
            return CaseState.CLOSED
        case (CaseState.SETTLED | CaseState.EXPLAINED, Move.REDO) | (CaseState.CLOSED, Move.REOPEN):
            return CaseState.REWORK
        case (
            CaseState.REGISTERED | CaseState.RETURNED | CaseState.WORKING | CaseState.REWORK,
            Move.VOID,
        ):
            return CaseState.VOID
        case _, Move.SUPPLEMENT if state is not CaseState.VOID:
            return state
        case _:
            raise ConflictError(f"这件事{_STANDING[state]}，不能{move.label}。")


def may_follow(state: CaseState, move: Move) -> bool:
    """Return whether the move is legal now."""
    try:
        after(state, move)
    except ConflictError:
        return False
    return True
