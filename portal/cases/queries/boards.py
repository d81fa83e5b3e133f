"""What is open at a glance: the board, what waits, the days of a calendar.

What is not over is little, however much was ever asked: it is walked by deadline, in an index
that has what is asked for, and each part of a page ends where it is full.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from portal import clock, paging
from portal.cases.filters import Show
from portal.cases.models import AT_WORK, DONE_BY_UNIT, Case, CaseState
from portal.cases.queries.listed import ListedCase, listed, rows_of
from portal.cases.queries.lists import IS_OPEN, NOW, STATE, STILL_TO_ACT
from portal.cases.queries.visible import Sight, seen_walking, visible_to_reader
from portal.database import UTCDateTime, as_stored, one_of, stored_moment
from portal.events.filters import Span
from portal.people import bound
from portal.people.models import Organisation
from portal.people.policies import SECRETARIES, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.statements import Ready, plain_rows

# A card of the board is enough to know a case by; the list has the others.
CARDS = 8
# So many of a column are counted; of more it is said that there are more.
MOST_COUNTED = 99
# Closed cases leave the board after a while.
_STAYS_ON_BOARD = timedelta(days=30)
# Entries of a day in the calendar; the day's own list has the others.
ON_A_DAY = 3


class Column(NamedTuple):
    """A column of the board: its first cards, and how many there are, as far as counted."""

    show: Show
    label: str
    cards: Sequence[ListedCase]
    total: int

    @property
    def more(self) -> int:
        """How many the board does not show."""
        return self.total - len(self.cards)

    @property
    def is_counted(self) -> bool:
        """Whether there are no more than the total says."""
        return self.total <= MOST_COUNTED

    @property
    def total_words(self) -> str:
        """How many there are: 12, or 99+."""
        return str(self.total) if self.is_counted else f"{MOST_COUNTED}+"


_COLUMNS_OF_BOARD = (
    (Show.TO_ACCEPT, "待受理", frozenset({CaseState.REGISTERED})),
    (Show.RETURNED, "已退单", frozenset({CaseState.RETURNED})),
    (Show.AT_WORK, "办理中", frozenset({CaseState.WORKING, CaseState.REWORK})),
    (Show.TO_CALL, "待回访", DONE_BY_UNIT),
    (Show.CLOSED, "近 30 天销号", frozenset({CaseState.CLOSED})),
)


def board(reader: Somebody) -> list[Column]:
    """Return the columns of the board by one statement, however many cases there are."""
    seen = visible_to_reader(reader)
    lately = {"since": clock.now() - _STAYS_ON_BOARD}
    found: dict[int, list[ListedCase]] = {}
    totals: dict[int, int] = {}
    for row in _board(seen.sight).rows({**seen.parameters, **lately}):
        found.setdefault(row[-2], []).append(listed(row))
        totals[row[-2]] = row[-1]
    return [
        Column(show, label, found.get(at, []), totals.get(at, 0))
        for at, (show, label, _states) in enumerate(_COLUMNS_OF_BOARD)
    ]


@lru_cache(maxsize=64)
def _board(sight: Sight) -> Ready:
    parts = []
    for at, (_show, _label, states) in enumerate(_COLUMNS_OF_BOARD):
        column = union_all(*(_in_state(sight, one) for one in sorted(states))).subquery()
        order = _of_column(column.c.place, column.c.id, is_over=CaseState.CLOSED in states)
        some = select(column).order_by(*order).limit(MOST_COUNTED + 1).subquery()
        order = _of_column(some.c.place, some.c.id, is_over=CaseState.CLOSED in states)
        total = func.count().over().label("total")
        first = select(some.c.id, literal(at).label("at"), total).order_by(*order).limit(CARDS)
        parts.append(select(first.subquery()))
    chosen = union_all(*parts).subquery("chosen")
    closed_at = case((Case.state == CaseState.CLOSED, Case.closed_at))
    rows = rows_of(chosen).add_columns(chosen.c.at, chosen.c.total)
    return Ready(rows.order_by(chosen.c.at, closed_at.desc(), Case.due_at, Case.id))


def _in_state(sight: Sight, state: CaseState) -> Select[Any]:
    """Select the first cases in a state, as many as are counted: each state is walked by itself."""
    is_over = state is CaseState.CLOSED
    place = Case.closed_at if is_over else Case.due_at
    since = bindparam("since", type_=UTCDateTime())
    inside = Case.closed_at >= since if is_over else IS_OPEN
    wanted = select(Case.id, place.label("place"))
    wanted = wanted.where(Case.state == state, inside, seen_walking(sight))
    order = _of_column(place, Case.id, is_over=is_over)
    return select(wanted.order_by(*order).limit(MOST_COUNTED + 1).subquery())


def _of_column(place: Any, number: Any, *, is_over: bool) -> tuple[Any, Any]:
    """Return the order of a column: what is due first; of what is over, the latest."""
    return (place.desc(), number.desc()) if is_over else (place, number)


class Waiting(NamedTuple):
    """What waits for the reader: cases to act on, by deadline, and whether there are more."""

    rows: Sequence[ListedCase]
    has_more: bool


def waiting_for(reader: Somebody, most: int) -> Waiting:
    """Return what waits for the reader, what is due first on top: to take on, to work on, nearly
    due, and for secretaries what was sent back, what wants more time, what to call back.
    """
    seen, supervised = visible_to_reader(reader), scope(reader, SECRETARIES)
    now = clock.now()
    after_tomorrow = clock.local(now).date() + timedelta(days=2)
    values = {
        **seen.parameters,
        **bound.values(reader, supervised, "supervised"),
        "now": now,
        "soon": Span(after_tomorrow, after_tomorrow).starts_at,
        "most": most + 1,
    }
    found = [listed(row) for row in _waiting(seen.sight, len(supervised)).rows(values)]
    return Waiting(found[:most], len(found) > most)


@lru_cache(maxsize=64)
def _waiting(sight: Sight, supervised: int) -> Ready:
    me = bound.reader().id
    below = select(Organisation.id).where(in_subtrees(bound.roots(supervised, "supervised")))
    own = (Case.organisation_id + 0).in_(below) if supervised else false()
    soon = bindparam("soon", type_=UTCDateTime())
    to_decide = or_(
        STATE == CaseState.RETURNED,
        and_(Case.asked_days.is_not(None), Case.asked_by_id != me),
        STATE.in_(DONE_BY_UNIT),
    )
    waits = or_(
        STATE == CaseState.REGISTERED,
        and_(
            STATE.in_(AT_WORK),
            or_(Case.lead_person_id == me, Case.yellow_at <= NOW, Case.due_at < soon),
        ),
        and_(own, to_decide),
    )
    most = bindparam("most", type_=Integer)
    return _by_deadline(_open(sight, Case.due_at, waits).limit(most))


def _open(sight: Sight, due_at: Any, *inside: ColumnElement[bool]) -> Select[Any]:
    """Select `id` and `due_at` of what the reader sees of the open cases, by deadline."""
    wanted = select(Case.id, due_at).where(IS_OPEN, *inside, seen_walking(sight))
    return wanted.order_by(Case.due_at, Case.id)


def _by_deadline(wanted: Select[Any]) -> Ready:
    chosen = wanted.subquery("chosen")
    return Ready(rows_of(chosen).order_by(chosen.c.due_at, chosen.c.id))


class DueDay(NamedTuple):
    """What is due on a day: the first cases, and how many in all."""

    day: date
    cases: Sequence[ListedCase]
    total: int


def due_days(reader: Somebody, days: Sequence[date]) -> list[DueDay]:
    """Return the cases the unit still has to act on by the day they are due on, by two statements.

    `days` follow each other; of each day the first are told and all are counted.
    """
    seen = visible_to_reader(reader)
    starts = [Span(day, day).starts_at for day in days]
    span = {"starts_at": starts[0], "ends_at": Span(days[0], days[-1]).ends_at}
    found = _due(seen.sight).rows({**seen.parameters, **span})
    places = [bisect_left(found, one, key=_due_at) for one in starts]
    parts = [found[a:b] for a, b in zip(places, [*places[1:], len(found)], strict=True)]
    first = [row[0] for part in parts for row in part[:ON_A_DAY]]
    told = {one.id: one for one in map(listed, _TOLD.rows({"chosen": first}))}
    return [
        DueDay(day, [told[row[0]] for row in part[:ON_A_DAY]], len(part))
        for day, part in zip(days, parts, strict=True)
    ]


_TOLD = Ready(rows_of().where(one_of(Case.id, "chosen")))


def _due_at(row: Sequence[Any]) -> datetime:
    moment = stored_moment(row[1])
    assert moment is not None  # noqa: S101  never empty
    return moment


def _still_due(sight: Sight) -> Select[Any]:
    starts_at, ends_at = (bindparam(one, type_=UTCDateTime()) for one in ("starts_at", "ends_at"))
    within = (Case.due_at >= starts_at, Case.due_at < ends_at)
    return _open(sight, as_stored(Case.due_at).label("due_at"), *within, STILL_TO_ACT)


@lru_cache(maxsize=64)
def _due(sight: Sight) -> Ready:
    return Ready(_still_due(sight))


def due_on(reader: Somebody, day: date, number: int) -> "paging.Page[ListedCase]":
    """Return a page of the cases the unit still has to act on that are due on a day."""
    seen = visible_to_reader(reader)
    whole = Span(day, day)
    values = {**seen.parameters, "starts_at": whole.starts_at, "ends_at": whole.ends_at}
    return paging.page_of_rows(_due_on(seen.sight), number, listed, values, plain_rows)


@lru_cache(maxsize=64)
def _due_on(sight: Sight) -> Ready:
    return _by_deadline(paging.paged(_still_due(sight)))
