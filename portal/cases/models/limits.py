"""The limits of cases, as dated rows with the text that they come from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.cases.models.choices import Counting
from portal.database import Base, choice


class LimitKey(StrEnum):
    """What is limited."""

    DUE = "due"
    DUE_URGENT = "due_urgent"
    DUE_EMERGENCY = "due_emergency"
    DUE_COMPLEX = "due_complex"
    RETURN = "return"
    EXTENSION = "extension"
    RESPONSE = "response"
    CALL_BACK = "call_back"
    YELLOW = "yellow"

    @property
    def label(self) -> str:
        """Chinese name of the limit."""
        return {
            "due": "一般件办结",
            "due_urgent": "加急件办结",
            "due_emergency": "紧急件办结",
            "due_complex": "复杂件办结",
            "return": "退单",
            "extension": "延期合计最多",
            "response": "首次联系诉求人",
            "call_back": "办结后回访（超过记“未回访”）",
            "yellow": "到期前亮黄牌",
        }[self.value]


@dataclass(frozen=True)
class Limit:
    """An amount in its unit, the text it comes from, and since when it holds."""

    amount: int
    counting: Counting
    source: str
    since: date | None = None

    @property
    def words(self) -> str:
        """Return 5 个工作日."""
        return f"{self.amount} {self.counting.label}"


_PROVINCE = "《山东省政务服务热线管理办法》（2020年1月）"
_FLOW = "山东省热线办理流程（2017年）"
_DRAFT = "地方标准征求意见稿（2021年12月）"
_OWN = "门户默认值，请按本地规定修改"

# DOMAIN 5.1; each holds until an office has written down its own.
DEFAULTS: dict[LimitKey, Limit] = {
    LimitKey.DUE: Limit(5, Counting.WORKING_DAYS, f"{_PROVINCE}：5 个工作日内答复反馈"),
    LimitKey.DUE_URGENT: Limit(24, Counting.HOURS, f"{_DRAFT}：水电气暖等 24 小时"),
    LimitKey.DUE_EMERGENCY: Limit(2, Counting.HOURS, f"{_DRAFT}：突发紧急 2 小时"),
    LimitKey.DUE_COMPLEX: Limit(15, Counting.NATURAL_DAYS, f"{_DRAFT}：复杂事项 15 日"),
    LimitKey.RETURN: Limit(
        2, Counting.WORKING_DAYS, f"{_PROVINCE}：不属职责的 2 个工作日内退回并说明"
    ),
    LimitKey.EXTENSION: Limit(
        10, Counting.WORKING_DAYS, f"{_PROVINCE}：延期一般不超过 10 个工作日"
    ),
    LimitKey.RESPONSE: Limit(1, Counting.WORKING_DAYS, _OWN),
    LimitKey.CALL_BACK: Limit(7, Counting.NATURAL_DAYS, _OWN),
    LimitKey.YELLOW: Limit(
        1, Counting.WORKING_DAYS, f"{_FLOW}：剩 1 个工作日黄牌，超期首个工作日红牌"
    ),
}
# Which limits say how long a case may take: offered when one is registered.
DUE_KEYS = (LimitKey.DUE, LimitKey.DUE_URGENT, LimitKey.DUE_EMERGENCY, LimitKey.DUE_COMPLEX)
# Counted in working days alone: they are added to a day.
IN_WORKING_DAYS = frozenset({LimitKey.RETURN, LimitKey.EXTENSION, LimitKey.YELLOW})


class CaseLimit(Base):
    """What an office has laid down, from a day on, for its part of the tree."""

    __tablename__ = "case_limit"
    __table_args__ = (
        Index("uq_case_limit", "organisation_id", "key", "valid_from", unique=True),
        CheckConstraint("amount BETWEEN 1 AND 365", name="amount"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[LimitKey] = mapped_column(choice(LimitKey))
    amount: Mapped[int]
    counting: Mapped[Counting] = mapped_column(choice(Counting))
    valid_from: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
