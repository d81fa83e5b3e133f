"""What lists say of a case: columns, not entities."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.cases.models import (
    Case,
    CaseKind,
    CasePhase,
    CaseSource,
    CaseState,
    Course,
    Mark,
    Timed,
    headline_of,
    number_of,
)
from portal.database import alias_of, as_stored, stored_moment
from portal.people.models import Organisation, Person

_LEAD = alias_of(Organisation, name="lead_unit")
# The first pages of those who look at the same time.
_MOST_READ = 4_000


class ListedCase(NamedTuple):
    """What a list says of a case."""

    id: int
    words: str
    kind: CaseKind
    source: CaseSource
    state: CaseState
    course: Course | None
    place: str
    opened_at: datetime
    due_at: datetime
    yellow_at: datetime
    red_at: datetime
    unanswered_at: datetime | None
    asked_days: int | None
    closed_at: datetime | None
    lead_person_id: int | None
    organisation: str
    organisation_path: str
    lead: str
    lead_path: str
    lead_person: str | None

    @property
    def headline(self) -> str:
        """The beginning of what was said."""
        return headline_of(self.words)

    @property
    def number(self) -> str:
        """What people call the case."""
        return number_of(self.id, self.opened_at)

    @property
    def timed(self) -> Timed:
        """What decides about phase and marks."""
        return Timed(self.state, self.course, self.yellow_at, self.red_at, self.unanswered_at)

    def phase(self, moment: datetime) -> CasePhase:
        """Return what a reader is told at that moment."""
        return self.timed.phase(moment)

    def mark(self, moment: datetime) -> Mark | None:
        """Return yellow or red while the unit still has to act."""
        return self.timed.mark(moment)

    @property
    def in_charge(self) -> str:
        """Who is in charge, in one line."""
        return f"{self.lead} {self.lead_person}" if self.lead_person else self.lead


_COLUMNS: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    Case.id,
    func.substr(Case.words, 1, 80).label("words"),
    Case.kind,
    Case.source,
    Case.state,
    Case.course,
    Case.place.label("whereabouts"),
    Case.opened_at,
    Case.due_at,
    Case.yellow_at,
    Case.red_at,
    Case.unanswered_at,
    Case.asked_days,
    Case.closed_at,
    Case.lead_person_id,
    Organisation.short_name.label("organisation"),
    Organisation.path.label("organisation_path"),
    _LEAD.short_name.label("lead"),
    _LEAD.path.label("lead_path"),
    Person.name.label("lead_person"),
)
_WIDTH = len(_COLUMNS)


def rows() -> Select[*tuple[Any, ...]]:
    """Select what lists say of cases."""
    return _joined(select(*_COLUMNS))


def rows_of(chosen: FromClause | None = None) -> Select[*tuple[Any, ...]]:
    """Select what lists say of the few cases whose `id`s were chosen, to be read by `listed`.

    Which rows are shown is decided before anything is read of them but what an index has.
    """
    wanted = select(*map(as_stored, _COLUMNS))
    if chosen is None:
        return _joined(wanted)
    return _joined(wanted.select_from(chosen).join(Case, Case.id == chosen.c.id))


def _joined(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        wanted.join(Organisation, Organisation.id == Case.organisation_id)
        .join(_LEAD, _LEAD.id == Case.lead_id)
        .outerjoin(Person, Person.id == Case.lead_person_id)
    )


def listed(row: Sequence[Any]) -> ListedCase:
    """Return what a row of `rows_of` says; columns behind those of lists are left out."""
    return _read(tuple(row[:_WIDTH]))


@lru_cache(maxsize=_MOST_READ)
def _read(stored: tuple[Any, ...]) -> ListedCase:
    """Read a row: once, however often it is asked for while it stays the same."""
    case_id, words, kind, source, state, course, place, *more = stored
    times, (asked_days, closed_at, *names) = more[:5], more[5:]
    opened, due, yellow, red, unanswered = map(stored_moment, times)
    assert opened is not None and due is not None  # noqa: S101, PT018  never empty
    assert yellow is not None and red is not None  # noqa: S101, PT018
    return ListedCase(
        case_id,
        words,
        CaseKind(kind),
        CaseSource(source),
        CaseState(state),
        Course(course) if course else None,
        place,
        opened,
        due,
        yellow,
        red,
        unanswered,
        asked_days,
        stored_moment(closed_at),
        *names,
    )
