"""The life of a site and every legal move in it (DOMAIN 2.11). Pure: who may is asked elsewhere."""

from enum import StrEnum

from portal.errors import ConflictError
from portal.sites.models import SiteState


class Move(StrEnum):
    """What is decided about a site."""

    NAME = "name"
    REVIEW = "review"
    APPROVE = "approve"
    RECTIFY = "rectify"
    DELIST = "delist"
    NOMINATE = "nominate"
    DISCARD = "discard"

    @property
    def label(self) -> str:
        """Chinese verb."""
        return {
            "name": "命名",
            "review": "开始复审",
            "approve": "认定合格",
            "rectify": "要求整改",
            "delist": "摘牌",
            "nominate": "重新申报",
            "discard": "删除申报",
        }[self.value]


def after(state: SiteState, move: Move) -> SiteState:
    """Return the state after a legal move; raise ConflictError for every other one.

    Nobody is delisted without a time to put things right. DISCARD is legal while a site is
    put forward; it leaves no state behind and answers NOMINATED.
    """
    match state, move:
        case SiteState.NOMINATED, Move.NAME:
            return SiteState.NAMED
        case SiteState.NAMED, Move.REVIEW:
            return SiteState.UNDER_REVIEW
        case SiteState.UNDER_REVIEW | SiteState.RECTIFY, Move.APPROVE:
            return SiteState.NAMED
        case SiteState.UNDER_REVIEW, Move.RECTIFY:
            return SiteState.RECTIFY
        case SiteState.RECTIFY, Move.DELIST:
            return SiteState.DELISTED
        case SiteState.DELISTED, Move.NOMINATE:
            return SiteState.NOMINATED
        case SiteState.NOMINATED, Move.DISCARD:
            return SiteState.NOMINATED
        case _:
            raise ConflictError(f"这个点位{_STANDING[state]}，不能{move.label}。")


_STANDING = {
    SiteState.NOMINATED: "正在申报",
    SiteState.NAMED: "已经在册",
    SiteState.UNDER_REVIEW: "正在复审",
    SiteState.RECTIFY: "正在整改",
    SiteState.DELISTED: "已经摘牌",
}


def may_follow(state: SiteState, move: Move) -> bool:
    """Return whether the move is legal from this state."""
    try:
        after(state, move)
    except ConflictError:
        return False
    return True
