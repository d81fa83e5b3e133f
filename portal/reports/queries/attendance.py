"""Attendance over many confirmed rolls: by unit, by person, and the rows of a figure.

A person counts for the unit that the roll has written down: the primary branch of that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal import paging
from portal.attendance.models import (
    LEAVE,
    MISSING,
    PRESENT,
    AttendanceEntry,
    AttendanceStatus,
    Roll,
)
from portal.database import db
from portal.events.models import Event, EventKind
from portal.leaves.models import MakeUp
from portal.people.models import Organisation
from portal.people.queries import begins_with
from portal.people.readers import Somebody
from portal.reports.figures import Figures, figures_of
from portal.reports.periods import Period

Entry = AttendanceEntry


class Group(StrEnum):
    """Which rows stand behind a figure."""

    DUE = "due"
    PRESENT = "present"
    LEAVE = "leave"
    ABSENT = "absent"
    EXEMPT = "exempt"
    MADE_UP = "made_up"

    @property
    def label(self) -> str:
        """Chinese name of the figure."""
        return {
            "due": "应到",
            "present": "实到",
            "leave": "请假",
            "absent": "缺席",
            "exempt": "免参加",
            "made_up": "补课",
        }[self.value]


@dataclass(frozen=True)
class Asked:
    """What a report is about."""

    organisation: Organisation
    period: Period
    kind: EventKind | None = None


class Row(NamedTuple):
    """One person on one roll."""

    event_id: int
    title: str
    starts_at: datetime
    person_id: int
    name: str
    unit_name: str
    status: AttendanceStatus
    is_made_up: bool


_GROUPS: Mapping[Group, ColumnElement[bool]] = MappingProxyType(
    {
        Group.DUE: Entry.status != AttendanceStatus.EXEMPT,
        Group.PRESENT: Entry.status.in_(PRESENT),
        Group.LEAVE: Entry.status.in_(LEAVE),
        Group.ABSENT: Entry.status.in_(MISSING),
        Group.EXEMPT: Entry.status == AttendanceStatus.EXEMPT,
        # Whoever was counted present has nothing to make up.
        Group.MADE_UP: and_(Entry.status.in_({*LEAVE, *MISSING}), MakeUp.id.is_not(None)),
    }
)


def by_unit(asked: Asked) -> dict[str, Figures]:
    """Return the figures by the path of the unit, of all units below the organisation."""
    counted = _listed(
        select(Entry.unit_path, Entry.status, func.count(), func.count(MakeUp.id)),
        asked.period,
        asked.kind,
        begins_with(Entry.unit_path, asked.organisation.path),
    ).group_by(Entry.unit_path, Entry.status)
    statuses: dict[str, dict[AttendanceStatus, int]] = {}
    made_up: dict[str, int] = {}
    for path, status, people, makers in db.session.execute(counted):
        statuses.setdefault(path, {})[status] = people
        if status in LEAVE | MISSING:
            made_up[path] = made_up.get(path, 0) + makers
    return {
        path: figures_of(counts, made_up=made_up.get(path, 0)) for path, counts in statuses.items()
    }


def rows(asked: Asked, group: Group, number: int) -> "paging.Page[Row]":
    """Return page `number` of the rows behind a figure, the latest event first."""
    wanted = _listed(
        _row_columns(),
        asked.period,
        asked.kind,
        begins_with(Entry.unit_path, asked.organisation.path),
        _GROUPS[group],
    ).order_by(Event.starts_at.desc(), Event.id, Entry.unit_path, Entry.stroke_key, Entry.person_id)
    return paging.page_of_rows(paging.paged(wanted), number, Row._make, {})


def person_figures(person: Somebody, period: Period) -> tuple[Figures, list[Row]]:
    """Return one person's figures in a period, and the rows, the latest first."""
    wanted = _listed(_row_columns(), period, None, Entry.person_id == person.id)
    found = [
        Row._make(row)
        for row in db.session.execute(wanted.order_by(Event.starts_at.desc(), Event.id))
    ]
    counts: dict[AttendanceStatus, int] = {}
    for row in found:
        counts[row.status] = counts.get(row.status, 0) + 1
    return figures_of(counts, made_up=sum(row.is_made_up for row in found)), found


def _row_columns() -> Select[*tuple[Any, ...]]:
    return select(
        Event.id,
        Event.title,
        Event.starts_at,
        Entry.person_id,
        Entry.name,
        Entry.unit_name,
        Entry.status,
        _GROUPS[Group.MADE_UP],
    )


def _listed(
    wanted: Select[*tuple[Any, ...]],
    period: Period,
    kind: EventKind | None,
    *conditions: ColumnElement[bool],
) -> Select[*tuple[Any, ...]]:
    """Restrict a question to the due lists of confirmed rolls in the period."""
    span = period.span
    asked = (
        wanted.select_from(Event)
        .join(Roll, Roll.event_id == Event.id)
        .join(Entry, Entry.event_id == Event.id)
        .outerjoin(MakeUp, and_(MakeUp.event_id == Event.id, MakeUp.person_id == Entry.person_id))
        .where(
            Roll.confirmed_at.is_not(None),
            Event.starts_at >= span.starts_at,
            Event.starts_at < span.ends_at,
            Entry.is_listed,
            *conditions,
        )
    )
    return asked if kind is None else asked.where(Event.kind == kind)
