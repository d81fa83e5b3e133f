"""Finding: the ids of what matches, as a part of the asking room's own statement."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy import column as named
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute

from portal.database import db
from portal.search.models import SearchEntry
from portal.search.places import COMMON as COMMON_KINDS
from portal.search.places import FEW, ID_MASK, kind_token, places
from portal.search.tokens import MARK, Wanted, in_headline, wanted
from portal.statements import Ready

# With more matches than this, SQLite looks into each row as the list goes through it in its
# own order; with fewer, it fetches them by the index. Measured on 260,000 events: about 40 ms
# either way at this number, 15 ms below and above it.
COMMON = 10_000

# So many matches are counted; of more it is said that there are more.
MOST_COUNTED = 20

# The expression of the GIN index in migration 0003, word for word.
_VECTOR = "array_to_tsvector(string_to_array(search_entry.tokens, ' '))"
# A search is narrowed to so many marks; more of them would cost more than they spare.
MOST_MARKS = 60

# No row has this token.
_NOTHING = (Wanted(("x",), False),)
ObjectId = InstrumentedAttribute[int] | ColumnElement[int]
_FTS = table("search_fts", named("rowid"))


def matching_ids(kind: str, typed: str) -> Select[int]:
    """Select the ids of the objects of this kind that match all of what was typed.

    Nothing that can be typed is an operator; what holds no letter, digit or symbol matches
    nothing.
    """
    parts = wanted(typed)
    return select(SearchEntry.object_id).where(
        SearchEntry.kind == kind, false() if parts is None else _by_index(parts)
    )


def matches(object_id: ObjectId, kind: str, typed: str) -> ColumnElement[bool]:
    """Return the condition that the object with this id matches: `matching_ids`, for lists.

    Filters, order and pages are decided in one statement. PostgreSQL knows how common a token
    is; for SQLite that is asked first, at the price of one small query.
    """
    parts = wanted(typed)
    if parts is not None and _is_sqlite() and _are_common(parts):
        entry = and_(SearchEntry.kind == kind, SearchEntry.object_id == object_id)
        return exists(select(SearchEntry.id).where(entry, _by_reading(parts)))
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
    passes over the others (`narrowed_to`).
    """
    parts = wanted(typed)
    if parts is None:
        return [], 0
    asked = {
        "in_headline": _of_kind(kind, in_headline(parts)),
        "anywhere": _of_kind(kind, parts),
        "nothing": _of_kind(kind, _NOTHING),
        "most": max(MOST_COUNTED + 1, offset + limit),
        "limit": limit,
        "offset": offset,
    }
    ready, named_row = _looking_up(rows, object_id, kind, narrowed, _is_sqlite())
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
    first = _tier(rows, object_id, kind, in_title, 0, most).cte("first")
    first = first.prefix_with("MATERIALIZED")
    # Only looked for when the first, which are then all of their tier, are not enough.
    is_needed = select(func.count()).select_from(first).scalar_subquery() < most
    asked = case((is_needed, anywhere), else_=nothing)
    rest = _tier(rows, object_id, kind, asked, 1, most)
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


def _of_kind(kind: str, parts: Sequence[Wanted]) -> str:
    """Return what is wanted, of this kind: its few rows are found by their own token."""
    mark = [] if kind in COMMON_KINDS else [Wanted((kind_token(kind),), False)]
    return _asked([*mark, *parts])


def _tier(
    rows: Select[*tuple[Any, ...]],
    object_id: ObjectId,
    kind: str,
    asked: ColumnElement[str],
    tier: int,
    most: ColumnElement[int],
) -> Select[*tuple[Any, ...]]:
    entry = entries(kind, asked)
    return (
        rows.join(entry.table, object_id == entry.object_id)
        .add_columns(entry.place.label("place"), literal(tier).label("tier"))
        .where(entry.condition)
        .order_by((entry.place + 0 if kind in FEW else entry.place).desc())
        .limit(most)
    )


class Entries(NamedTuple):
    """Rows of the index that match, to be joined: in order of their place, the last first."""

    table: FromClause
    object_id: ColumnElement[int]
    place: ColumnElement[int]
    condition: ColumnElement[bool]


def entries(kind: str, asked: ColumnElement[str]) -> Entries:
    """Return the rows of this kind that match `asked`, which is `asked_of` what was typed.

    For statements that a room builds once for each database.
    """
    first, last = places(kind)
    if _is_sqlite():
        # The object's id is the end of the row's number: the index alone is read.
        place = _FTS.c.rowid
        condition = literal_column("search_fts").bool_op("MATCH")(asked)
        within = and_(condition, place.between(first, last))
        return Entries(_FTS, place.op("&")(ID_MASK), place, within)
    condition = literal_column(_VECTOR).bool_op("@@")(cast(asked, TSQUERY))
    within = and_(condition, SearchEntry.id.between(first, last))
    columns = SearchEntry.__table__.columns
    return Entries(SearchEntry.__table__, columns.object_id, columns.id, within)


def asked_of(kind: str, typed: str) -> str:
    """Return what was typed as `entries` take it; what can match nothing matches nothing."""
    return _of_kind(kind, wanted(typed) or _NOTHING)


def narrowed_to(marks: Select[str] | CompoundSelect[str]) -> ColumnElement[str]:
    """Return what narrows `asked` to objects that bear one of the marks that are selected.

    It spares looking at what cannot be shown, and decides nothing: with more than MOST_MARKS
    nothing is narrowed.
    """
    quote, any_of, begun = ('"', " OR ", " AND (") if _is_sqlite() else ("", " | ", " & (")
    some = marks.limit(MOST_MARKS + 1).subquery()
    one = literal(quote + MARK) + some.columns[0] + literal(quote)
    joined = literal(begun) + func.aggregate_strings(one, any_of) + literal(")")
    are_few = func.count() <= MOST_MARKS
    return select(case((are_few, joined), else_=literal(""))).select_from(some).scalar_subquery()


def _asked(parts: Sequence[Wanted]) -> str:
    """Return what is wanted in the full-text language of the database."""
    if _is_sqlite():
        return _joined(parts, all_of=" AND ", any_of=" OR ", whole='"{}"', start='"{}" *')
    return _joined(parts, all_of=" & ", any_of=" | ", whole="{}", start="{}:*")


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _by_index(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    if _is_sqlite():
        return SearchEntry.id.in_(select(_FTS.c.rowid).where(_in_fts(parts)))
    return literal_column(_VECTOR).bool_op("@@")(cast(_asked(parts), TSQUERY))


def _in_fts(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    return literal_column("search_fts").bool_op("MATCH")(_asked(parts))


def _joined(parts: Sequence[Wanted], *, all_of: str, any_of: str, whole: str, start: str) -> str:
    """Return the query in a database's own language; tokens are letters and digits only."""
    return all_of.join(
        f"({any_of.join((start if part.is_prefix else whole).format(t) for t in part.tokens)})"
        for part in parts
    )


def _are_common(parts: Sequence[Wanted]) -> bool:
    some = select(_FTS.c.rowid).where(_in_fts(parts)).limit(COMMON + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > COMMON


def _by_reading(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    spaced = literal(" ") + SearchEntry.tokens + literal(" ")
    return and_(
        *(
            or_(
                *(
                    func.instr(spaced, f" {token}" if part.is_prefix else f" {token} ") > 0
                    for token in part.tokens
                )
            )
            for part in parts
        )
    )
