"""Lists of cases: found by words and filters, as a board, by deadline. Columns, not entities."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload

from portal import clock, paging
from portal.cases.filters import Filters, Show
from portal.cases.models import (
    AT_WORK,
    DONE_BY_UNIT,
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
from portal.cases.queries.cases import SEARCH_KIND
from portal.cases.queries.opened import open_to
from portal.cases.queries.visible import visible_to
from portal.database import db
from portal.people.models import Organisation, Person
from portal.people.queries import begins_with
from portal.people.readers import Somebody
from portal.search import queries as search

# The same words as the partial index: SQLite takes it for no others.
IS_OPEN: ColumnElement[bool] = literal_column(
    "supervised_case.state NOT IN ('closed', 'void')", Boolean
)
_LEAD = aliased(Organisation, name="lead_unit")
# A card of the board is enough to know a case by; the list has the others.
CARDS = 8
# Closed cases leave the board after a while.
_STAYS_ON_BOARD = timedelta(days=30)
_MOST_ON_A_DAY = 400
MOST_EXPORTED = 50_000
_BATCH = 500


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


_COLUMNS = (
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


def rows() -> Select[*tuple[Any, ...]]:
    """Select what lists say of cases."""
    return (
        select(*_COLUMNS)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .join(_LEAD, _LEAD.id == Case.lead_id)
        .outerjoin(Person, Person.id == Case.lead_person_id)
    )


def shown(show: Show, reader: Somebody, moment: datetime) -> ColumnElement[bool]:
    """Return the condition of one choice of the list."""
    to_act = or_(Case.state.in_(AT_WORK), Case.state == CaseState.RETURNED)
    called = Case.state.in_(DONE_BY_UNIT)
    narrower: dict[Show, ColumnElement[bool]] = {
        Show.MINE: Case.lead_person_id == reader.id,
        Show.YELLOW: and_(to_act, Case.yellow_at <= moment, Case.red_at > moment),
        Show.RED: and_(to_act, Case.red_at <= moment),
        Show.TO_ACCEPT: Case.state == CaseState.REGISTERED,
        Show.RETURNED: Case.state == CaseState.RETURNED,
        Show.AT_WORK: Case.state.in_({CaseState.WORKING, CaseState.REWORK}),
        Show.EXTENSION: Case.asked_days.is_not(None),
        Show.TO_CALL: called,
        Show.UNANSWERED: and_(called, Case.unanswered_at <= moment),
        Show.CLOSED: Case.state == CaseState.CLOSED,
        Show.VOID: Case.state == CaseState.VOID,
        Show.ALL: true(),
    }
    inside = narrower.get(show, true())
    return and_(IS_OPEN, inside) if show.is_of_open else inside


def found(reader: Somebody, filters: Filters) -> Select[*tuple[Any, ...]]:
    """Select the rows of a list in its order: what is due first; of the closed, the latest.

    What is only open to the reader stands in a list of its own, never among the own work.
    """
    seen = open_to(reader) if filters.show is Show.PUBLIC else visible_to(reader)
    wanted = rows().where(seen, shown(filters.show, reader, clock.now()))
    if filters.kind is not None:
        wanted = wanted.where(Case.kind == filters.kind)
    if filters.source is not None:
        wanted = wanted.where(Case.source == filters.source)
    if filters.org is not None:
        root = db.session.scalar(select(Organisation.path).where(Organisation.id == filters.org))
        wanted = wanted.where(begins_with(Organisation.path, root or "?"))
    if filters.q:
        wanted = wanted.where(search.matches(Case.id, SEARCH_KIND, filters.q))
    if filters.show.is_of_open:
        return wanted.order_by(Case.due_at, Case.id)
    if filters.show is Show.CLOSED:
        return wanted.order_by(Case.closed_at.desc(), Case.id.desc())
    return wanted.order_by(Case.id.desc())


def page_of_list(reader: Somebody, filters: Filters, number: int) -> "paging.Page[ListedCase]":
    """Return one page of the list."""
    statement = paging.paged(found(reader, filters))
    return paging.page_of_rows(statement, number, ListedCase._make, {})


class Column(NamedTuple):
    """A column of the board: its first cards, and how many there are in all."""

    show: Show
    label: str
    cards: Sequence[ListedCase]
    total: int

    @property
    def more(self) -> int:
        """How many the board does not show."""
        return self.total - len(self.cards)


_COLUMNS_OF_BOARD = (
    (Show.TO_ACCEPT, "待受理", frozenset({CaseState.REGISTERED})),
    (Show.RETURNED, "已退单", frozenset({CaseState.RETURNED})),
    (Show.AT_WORK, "办理中", frozenset({CaseState.WORKING, CaseState.REWORK})),
    (Show.TO_CALL, "待回访", DONE_BY_UNIT),
    (Show.CLOSED, "近 30 天销号", frozenset({CaseState.CLOSED})),
)


def board(reader: Somebody) -> list[Column]:
    """Return the columns of the board by two statements, however many cases there are."""
    seen = visible_to(reader)
    lately = clock.now() - _STAYS_ON_BOARD
    fresh = and_(Case.state == CaseState.CLOSED, Case.closed_at >= lately)
    counted = union_all(
        select(Case.state, func.count().label("n")).where(seen, IS_OPEN).group_by(Case.state),
        select(Case.state, func.count().label("n")).where(seen, fresh).group_by(Case.state),
    )
    numbers: dict[CaseState, int] = {row[0]: row[1] for row in db.session.execute(counted)}
    parts = []
    for place, (_show, _label, states) in enumerate(_COLUMNS_OF_BOARD):
        is_closed = states == {CaseState.CLOSED}
        order = Case.closed_at.desc() if is_closed else Case.due_at
        inside = fresh if is_closed else and_(IS_OPEN, Case.state.in_(states))
        first = select(Case.id, literal(place).label("at")).where(seen, inside)
        parts.append(select(first.order_by(order, Case.id).limit(CARDS).subquery()))
    chosen = union_all(*parts).subquery()
    wanted = (
        rows()
        .add_columns(chosen.c.at)
        .join(chosen, chosen.c.id == Case.id)
        .order_by(chosen.c.at, Case.due_at, Case.id)
    )
    cards: dict[int, list[ListedCase]] = {}
    for row in db.session.execute(wanted):
        cards.setdefault(row[-1], []).append(ListedCase._make(row[:-1]))
    return [
        Column(show, label, cards.get(place, []), sum(numbers.get(one, 0) for one in states))
        for place, (show, label, states) in enumerate(_COLUMNS_OF_BOARD)
    ]


def due_between(reader: Somebody, starts_at: datetime, ends_at: datetime) -> Sequence[ListedCase]:
    """Return the cases the unit still has to act on that are due within a span, by deadline."""
    still = or_(Case.state.in_(AT_WORK), Case.state == CaseState.RETURNED)
    wanted = (
        rows()
        .where(visible_to(reader), IS_OPEN, still)
        .where(Case.due_at >= starts_at, Case.due_at < ends_at)
        .order_by(Case.due_at, Case.id)
        .limit(_MOST_ON_A_DAY)
    )
    return [ListedCase._make(row) for row in db.session.execute(wanted)]


class Waiting(NamedTuple):
    """What waits for the reader: cases to act on, by deadline, and whether there are more."""

    rows: Sequence[ListedCase]
    has_more: bool


def waiting_for(reader: Somebody, condition: ColumnElement[bool], most: int) -> Waiting:
    """Return the cases that meet the condition, what is due first on top."""
    wanted = (
        rows()
        .where(visible_to(reader), IS_OPEN, condition)
        .order_by(Case.due_at, Case.id)
        .limit(most + 1)
    )
    listed = [ListedCase._make(row) for row in db.session.execute(wanted)]
    return Waiting(listed[:most], len(listed) > most)


def of_event(event_id: int, reader: Somebody) -> Sequence[ListedCase]:
    """Return the cases that came from one event, as far as the reader sees them."""
    wanted = rows().where(Case.event_id == event_id, visible_to(reader)).order_by(Case.id)
    return [ListedCase._make(row) for row in db.session.execute(wanted.limit(200))]


def cases_to_export(reader: Somebody, filters: Filters) -> Iterator[Case]:
    """Yield the cases of a list in its order, some at a time; organisation and lead are loaded."""
    ids = found(reader, filters).with_only_columns(Case.id)
    wanted = list(db.session.scalars(ids.limit(MOST_EXPORTED)))
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        loaded = db.session.scalars(
            select(Case)
            .where(Case.id.in_(batch))
            .options(joinedload(Case.organisation), joinedload(Case.lead), joinedload(Case.opening))
        )
        known = {case.id: case for case in loaded}
        yield from (known[case_id] for case_id in batch if case_id in known)
        db.session.expunge_all()
