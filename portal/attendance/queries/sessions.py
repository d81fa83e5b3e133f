"""Who came to which sessions of an event, and what the rolls of all of them come to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from portal import paging
from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.attendance.queries.numbers import numbers_as_known
from portal.attendance.rules import Balance
from portal.database import db

Entry = AttendanceEntry


class Cell(NamedTuple):
    """How one person stands on the roll of one session."""

    status: AttendanceStatus
    is_listed: bool
    has_come: bool


@dataclass
class Attendee:
    """One person on the rolls of an event's sessions, and how on each."""

    person_id: int
    name: str
    unit_name: str
    cells: dict[int, Cell] = field(default_factory=dict)

    @property
    def came(self) -> int:
        """To how many sessions the person came."""
        return sum(cell.has_come for cell in self.cells.values())


def numbers_together(session_ids: Sequence[int]) -> tuple[dict[int, Balance], Balance]:
    """Return the numbers of each roll that was opened, and all of them added up.

    People are counted once a session: 人次. Numerators and denominators are added, shares never.
    """
    found = numbers_as_known(session_ids) if session_ids else {}
    together = Balance(
        **{
            name: sum(getattr(one, name) for one in found.values())
            for name in Balance.__dataclass_fields__
        }
    )
    return found, together


def attendees(session_ids: Sequence[int], number: int) -> "paging.Page[Attendee]":
    """Return page `number` of those on any of these rolls, in the order of a roll."""
    people: Select[*tuple[Any, ...]] = (
        select(Entry.person_id, func.min(Entry.name), func.min(Entry.unit_name))
        .where(Entry.event_id.in_(session_ids))
        .group_by(Entry.person_id)
        .order_by(func.min(Entry.unit_path), func.min(Entry.stroke_key), Entry.person_id)
    )
    page = paging.page_of_rows(paging.paged(people), number, lambda row: Attendee(*row), {})
    by_person = {one.person_id: one for one in page.rows}
    columns = (Entry.person_id, Entry.event_id, *(getattr(Entry, name) for name in Cell._fields))
    of_page = (Entry.event_id.in_(session_ids), Entry.person_id.in_(by_person))
    rows: Sequence[Any] = db.session.execute(select(*columns).where(*of_page)).all()
    for person_id, event_id, *cell in rows:
        by_person[person_id].cells[event_id] = Cell(*cell)
    return page
