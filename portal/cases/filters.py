"""What a reader asks of the list of cases, as it stands in the address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.cases.models import CaseKind, CaseSource


class Show(StrEnum):
    """Which cases are shown."""

    OPEN = "open"
    MINE = "mine"
    YELLOW = "yellow"
    RED = "red"
    TO_ACCEPT = "to_accept"
    RETURNED = "returned"
    AT_WORK = "at_work"
    EXTENSION = "extension"
    TO_CALL = "to_call"
    UNANSWERED = "unanswered"
    CLOSED = "closed"
    VOID = "void"
    ALL = "all"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """Chinese words of the choice."""
        return {
            "open": "没有销号的",
            "mine": "由我承办的",
            "yellow": "黄牌（快到期）",
            "red": "红牌（已超期）",
            "to_accept": "待受理",
            "returned": "已退单",
            "at_work": "办理中",
            "extension": "申请延期待批",
            "to_call": "待回访",
            "unanswered": "未回访",
            "closed": "已销号",
            "void": "已作废",
            "all": "全部",
            "public": "向党员公开的",
        }[self.value]

    @property
    def is_of_open(self) -> bool:
        """Whether only cases that are not over are among them."""
        return self not in {Show.CLOSED, Show.VOID, Show.ALL, Show.PUBLIC}


@dataclass(frozen=True)
class Filters:
    """The filters of the list."""

    q: str = ""
    show: Show = Show.OPEN
    kind: CaseKind | None = None
    source: CaseSource | None = None
    org: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for beyond what is shown at first."""
        return self == Filters()

    @property
    def is_narrowed(self) -> bool:
        """Whether more was asked for than which cases."""
        return bool(self.q or self.kind or self.source or self.org)

    def query(self) -> dict[str, Any]:
        """Return the filters as the address carries them; what is usual is left out."""
        asked: Mapping[str, str | int | None] = {
            "q": self.q,
            "show": "" if self.show is Show.OPEN else self.show.value,
            "kind": self.kind.value if self.kind else "",
            "source": self.source.value if self.source else "",
            "org": self.org,
        }
        return {name: value for name, value in asked.items() if value not in ("", None)}
