"""The sign-in sheet (签到表) in the layout of DOMAIN 2.7: what stands where, pure.

Title; time, place, host, due and present; the people in roster order (by unit, then by
strokes); recorder and checker at the foot; pages of at most 25 rows, with empty rows at the
end for those who come without being on the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.attendance.codes import base32
from portal.attendance.models import (
    OUTSIDE,
    PRESENT,
    AttendanceEntry,
    AttendanceStatus,
    Method,
    Roll,
)
from portal.attendance.rules import Balance, stayed
from portal.events.models import Event

ROWS_A_PAGE = 25
BLANK_ROWS = 5
COLUMNS = ("序号", "姓名", "单位/支部", "职务", "联系电话", "签到", "签到时间", "备注")
# Where people sign out.
SIGNING_OUT_COLUMNS = (*COLUMNS[:-1], "签退时间", "在场", COLUMNS[-1])


@dataclass(frozen=True)
class Row:
    """One line; `number` None is an empty line to write on."""

    number: int | None
    name: str = ""
    unit: str = ""
    post: str = ""
    phone: str = ""
    signed: str = ""
    signed_at: str = ""
    note: str = ""
    left_at: str = ""
    stay: str = ""

    def cells(self, *, signs_out: bool = False) -> tuple[str, ...]:
        """Return the line's cells after the number, in the order of the sheet's columns."""
        return (
            self.name,
            self.unit,
            self.post,
            self.phone,
            self.signed,
            self.signed_at,
            *((self.left_at, self.stay) if signs_out else ()),
            self.note,
        )


@dataclass(frozen=True)
class Sheet:
    """The whole sheet; `is_counted` once the event has begun: before, figures stay empty."""

    title: str
    time: str
    place: str
    host: str
    due: int
    present: int
    is_counted: bool
    is_confirmed: bool
    rows: Sequence[Row]
    event_code: str
    signs_out: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The words above the columns."""
        return SIGNING_OUT_COLUMNS if self.signs_out else COLUMNS

    @property
    def due_words(self) -> str:
        """应到 18 人."""
        return f"应到 {self.due} 人"

    @property
    def present_words(self) -> str:
        """实到 17 人, or a line to write on before the event."""
        return f"实到 {self.present} 人" if self.is_counted else "实到 ＿＿＿ 人"

    def pages(self) -> list[list[Row]]:
        """Return the rows page by page, empty ones for walk-ins at the end."""
        blank = [Row(None)] * (0 if self.is_confirmed else BLANK_ROWS)
        rows = [*self.rows, *blank]
        starts = range(0, max(1, len(rows)), ROWS_A_PAGE)
        return [rows[start : start + ROWS_A_PAGE] for start in starts]


def sheet(
    event: Event,
    roll: Roll,
    people: Sequence[tuple[AttendanceEntry, str, str]],
    numbers: Balance,
) -> Sheet:
    """Return the sheet of a roll; `people` are entries with post and masked phone."""
    start, end = clock.local(event.starts_at), clock.local(event.ends_at)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{_day(end)} {end:%H:%M}"
    is_counted = roll.frozen_at is not None
    return Sheet(
        title=f"{event.title}签到表",
        time=f"{_day(start)} {start:%H:%M}–{until}",
        place=event.place or "—",
        host=event.host.name,
        due=numbers.due,
        present=numbers.present,
        is_counted=is_counted,
        is_confirmed=roll.confirmed_at is not None,
        rows=[
            _row(number, entry, post, phone)
            for number, (entry, post, phone) in enumerate(people, start=1)
        ],
        event_code=base32(event.id),
        signs_out=roll.signs_out,
    )


def _day(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def _row(number: int, entry: AttendanceEntry, post: str, phone: str) -> Row:
    arrived = clock.local(entry.arrived_at) if entry.arrived_at else None
    return Row(
        number=number,
        name=entry.name,
        unit=entry.unit_name,
        post=post,
        phone=phone,
        signed="已到" if entry.has_come else "",
        signed_at=f"{arrived:%H:%M}" if arrived else "",
        left_at=f"{clock.local(entry.left_at):%H:%M}" if entry.left_at else "",
        stay=_stay(entry),
        note="、".join(_notes(entry)),
    )


def _stay(entry: AttendanceEntry) -> str:
    """Return 2:05, hours and minutes."""
    stay = stayed(entry.arrived_at, entry.left_at)
    if stay is None:
        return ""
    hours, minutes = divmod(int(stay.total_seconds()) // 60, 60)
    return f"{hours}:{minutes:02}"


def _notes(entry: AttendanceEntry) -> list[str]:
    """Return what the sheet says of those who are not simply present or missing."""
    notes = []
    plain = {AttendanceStatus.EXPECTED, AttendanceStatus.PRESENT}
    if entry.status not in plain and not (entry.is_walk_in and entry.status in OUTSIDE):
        notes.append(entry.status.label)
    if entry.is_walk_in:
        notes.append("现场登记")
    if entry.method is Method.LATER and (entry.has_come or entry.status in PRESENT):
        notes.append("补录")
    if entry.method is Method.CORRECTION:
        notes.append("更正")
    return notes
