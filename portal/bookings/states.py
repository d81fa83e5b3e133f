"""The states of a booking and every legal move between them. Pure."""

from enum import StrEnum

from portal.bookings.models import BookingPhase, BookingState
from portal.errors import ConflictError


class Move(StrEnum):
    """What is decided about a booking."""

    APPROVE = "approve"
    DECLINE = "decline"
    EDIT = "edit"
    MOVE = "move"
    CANCEL = "cancel"
    VISIT = "visit"
    MISS = "miss"

    @property
    def label(self) -> str:
        """Chinese verb."""
        return {
            "approve": "同意",
            "decline": "谢绝",
            "edit": "修改",
            "move": "改期",
            "cancel": "取消",
            "visit": "登记到访",
            "miss": "登记未到访",
        }[self.value]


_STANDING = {
    BookingPhase.ASKED: "还没有答复",
    BookingPhase.LAPSED: "逾期没有答复，已经失效",
    BookingPhase.APPROVED: "已经同意",
    BookingPhase.DUE: "已经到了参观时间",
    BookingPhase.DECLINED: "没有同意",
    BookingPhase.CANCELLED: "已经取消",
    BookingPhase.VISITED: "已登记到访",
    BookingPhase.NOT_COME: "已登记未到访",
}


def after(phase: BookingPhase, move: Move) -> BookingState:
    """Return the state after a legal move; raise ConflictError for every other one.

    MOVE answers APPROVED: whoever has no right to say yes asks anew, see `services.move`.
    A visit that was noted as come may be put right as not come, and the other way round.
    """
    match phase, move:
        case BookingPhase.ASKED, Move.APPROVE:
            return BookingState.APPROVED
        case BookingPhase.ASKED, Move.DECLINE:
            return BookingState.DECLINED
        case BookingPhase.ASKED, Move.EDIT:
            return BookingState.ASKED
        case BookingPhase.APPROVED | BookingPhase.DUE, Move.EDIT:
            return BookingState.APPROVED
        case BookingPhase.ASKED | BookingPhase.APPROVED, Move.MOVE:
            return BookingState.APPROVED
        case BookingPhase.ASKED | BookingPhase.APPROVED, Move.CANCEL:
            return BookingState.CANCELLED
        case BookingPhase.DUE | BookingPhase.NOT_COME, Move.VISIT:
            return BookingState.VISITED
        case BookingPhase.DUE | BookingPhase.VISITED, Move.MISS:
            return BookingState.NOT_COME
        case _:
            raise ConflictError(f"这次预约{_STANDING[phase]}，不能{move.label}。")


def may_follow(phase: BookingPhase, move: Move) -> bool:
    """Return whether the move is legal now."""
    try:
        after(phase, move)
    except ConflictError:
        return False
    return True
