"""The cases of a year for the archive: the list, and every step with its words; two sheets.

Who asked is not in it: that is kept for half a year, an archive for good. How a case stands is
what was decided about it, never what the clock adds, so that the same cases make the same file.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

from portal import clock
from portal.archives.listing_xlsx import Listing
from portal.cases.models import Case, CasePhase, CaseStep

_LIST = (
    *(("编号", 14), ("热线工单号", 16), ("登记日期", 12), ("来源", 10), ("类别", 10)),
    *(("事项分类", 14), ("原话", 60), ("地点", 22), ("所属组织", 18), ("主办单位", 18)),
    *(("承办人", 10), ("协办单位", 18), ("期限", 12), ("延期（工作日）", 10), ("状态", 14)),
    *(("当场或带回", 10), ("办结时间", 16), ("办结意见", 40), ("回访结果", 20)),
    *(("重办次数", 8), ("不计入统计的理由", 20), ("会议记录序号", 10)),
)
_STEPS = (
    *(("编号", 14), ("时间", 16), ("动作", 12), ("办理人", 10), ("单位", 18)),
    *(("内容", 70), ("期限", 12), ("当时状态", 14)),
)


def write(cases: Iterable[tuple[Case, Sequence[CaseStep]]], file: IO[bytes], *, title: str) -> None:
    """Write the cases with their steps; organisation, lead, helpers, statement are loaded."""
    with Listing(file, title) as listing:
        write_case, write_step = listing.sheet("清单", _LIST), listing.sheet("办理过程", _STEPS)
        for case, steps in cases:
            write_case(_of_case(case))
            for step in steps:
                write_step(_of_step(case, step))


def _of_case(case: Case) -> tuple[str, ...]:
    answer = ""
    if case.satisfaction is not None:
        solved = "已解决" if case.is_solved else "未解决"
        method = case.call_back_method.label if case.call_back_method else ""
        answer = f"{solved}，{case.satisfaction.label}（{method}）"
    return (
        case.number,
        case.upstream_number,
        _day(case.opened_at),
        case.source.label,
        case.kind.label,
        case.category,
        case.words,
        case.place,
        case.organisation.name,
        case.lead.name,
        case.lead_person.name if case.lead_person else "",
        "、".join(helper.organisation.short_name for helper in case.helpers),
        _day(case.due_at),
        str(case.granted_days or ""),
        CasePhase(case.state.value).label,
        case.course.label if case.course else "",
        _moment(case.settled_at),
        case.outcome if case.settled_at else "",
        answer,
        str(case.rework_count or ""),
        case.excluded_reason,
        f"第 {case.statement.position} 条" if case.statement else "",
    )


def _of_step(case: Case, step: CaseStep) -> tuple[str, ...]:
    return (
        case.number,
        _moment(step.at),
        step.move.label,
        step.actor.name if step.actor else "",
        step.unit.short_name if step.unit else "",
        step.words,
        _day(step.due_at),
        CasePhase(step.state.value).label,
    )


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""


def _day(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d}" if at else ""
