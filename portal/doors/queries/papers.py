"""Sheets that were printed, who stands on which line, and which pages were entered."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.attendance.models import AttendanceEntry
from portal.database import db
from portal.doors.models import PaperEntry, PrintedRow, PrintedSheet
from portal.errors import NotFoundError
from portal.events.models import Event

# As many as one still finds on paper.
MOST_SHEETS = 20


class Line(NamedTuple):
    """One line of a printed page; no entry where the person has left the roll since."""

    number: int
    person_id: int
    entry: AttendanceEntry | None


class Printed(NamedTuple):
    """A sheet in the list, with how many lines it has."""

    sheet: PrintedSheet
    lines: int


def printed_sheet(sheet_id: int, *, event_id: int) -> PrintedSheet:
    """Return a sheet of this event; raise NotFoundError."""
    found = db.session.scalar(
        select(PrintedSheet).where(PrintedSheet.id == sheet_id, PrintedSheet.event_id == event_id)
    )
    if found is None:
        raise NotFoundError("这个页码不是这次活动的签到表上的，请核对右下角的页码。")
    return found


def printed_sheets(event_id: int) -> Sequence[Printed]:
    """Return the last sheets of an event, the newest first."""
    counted = select(func.count()).where(PrintedRow.sheet_id == PrintedSheet.id).scalar_subquery()
    rows = db.session.execute(
        select(PrintedSheet, counted)
        .where(PrintedSheet.event_id == event_id)
        .options(joinedload(PrintedSheet.printed_by))
        .order_by(PrintedSheet.id.desc())
        .limit(MOST_SHEETS)
    )
    return [Printed(sheet, lines) for sheet, lines in rows]


def people_of(sheet_id: int) -> dict[int, int]:
    """Return who stands on which line: number -> person, in order."""
    rows = db.session.execute(
        select(PrintedRow.number, PrintedRow.person_id)
        .where(PrintedRow.sheet_id == sheet_id)
        .order_by(PrintedRow.number)
    )
    return {row.number: row.person_id for row in rows}


def lines(sheet: PrintedSheet, numbers: range) -> Sequence[Line]:
    """Return the lines with these numbers, each with the person's row on the roll now."""
    rows = db.session.execute(
        select(PrintedRow.number, PrintedRow.person_id, AttendanceEntry)
        .outerjoin(
            AttendanceEntry,
            (AttendanceEntry.person_id == PrintedRow.person_id)
            & (AttendanceEntry.event_id == sheet.event_id),
        )
        .where(
            PrintedRow.sheet_id == sheet.id,
            PrintedRow.number >= numbers.start,
            PrintedRow.number < numbers.stop,
        )
        .order_by(PrintedRow.number)
    )
    return [Line._make(row) for row in rows]


def paper_entries(event_id: int) -> Sequence[PaperEntry]:
    """Return the pages of an event that were entered, the newest first."""
    return db.session.scalars(
        select(PaperEntry)
        .join(PaperEntry.sheet)
        .where(PrintedSheet.event_id == event_id)
        .options(
            contains_eager(PaperEntry.sheet),
            joinedload(PaperEntry.entered_by),
            joinedload(PaperEntry.material),
        )
        .order_by(PaperEntry.id.desc())
        .limit(50)
    ).all()


def events_with_scan(material_id: int) -> Sequence[Event]:
    """Return the events whose paper was scanned into this material."""
    scanned = (
        select(PrintedSheet.event_id)
        .join(PaperEntry, PaperEntry.sheet_id == PrintedSheet.id)
        .where(PaperEntry.material_id == material_id)
    )
    wanted = select(Event).where(Event.id.in_(scanned)).options(joinedload(Event.host))
    return db.session.scalars(wanted).all()
