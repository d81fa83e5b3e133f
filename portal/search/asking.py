"""What was typed, in the full-text language of the database, and the rows that have it."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy import column as named
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased

from portal.database import db
from portal.search.models import SearchEntry
from portal.search.places import COMMON as COMMON_KINDS
from portal.search.places import ID_MASK, kind_token, places
from portal.search.tokens import MARK, Wanted, wanted

# A search is narrowed to so many marks; more of them would cost more than they spare.
MOST_MARKS = 60

# The expression of the GIN index in migration 0003, word for word.
_VECTOR = "array_to_tsvector(string_to_array(search_entry.tokens, ' '))"
_FTS = table("search_fts", named("rowid"))
# No row has this token.
_NOTHING = (Wanted(("x",), False),)
_NO_MORE = "[]"


class Asked(NamedTuple):
    """What was typed, as parameters: `words` are asked of full text, `more` of what has them.

    `more` are tokens as a list in JSON, of characters that nearly every row has: SQLite would go
    through all of them to find where they stand together. On PostgreSQL there are none.
    """

    words: str
    more: str = _NO_MORE


NOTHING = Asked("")


def asked_of(kind: str, typed: str) -> Asked:
    """Return what was typed as `entries` take it; what can match nothing matches nothing."""
    return asked_for(kind, wanted(typed) or _NOTHING)


def asked_for(kind: str, parts: Sequence[Wanted]) -> Asked:
    """Return what is wanted, of this kind: its few rows are found by their own token."""
    rare = parts
    if is_sqlite():
        rare = [part for part in parts if not part.is_everywhere] or parts
    mark = [] if kind in COMMON_KINDS else [Wanted((kind_token(kind),), False)]
    more = [part.tokens[0] for part in parts if part not in rare]
    return Asked(in_words([*mark, *rare]), json.dumps(more))


def nothing_of(kind: str) -> str:
    """Return words that no row has."""
    return asked_for(kind, _NOTHING).words


class Entries(NamedTuple):
    """Rows of the index that match, to be joined: in order of their place, the last first."""

    table: FromClause
    object_id: ColumnElement[int]
    place: ColumnElement[int]
    condition: ColumnElement[bool]


def entries(kind: str, words: ColumnElement[str], more: ColumnElement[str]) -> Entries:
    """Return the rows of this kind that match `words` and `more` of what was `Asked`.

    For statements that a room builds once for each database.
    """
    first, last = places(kind)
    if is_sqlite():
        # The object's id is the end of the row's number: the index alone is read.
        place = _FTS.c.rowid
        matched = literal_column("search_fts").bool_op("MATCH")(words)
        within = and_(matched, place.between(first, last), _has_more(place, more))
        return Entries(_FTS, place.op("&")(ID_MASK), place, within)
    matched = literal_column(_VECTOR).bool_op("@@")(cast(words, TSQUERY))
    within = and_(matched, SearchEntry.id.between(first, last))
    columns = SearchEntry.__table__.columns
    return Entries(SearchEntry.__table__, columns.object_id, columns.id, within)


def _has_more(place: ColumnElement[int], more: ColumnElement[str]) -> ColumnElement[bool]:
    one, entry = func.json_each(more).table_valued("value"), aliased(SearchEntry)
    lacks = func.instr(_apart(entry.tokens), _apart(one.c.value)) == 0
    lacking = select(one.c.value).select_from(one).join(entry, entry.id == place).where(lacks)
    return or_(more == _NO_MORE, ~exists(lacking.correlate(_FTS)))


def _apart(tokens: Any) -> ColumnElement[str]:
    apart: ColumnElement[str] = literal(" ") + tokens + literal(" ")
    return apart


def by_index(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    """Return the condition that a row of the index matches, to be looked up."""
    if is_sqlite():
        return SearchEntry.id.in_(select(_FTS.c.rowid).where(_in_fts(parts)))
    return literal_column(_VECTOR).bool_op("@@")(cast(in_words(parts), TSQUERY))


def by_reading(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    """Return the condition that a row of the index matches, to be read row by row."""
    spaced = _apart(SearchEntry.tokens)
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


def are_more_than(most: int, parts: Sequence[Wanted]) -> bool:
    """Whether more than so many rows of SQLite's index match."""
    some = select(_FTS.c.rowid).where(_in_fts(parts)).limit(most + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > most


def _in_fts(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    return literal_column("search_fts").bool_op("MATCH")(in_words(parts))


def narrowed_to(marks: Select[str] | CompoundSelect[str]) -> ColumnElement[str]:
    """Return what narrows `words` to objects that bear one of the marks that are selected.

    It spares looking at what cannot be shown, and decides nothing: with more than MOST_MARKS
    nothing is narrowed.
    """
    quote, any_of, begun = ('"', " OR ", " AND (") if is_sqlite() else ("", " | ", " & (")
    some = marks.limit(MOST_MARKS + 1).subquery()
    one = literal(quote + MARK) + some.columns[0] + literal(quote)
    joined = literal(begun) + func.aggregate_strings(one, any_of) + literal(")")
    are_few = func.count() <= MOST_MARKS
    return select(case((are_few, joined), else_=literal(""))).select_from(some).scalar_subquery()


def in_words(parts: Sequence[Wanted]) -> str:
    """Return what is wanted in the full-text language of the database."""
    if is_sqlite():
        return _joined(parts, all_of=" AND ", any_of=" OR ", whole='"{}"', start='"{}" *')
    return _joined(parts, all_of=" & ", any_of=" | ", whole="{}", start="{}:*")


def _joined(parts: Sequence[Wanted], *, all_of: str, any_of: str, whole: str, start: str) -> str:
    """Return the query in a database's own language; tokens are letters and digits only."""
    return all_of.join(
        f"({any_of.join((start if part.is_prefix else whole).format(t) for t in part.tokens)})"
        for part in parts
    )


def is_sqlite() -> bool:
    """Whether full text is SQLite's."""
    return db.engine.dialect.name == "sqlite"
