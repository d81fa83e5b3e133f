"""The list of cases: found by words and filters, page by page.

Which cases are on a page is decided in an index that has all that is asked for, and the walk ends
when the page is full; only then are they read. What is open is walked by deadline, all of it by
number, what is over by when; of words that are looked for, the matches, the latest first.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import joinedload

from portal import clock, paging
from portal.cases.filters import Filters, Show
from portal.cases.marks import OPEN
from portal.cases.models import (
    AT_WORK,
    DONE_BY_UNIT,
    Case,
    CaseKind,
    CaseSource,
    CaseState,
)
from portal.cases.queries import marked
from portal.cases.queries.cases import SEARCH_KIND
from portal.cases.queries.listed import ListedCase, listed, rows, rows_of
from portal.cases.queries.opened import open_to_reader
from portal.cases.queries.visible import (
    Sight,
    gathered,
    seen_walking,
    visible_to,
    visible_to_reader,
)
from portal.database import UTCDateTime, choice, db
from portal.people import bound
from portal.people.narrowing import chosen_and_below
from portal.people.readers import Somebody
from portal.search import asking
from portal.statements import Ready, plain_rows

# The same words as the partial index: SQLite takes it for no others, nor for parameters.
IS_OPEN: ColumnElement[bool] = Case.state.not_in(
    [literal_column("'closed'"), literal_column("'void'")]
)
# An expression has no index: what is open is walked by deadline, whatever states are asked for.
STATE: ColumnElement[Any] = type_coerce(
    Case.state.op("||")(literal_column("''")), choice(CaseState)
)
STILL_TO_ACT = STATE.in_({*AT_WORK, CaseState.RETURNED})
NOW = bindparam("now", type_=UTCDateTime())
MOST_EXPORTED = 50_000
_BATCH = 500
# Who sees no more cases than this gathers them, others walk: either is done in some milliseconds
# among 100,000 cases.
_FEW = 1_000


class _Shape(NamedTuple):
    """What of the filters decides how the statement is built, whatever their values."""

    show: Show
    by_words: bool
    by_kind: bool
    by_source: bool
    by_org: bool


def of_show(show: Show) -> ColumnElement[bool]:
    """Return the condition of one choice of the list, `now`, for the reader."""
    called = STATE.in_(DONE_BY_UNIT)
    narrower: dict[Show, ColumnElement[bool]] = {
        Show.MINE: Case.lead_person_id == bound.reader().id,
        Show.YELLOW: and_(STILL_TO_ACT, Case.yellow_at <= NOW, Case.red_at > NOW),
        Show.RED: and_(STILL_TO_ACT, Case.red_at <= NOW),
        Show.TO_ACCEPT: STATE == CaseState.REGISTERED,
        Show.RETURNED: STATE == CaseState.RETURNED,
        Show.AT_WORK: STATE.in_({CaseState.WORKING, CaseState.REWORK}),
        Show.EXTENSION: Case.asked_days.is_not(None),
        Show.TO_CALL: called,
        Show.UNANSWERED: and_(called, Case.unanswered_at <= NOW),
        Show.CLOSED: Case.state == CaseState.CLOSED,
        Show.VOID: Case.state == CaseState.VOID,
    }
    inside = narrower.get(show, true())
    return and_(IS_OPEN, inside) if show.is_of_open else inside


def page_of_list(reader: Somebody, filters: Filters, number: int) -> "paging.Page[ListedCase]":
    """Return one page of the list in its order.

    What is due first stands first; of what is over, the latest. What was found by words is in
    the order of the search, the latest first, except among what is open. What is only open to
    the reader stands in a list of its own, never among the own work.
    """
    sight, parameters = _asked(reader, filters)
    ready = _listed(sight, _shape(filters), db.engine.dialect.name)
    return paging.page_of_rows(ready, number, listed, parameters, plain_rows)


def _shape(filters: Filters) -> _Shape:
    by = (filters.kind is not None, filters.source is not None, filters.org is not None)
    return _Shape(filters.show, bool(filters.q), *by)


def _asked(reader: Somebody, filters: Filters) -> tuple[Sight, dict[str, Any]]:
    seen = visible_to_reader(reader)
    typed = asking.asked_of(SEARCH_KIND, filters.q) if filters.q else asking.NOTHING
    asked = {
        "now": clock.now(),
        "today": clock.today(),
        "kind": filters.kind,
        "source": filters.source,
        "org": filters.org,
        **typed._asdict(),
    }
    return seen.sight, {**seen.parameters, **asked}


@lru_cache(maxsize=512)
def _listed(sight: Sight, shape: _Shape, dialect: str) -> Ready:
    chosen = _chosen(sight, shape, dialect).subquery("chosen")
    place, number = chosen.c.place, chosen.c.id
    if shape.show.is_of_open:
        return Ready(rows_of(chosen).order_by(place, number))
    return Ready(rows_of(chosen).order_by(place.desc(), number.desc()))


@lru_cache(maxsize=512)
def _chosen(sight: Sight, shape: _Shape, _dialect: str) -> Select[Any]:
    """Select `id` and `place` of the cases on a page."""
    inside = [of_show(shape.show), *_narrower(shape)]
    if shape.show.is_of_open:
        return _by_deadline(sight, inside, by_words=shape.by_words)
    if shape.by_words:
        return _as_found(sight, inside, is_public=shape.show is Show.PUBLIC)
    if shape.show is Show.PUBLIC:
        inside.append(open_to_reader())
        wanted = _rows(Case.id).where(*inside)
        return paging.paged(wanted.order_by(Case.id.desc()))
    return _latest(sight, inside, Case.id if shape.show is Show.ALL else Case.closed_at)


def _rows(place: Any) -> Select[Any]:
    return select(Case.id, place.label("place"))


def _narrower(shape: _Shape) -> list[ColumnElement[bool]]:
    inside: list[ColumnElement[bool]] = []
    if shape.by_kind:
        inside.append(Case.kind == bindparam("kind", type_=choice(CaseKind)))
    if shape.by_source:
        inside.append(Case.source == bindparam("source", type_=choice(CaseSource)))
    if shape.by_org:
        inside.append((Case.organisation_id + 0).in_(chosen_and_below()))
    return inside


def _by_deadline(sight: Sight, inside: list[ColumnElement[bool]], *, by_words: bool) -> Select[Any]:
    if by_words:
        are_open = asking.narrowed_to(select(literal(OPEN).label("mark")))
        found = _found(are_open + marked.seen_by_reader(sight))
        ids = select(found.object_id).select_from(found.table).where(found.condition)
        inside.append((Case.id + 0).in_(ids))
    wanted = _rows(Case.due_at).where(seen_walking(sight), *inside)
    return paging.paged(wanted.order_by(Case.due_at, Case.id))


def _as_found(sight: Sight, inside: list[ColumnElement[bool]], *, is_public: bool) -> Select[Any]:
    narrowed = (marked.open_to_reader if is_public else marked.seen_by_reader)(sight)
    found = _found(narrowed)
    inside.append(open_to_reader() if is_public else seen_walking(sight))
    wanted = (
        _rows(found.place)
        .join(found.table, Case.id == found.object_id)
        .where(found.condition, *inside)
    )
    return paging.paged(wanted.order_by(found.place.desc()))


def _found(narrowed: ColumnElement[str]) -> asking.Entries:
    words, more = (bindparam(name, type_=String) for name in asking.Asked._fields)
    return asking.entries(SEARCH_KIND, words + narrowed, more)


def _latest(sight: Sight, inside: list[ColumnElement[bool]], key: Any) -> Select[Any]:
    """Gather what the reader sees if that is little, else walk: the database finds out which."""
    some = gathered(sight).limit(_FEW + 1).cte("some").prefix_with("MATERIALIZED")
    are_few = select(func.count() <= _FEW).select_from(some).scalar_subquery()
    last = bindparam("page_limit", type_=Integer) + bindparam("page_offset", type_=Integer)

    def part(seen: ColumnElement[bool], most: ColumnElement[int]) -> Select[Any]:
        wanted = _rows(key).where(seen, *inside)
        return select(wanted.order_by(key.desc(), Case.id.desc()).limit(most).subquery())

    both = union_all(
        part(Case.id.in_(select(some.c.id)), case((are_few, last), else_=0)),
        part(seen_walking(sight), case((are_few, 0), else_=last)),
    ).subquery()
    return paging.paged(
        select(both.c.id, both.c.place).order_by(both.c.place.desc(), both.c.id.desc())
    )


def of_event(event_id: int, reader: Somebody) -> Sequence[ListedCase]:
    """Return the cases that came from one event, as far as the reader sees them."""
    wanted = rows().where(Case.event_id == event_id, visible_to(reader)).order_by(Case.id)
    return [ListedCase._make(row) for row in db.session.execute(wanted.limit(200))]


def cases_to_export(reader: Somebody, filters: Filters) -> Iterator[Case]:
    """Yield the cases of a list in its order, some at a time; organisation and lead are loaded."""
    sight, parameters = _asked(reader, filters)
    chosen = _chosen(sight, _shape(filters), db.engine.dialect.name)
    whole = {"page_limit": MOST_EXPORTED, "page_offset": 0}
    wanted = [row[0] for row in plain_rows(chosen, {**parameters, **whole})]
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
