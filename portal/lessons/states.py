"""The states of a version and every legal move between them. Pure."""

from enum import StrEnum

from portal.errors import ConflictError
from portal.lessons.models import LessonState


class Move(StrEnum):
    """What somebody does with a version."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    PUBLISH = "publish"
    REPLACE = "replace"
    REVISE = "revise"
    ARCHIVE = "archive"
    RESTORE = "restore"
    DISCARD = "discard"

    @property
    def label(self) -> str:
        """Chinese verb."""
        return {
            "edit": "修改",
            "submit": "提交审核",
            "withdraw": "撤回",
            "return": "退回",
            "publish": "发布",
            "replace": "更新",
            "revise": "修订",
            "archive": "归档",
            "restore": "恢复发布",
            "discard": "删除",
        }[self.value]


_STANDING = {
    LessonState.DRAFT: "还是草稿",
    LessonState.IN_REVIEW: "正在审核",
    LessonState.RETURNED: "已经退回",
    LessonState.PUBLISHED: "已经发布",
    LessonState.ARCHIVED: "已经归档",
    LessonState.REPLACED: "已被新的一稿替换",
}


def after(state: LessonState, move: Move) -> LessonState:
    """Return the state after a legal move; raise ConflictError for every other one.

    REVISE leaves the version as it is and answers with the state of the next one. DISCARD
    is legal for drafts alone; it leaves nothing behind and answers DRAFT.
    """
    match state, move:
        case LessonState.DRAFT, Move.EDIT | Move.DISCARD:
            return LessonState.DRAFT
        case LessonState.DRAFT, Move.SUBMIT:
            return LessonState.IN_REVIEW
        case LessonState.IN_REVIEW, Move.WITHDRAW:
            return LessonState.DRAFT
        case LessonState.IN_REVIEW, Move.RETURN:
            return LessonState.RETURNED
        case LessonState.IN_REVIEW, Move.PUBLISH:
            return LessonState.PUBLISHED
        case LessonState.RETURNED | LessonState.PUBLISHED, Move.REVISE:
            return LessonState.DRAFT
        case LessonState.PUBLISHED, Move.REPLACE:
            return LessonState.REPLACED
        case LessonState.PUBLISHED, Move.ARCHIVE:
            return LessonState.ARCHIVED
        case LessonState.ARCHIVED, Move.RESTORE:
            return LessonState.PUBLISHED
        case _:
            raise ConflictError(f"这一稿{_STANDING[state]}，不能{move.label}。")


def may_follow(state: LessonState, move: Move) -> bool:
    """Return whether the move is legal from this state."""
    try:
        after(state, move)
    except ConflictError:
        return False
    return True
