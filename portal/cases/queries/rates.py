"""The rates of cases and the rows behind each of them (DOMAIN 2.12). Sums, never averages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from portal import clock, paging
from portal.cases.models import DONE_BY_UNIT, Case, CaseState, Course, Satisfaction
from portal.cases.queries.listed import ListedCase, rows
from portal.cases.queries.visible import visible_to
from portal.database import db
from portal.people.models import Organisation
from portal.people.queries import begins_with
from portal.people.readers import Somebody


class Figure(StrEnum):
    """What is counted; each opens its rows."""

    REGISTERED = "registered"
    VALID = "valid"
    RESPONDED = "responded"
    DUE = "due"
    IN_TIME = "in_time"
    IN_TIME_AT_FIRST = "in_time_at_first"
    CALLED_BACK = "called_back"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    ON_SITE = "on_site"
    UNANSWERED = "unanswered"
    EXCLUDED = "excluded"

    @property
    def label(self) -> str:
        """Chinese name of the figure."""
        return {
            "registered": "登记",
            "valid": "有效件",
            "responded": "按时联系",
            "due": "到期或已办结",
            "in_time": "按时办结（含延期）",
            "in_time_at_first": "按时办结（不含延期）",
            "called_back": "有效回访",
            "solved": "回访已解决",
            "satisfied": "满意和基本满意",
            "on_site": "当场办结",
            "unanswered": "未回访",
            "excluded": "不计入",
        }[self.value]


@dataclass(frozen=True)
class Rate:
    """A rate: its name, what is divided by what, and the formula in words."""

    name: str
    above: Figure
    below: Figure
    formula: str


RATES = (
    Rate("响应率", Figure.RESPONDED, Figure.VALID, "在响应时限内联系诉求人的 ÷ 有效件"),
    Rate(
        "按时办结率（含延期）",
        Figure.IN_TIME,
        Figure.DUE,
        "在批准延期后的期限内办结的 ÷ 到期或已办结的",
    ),
    Rate(
        "按时办结率（不含延期）",
        Figure.IN_TIME_AT_FIRST,
        Figure.DUE,
        "在最初期限内办结的 ÷ 到期或已办结的",
    ),
    Rate("解决率", Figure.SOLVED, Figure.CALLED_BACK, "回访说已解决的 ÷ 有效回访"),
    Rate("满意率", Figure.SATISFIED, Figure.CALLED_BACK, "（满意 + 基本满意）÷ 有效回访"),
    Rate("当场办结率", Figure.ON_SITE, Figure.VALID, "当场办结的 ÷ 有效件"),
)


@dataclass(frozen=True)
class Asked:
    """Which cases: registered in a span of time, in a part of the tree."""

    starts_at: datetime
    ends_at: datetime
    root: Organisation | None = None


@dataclass
class Counts:
    """The figures of an organisation, or of all together."""

    organisation_id: int = 0
    name: str = ""
    numbers: dict[Figure, int] = field(default_factory=dict)

    def percent(self, rate: Rate) -> str:
        """Return the rate with one decimal, rounded half up; "—" for nothing divided."""
        below = self.numbers.get(rate.below, 0)
        if not below:
            return "—"
        share = Decimal(self.numbers.get(rate.above, 0) * 100) / below
        return f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def _conditions(moment: datetime) -> Mapping[Figure, ColumnElement[bool]]:
    valid = and_(Case.state != CaseState.VOID, Case.excluded_reason == "")
    called_back = and_(valid, Case.called_back_at.is_not(None))
    settled = Case.settled_at.is_not(None)
    return {
        Figure.REGISTERED: Case.id.is_not(None),
        Figure.VALID: valid,
        Figure.RESPONDED: and_(valid, Case.contacted_at <= Case.respond_until),
        Figure.DUE: and_(valid, or_(settled, Case.due_at < moment)),
        Figure.IN_TIME: and_(valid, Case.settled_at <= Case.due_at),
        Figure.IN_TIME_AT_FIRST: and_(valid, Case.settled_at <= Case.first_due_at),
        Figure.CALLED_BACK: called_back,
        Figure.SOLVED: and_(called_back, Case.is_solved.is_(True)),
        Figure.SATISFIED: and_(
            called_back, Case.satisfaction.in_({Satisfaction.SATISFIED, Satisfaction.FAIRLY})
        ),
        Figure.ON_SITE: and_(valid, Case.course == Course.ON_SITE),
        Figure.UNANSWERED: and_(valid, Case.state.in_(DONE_BY_UNIT), Case.unanswered_at <= moment),
        Figure.EXCLUDED: or_(Case.state == CaseState.VOID, Case.excluded_reason != ""),
    }


def _among(wanted: Any, reader: Somebody, asked: Asked) -> Any:
    wanted = wanted.where(
        visible_to(reader), Case.opened_at >= asked.starts_at, Case.opened_at < asked.ends_at
    )
    if asked.root is not None:
        wanted = wanted.where(begins_with(Organisation.path, asked.root.path))
    return wanted


def rates(reader: Somebody, asked: Asked) -> tuple[Counts, Sequence[Counts]]:
    """Return the figures of all, and of each organisation in tree order, by one statement."""
    conditions = _conditions(clock.now())
    counted = [
        func.sum(case((condition, 1), else_=0)).label(figure.value)
        for figure, condition in conditions.items()
    ]
    wanted = (
        select(Organisation.id, Organisation.short_name, *counted)
        .select_from(Case)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .group_by(Organisation.id, Organisation.short_name, Organisation.path)
        .order_by(Organisation.path)
    )
    found: Sequence[Any] = db.session.execute(_among(wanted, reader, asked)).all()
    lines = [Counts(row[0], row[1], dict(zip(conditions, row[2:], strict=True))) for row in found]
    whole = Counts(
        numbers={figure: sum(line.numbers[figure] for line in lines) for figure in conditions}
    )
    return whole, lines


def rows_behind(
    reader: Somebody, asked: Asked, figure: Figure, number: int
) -> "paging.Page[ListedCase]":
    """Return the cases that a figure counts, the latest first."""
    condition = _conditions(clock.now())[figure]
    wanted = _among(rows(), reader, asked).where(condition).order_by(Case.id.desc())
    return paging.page_of_rows(paging.paged(wanted), number, ListedCase._make, {})
