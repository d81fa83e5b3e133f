"""Finding: the ids of what matches, as a part of the asking room's own statement."""

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy import column as named
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute

from portal.database import db
from portal.search.models import SearchEntry
from portal.search.tokens import Wanted, wanted

# With more matches than this, SQLite looks into each row as the list goes through it in its
# own order; with fewer, it fetches them by the index. Measured on 260,000 events: about 40 ms
# either way at this number, 15 ms below and above it.
COMMON = 10_000

# The expression of the GIN index in migration 0003, word for word.
_VECTOR = "array_to_tsvector(string_to_array(search_entry.tokens, ' '))"
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


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _by_index(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    if _is_sqlite():
        return SearchEntry.id.in_(select(_FTS.c.rowid).where(_in_fts(parts)))
    asked = _joined(parts, all_of=" & ", any_of=" | ", whole="{}", start="{}:*")
    return literal_column(_VECTOR).bool_op("@@")(cast(asked, TSQUERY))


def _in_fts(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    asked = _joined(parts, all_of=" AND ", any_of=" OR ", whole='"{}"', start='"{}" *')
    return literal_column("search_fts").bool_op("MATCH")(asked)


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
