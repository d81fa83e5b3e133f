"""The yearly notice of days off as a table: looked at first, then taken as a whole or not at all.

A calendar of which a row is missing counts every deadline wrong without anybody seeing it:
with one row that cannot be taken, nothing of the file is.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import insert, select, update

from portal.audit import services as audit
from portal.database import db
from portal.people.imports.cells import Cells
from portal.people.imports.columns import Table, understood
from portal.people.imports.fields import Field
from portal.people.imports.plan import Change, Difference, Plan, Progress
from portal.people.imports.reading import Cell, Row, read_sheets
from portal.people.imports.services import FileFacts, Importing
from portal.people.imports.values import CellError, calendar_day, plain, words
from portal.workdays.models import DayKind, Holiday
from portal.workdays.services import EARLIEST, LATEST, LONGEST_HOLIDAY
from portal.workdays.working_time import SATURDAY

LONGEST_NAME = 40
Calendar = Plan["PlannedSpan"]
_WEEK = "一二三四五六日"


class HolidayField(StrEnum):
    """What is taken of a row."""

    NAME = "name"
    FIRST = "first"
    LAST = "last"
    KIND = "kind"

    @property
    def label(self) -> str:
        """Chinese name of the column."""
        return {"name": "名称", "first": "开始日期", "last": "结束日期", "kind": "类型"}[self.value]


HEADERS: dict[Field, tuple[str, ...]] = {
    HolidayField.NAME: ("名称", "节日", "节日名称", "假期", "假期名称", "节假日"),
    HolidayField.FIRST: ("开始日期", "日期", "放假日期", "开始", "起", "自", "从"),
    HolidayField.LAST: ("结束日期", "结束", "止", "至", "到"),
    HolidayField.KIND: ("类型", "类别", "放假或上班", "安排"),
}
REQUIRED: tuple[tuple[Field, ...], ...] = ((HolidayField.NAME,), (HolidayField.FIRST,))


@dataclass(frozen=True, slots=True)
class PlannedSpan:
    """What a row says: these days are off, or worked in exchange."""

    number: int
    name: str
    first: date
    last: date
    kind: DayKind

    @property
    def title(self) -> str:
        """How the preview names the row."""
        return f"{self.name} {_span(self.first, self.last)}"

    def days(self) -> list[date]:
        """Return each day of the span."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def told(self) -> list[tuple[str, str]]:
        """Return label and text of what matters."""
        return [
            (HolidayField.NAME.label, self.name),
            ("日期", _span(self.first, self.last)),
            ("天数", f"{len(self.days())} 天"),
            (HolidayField.KIND.label, self.kind.label),
        ]


def read_holidays(content: bytes) -> Table:
    """Return the table in a file; raise InvalidInputError."""
    return understood(read_sheets(content), headers=HEADERS, required=REQUIRED)


def plan_holidays(
    table: Table,
    *,
    roots: tuple[str, ...] | None = None,  # noqa: ARG001  the calendar is one for all
    progress: Progress = lambda _rows: None,
) -> Calendar:
    """Return what the table would add, change, leave and refuse; nothing is written."""
    plan: Calendar = Plan(table)
    spans: list[PlannedSpan] = []
    said: dict[date, int] = {}
    for row in table.rows:
        planned = _understood(plan, row)
        progress(1)
        if planned is None:
            continue
        twice = next((day for day in planned.days() if day in said), None)
        if twice is not None:
            sentence = f"{_day(twice)}在第 {said[twice]} 行已经写过"
            plan.refuse(row.number, _column(plan, HolidayField.FIRST), sentence)
            continue
        said.update(dict.fromkeys(planned.days(), row.number))
        spans.append(planned)
    known = _known(said)
    for planned in spans:
        _decide(plan, planned, known)
    return plan


def import_holidays(
    table: Table,
    *,
    file: FileFacts,
    actor: audit.Acting,
    roots: tuple[str, ...] | None = None,
    progress: Progress = lambda _rows: None,
) -> Calendar:
    """Plan and write the whole calendar; nothing of it where a row cannot be taken."""
    plan = plan_holidays(table, roots=roots, progress=progress)
    if plan.refusals:
        plan.created.clear()
        plan.changed.clear()
        return plan
    for change in plan.changed:
        span = change.planned
        db.session.execute(
            update(Holiday)
            .where(Holiday.day.in_(span.days()))
            .values(name=span.name, kind=span.kind)
            .execution_options(synchronize_session=False)
        )
    spans = [*plan.created, *(change.planned for change in plan.changed)]
    known = _known([day for span in spans for day in span.days()])
    rows = [
        {"day": day, "name": span.name, "kind": span.kind}
        for span in spans
        for day in span.days()
        if day not in known
    ]
    if rows:
        db.session.execute(insert(Holiday), rows)
    audit.record(
        "holiday.imported",
        "import",
        actor=actor,
        file=file.name,
        sha256=file.sha256,
        created=plan.counts.created,
        changed=plan.counts.changed,
        unchanged=plan.counts.unchanged,
    )
    return plan


def _decide(plan: Calendar, planned: PlannedSpan, known: dict[date, tuple[str, DayKind]]) -> None:
    there = {day: known[day] for day in planned.days() if day in known}
    wanted = (planned.name, planned.kind)
    other = {day: was for day, was in there.items() if was != wanted}
    fresh = len(planned.days()) - len(there)
    if not there:
        plan.created.append(planned)
        return
    if not other and not fresh:
        plan.unchanged += 1
        return
    told = [
        Difference(_day(day), f"{name}（{kind.label}）", f"{planned.name}（{planned.kind.label}）")
        for day, (name, kind) in sorted(other.items())
    ]
    if fresh:
        told.append(Difference("新增天数", "", f"{fresh} 天"))
    plan.changed.append(Change(planned, tuple(told)))


def _known(days: "dict[date, int] | list[date]") -> dict[date, tuple[str, DayKind]]:
    if not days:
        return {}
    rows = db.session.execute(
        select(Holiday.day, Holiday.name, Holiday.kind).where(
            Holiday.day.between(min(days), max(days))
        )
    )
    return {row.day: (row.name, row.kind) for row in rows}


def _understood(plan: Calendar, row: Row) -> PlannedSpan | None:
    """Return what a row says, or refuse it for every cell that cannot be believed."""
    cells = Cells(plan, row)
    name = cells.taken(HolidayField.NAME, _name)
    first = cells.taken(HolidayField.FIRST, _first)
    last = cells.taken(HolidayField.LAST, calendar_day) or first
    kind = cells.taken(HolidayField.KIND, _kind)
    if cells.are_refused or first is None or last is None or kind is None:
        return None
    planned = PlannedSpan(row.number, name or "", first, last, kind)
    wrong = _wrong(planned)
    if wrong is not None:
        cells.refuse(*wrong)
        return None
    return planned


def _wrong(span: PlannedSpan) -> tuple[HolidayField, str] | None:
    """Return what cannot be of a row whose cells can all be read, or None."""
    if span.last < span.first:
        return HolidayField.LAST, "结束日期早于开始日期"
    if not (span.first >= EARLIEST and span.last <= LATEST):
        return HolidayField.FIRST, "年份不对"
    if (span.last - span.first).days >= LONGEST_HOLIDAY:
        return HolidayField.LAST, f"一个假期最多 {LONGEST_HOLIDAY} 天，请核对日期"
    if span.kind is DayKind.WORKING:
        for day in span.days():
            if day.weekday() < SATURDAY:
                return HolidayField.FIRST, f"{_day(day)}本来就上班，调休上班应在周末"
    return None


def _name(cell: Cell) -> str:
    text = words(cell, most=LONGEST_NAME)
    if not text:
        raise CellError("没有写名称")
    return text


def _first(cell: Cell) -> date:
    day = calendar_day(cell)
    if day is None:
        raise CellError("没有写日期")
    return day


def _kind(cell: Cell) -> DayKind:
    """Return the kind; nothing written is a day off."""
    text = plain(cell)
    if not text or any(word in text for word in ("放假", "休假", "假日", "休息", "节假日")):
        return DayKind.OFF
    if any(word in text for word in ("上班", "工作", "补班", "调休")):
        return DayKind.WORKING
    raise CellError(f"“{text[:20]}”看不出是放假还是上班，请写“放假”或“调休上班”")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEK[day.weekday()]}）"


def _span(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)}至{_day(last)}"


def _column(plan: Calendar, field: HolidayField) -> str:
    return plan.table.layout.column_of(field)


HOLIDAYS = Importing("holidays", read_holidays, plan_holidays, import_holidays)
