"""The states of an event and every legal move between them (DOMAIN 1.4).

What was decided is the state; what the clock adds (sign-up open, running, over) is
`Event.phase`. Pure: who may move and when is asked elsewhere.
"""

from enum import StrEnum

from portal.errors import ConflictError
from portal.events.models import EventState

# Nothing about the event may be changed any more: the roll has been confirmed, or it is off.
SETTLED = frozenset({EventState.RECORDED, EventState.ARCHIVED, EventState.CANCELLED})


class Move(StrEnum):
    """What a host decides about an event."""

    PUBLISH = "publish"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    END = "end"
    RECORD = "record"
    ARCHIVE = "archive"
    EDIT = "edit"
    DISCARD = "discard"

    @property
    def label(self) -> str:
        """Chinese verb."""
        return {
            "publish": "发布",
            "postpone": "延期",
            "cancel": "取消",
            "end": "结束",
            "record": "确认记录",
            "archive": "归档",
            "edit": "修改",
            "discard": "删除",
        }[self.value]


_STANDING = {
    EventState.DRAFT: "还是草稿",
    EventState.PUBLISHED: "已经发布",
    EventState.POSTPONED: "已经延期、时间待定",
    EventState.CANCELLED: "已经取消",
    EventState.ENDED: "已经结束",
    EventState.RECORDED: "名册已经确认",
    EventState.ARCHIVED: "已经归档",
}


def after(state: EventState, move: Move) -> EventState:
    """Return the state after a legal move; raise ConflictError for every other one.

    DISCARD is legal for drafts alone, which nobody else has seen; it leaves no state behind
    and answers DRAFT.
    """
    match state, move:
        case EventState.DRAFT | EventState.POSTPONED, Move.PUBLISH:
            return EventState.PUBLISHED
        case EventState.PUBLISHED | EventState.POSTPONED, Move.POSTPONE:
            return EventState.POSTPONED
        case EventState.PUBLISHED | EventState.POSTPONED, Move.CANCEL:
            return EventState.CANCELLED
        case EventState.PUBLISHED, Move.END:
            return EventState.ENDED
        case EventState.ENDED, Move.RECORD:
            return EventState.RECORDED
        case EventState.RECORDED, Move.ARCHIVE:
            return EventState.ARCHIVED
        case _, Move.EDIT if state not in SETTLED:
            return state
        case EventState.DRAFT, Move.DISCARD:
            return state
        case _:
            raise ConflictError(f"这次活动{_STANDING[state]}，不能{move.label}。")


def may_follow(state: EventState, move: Move) -> bool:
    """Return whether the move is legal from this state."""
    try:
        after(state, move)
    except ConflictError:
        return False
    return True
