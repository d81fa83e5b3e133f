"""Finding: the ids of what matches, as a part of the asking room's own statement."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.search import asking
from portal.search.models import SearchEntry
from portal.search.places import FEW
from portal.search.tokens import in_headline, wanted
from portal.statements import Ready

# With more matches than this, SQLite looks into each row as the list goes through it in its
# own order; with fewer, it fetches them by the index. Measured on 260,000 events: about 40 ms
# either way at this number, 15 ms below and above it.
COMMON = 10_000

# So many matches are counted; of more it is said that there are more.
MOST_COUNTED = 20

ObjectId = InstrumentedAttribute[int] | ColumnElement[int]


def matching_ids(kind: str, typed: str) -> Select[int]:
    """Select the ids of the objects of this kind that match all of what was typed.

    Nothing that can be typed is an operator; what holds no letter, digit or symbol matches
    nothing.
    """
    parts = wanted(typed)
    return select(SearchEntry.object_id).where(
        SearchEntry.kind == kind, false() if parts is None else asking.by_index(parts)
    )


def matches(object_id: ObjectId, kind: str, typed: str) -> ColumnElement[bool]:
    """Return the condition that the object with this id matches: `matching_ids`, for lists.

    Filters, order and pages are decided in one statement. PostgreSQL knows how common a token
    is; for SQLite that is asked first, at the price of one small query.
    """
    parts = wanted(typed)
    if parts is not None and asking.is_sqlite() and asking.are_more_than(COMMON, parts):
        entry = and_(SearchEntry.kind == kind, SearchEntry.object_id == object_id)
        return exists(select(SearchEntry.id).where(entry, asking.by_reading(parts)))
    return object_id.in_(matching_ids(kind, typed))


def look_up(
    rows: Select[*tuple[Any, ...]],
    object_id: ObjectId,
    kind: str,
    typed: str,
    *,
    limit: int,
    offset: int = 0,
    values: Mapping[str, Any] | None = None,
    narrowed: ColumnElement[str] | None = None,
) -> tuple[Sequence[Any], int]:
    """Return those of `rows` that match, in order, and how many there are in all.

    First what has the words in its headline, then the rest; of each the highest place first
    (`places`: what is later). More than MOST_COUNTED are MOST_COUNTED + 1. `rows` selects the
    objects that the reader may see, with their `id`, and `values` are its parameters; only as
    many are looked at as are shown or counted, whatever else matches. The statement is built
    once for each `rows`: rooms keep theirs. Where few of many matches can be among them, `narrowed`
    passes over the others (`asking.narrowed_to`).
    """
    parts = wanted(typed)
    if parts is None:
        return [], 0
    of_headline = asking.asked_for(kind, in_headline(parts))
    of_all = asking.asked_for(kind, parts)
    asked = {
        "in_headline": of_headline.words,
        "more_in_headline": of_headline.more,
        "anywhere": of_all.words,
        "more_anywhere": of_all.more,
        "nothing": asking.nothing_of(kind),
        "most": max(MOST_COUNTED + 1, offset + limit),
        "limit": limit,
        "offset": offset,
    }
    ready, named_row = _looking_up(rows, object_id, kind, narrowed, asking.is_sqlite())
    found = [named_row(*row) for row in ready.rows({**asked, **(values or {})})]
    return found, min(found[0][-1], MOST_COUNTED + 1) if found else 0


@lru_cache(maxsize=128)
def _looking_up(
    rows: Select[*tuple[Any, ...]],
    object_id: ObjectId,
    kind: str,
    narrowed: ColumnElement[str] | None,
    _on_sqlite: bool,
) -> tuple[Ready, type[Any]]:
    """Return the statement, and what a row of it is: its columns by name, the total at the end."""
    most = bindparam("most", type_=Integer)
    in_title, anywhere, nothing = (
        _parameter(name) for name in ("in_headline", "anywhere", "nothing")
    )
    if narrowed is not None:
        in_title, anywhere = in_title + narrowed, anywhere + narrowed
    in_headline = asking.entries(kind, in_title, _parameter("more_in_headline"))
    first = _tier(rows, object_id, kind, in_headline, 0, most).cte("first")
    first = first.prefix_with("MATERIALIZED")
    # Only looked for when the first, which are then all of their tier, are not enough.
    is_needed = select(func.count()).select_from(first).scalar_subquery() < most
    asked = case((is_needed, anywhere), else_=nothing)
    found = asking.entries(kind, asked, _parameter("more_anywhere"))
    rest = _tier(rows, object_id, kind, found, 1, most)
    rest = rest.where(object_id.not_in(select(first.c.id)))
    both = union_all(select(first), select(rest.subquery())).subquery()
    statement = (
        select(both, func.count().over())
        .order_by(both.c.tier, both.c.place.desc())
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    names = [str(one.name) for one in both.columns]
    return Ready(statement), namedtuple("Row", [*names, "total"])


def _parameter(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=String)


def _tier(
    rows: Select[*tuple[Any, ...]],
    object_id: ObjectId,
    kind: str,
    entry: asking.Entries,
    tier: int,
    most: ColumnElement[int],
) -> Select[*tuple[Any, ...]]:
    return (
        rows.join(entry.table, object_id == entry.object_id)
        .add_columns(entry.place.label("place"), literal(tier).label("tier"))
        .where(entry.condition)
        .order_by((entry.place + 0 if kind in FEW else entry.place).desc())
        .limit(most)
    )
