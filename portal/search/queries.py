"""Finding: the ids of what matches, as a part of the asking room's own statement."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, cast, false, literal_column, select, table
from sqlalchemy import column as named
from sqlalchemy.dialects.postgresql import TSQUERY

from portal.database import db
from portal.search.models import SearchEntry
from portal.search.tokens import Wanted, wanted

# The expression of the GIN index in migration 0003, word for word.
_VECTOR = "array_to_tsvector(string_to_array(search_entry.tokens, ' '))"
_FTS = table("search_fts", named("rowid"))


def matching_ids(kind: str, typed: str) -> Select[int]:
    """Select the ids of the objects of this kind that match all of what was typed.

    A place for `Event.id.in_(...)`: filters and pages are decided in one statement. Nothing
    that can be typed is an operator; what holds no letter, digit or symbol matches nothing.
    """
    parts = wanted(typed)
    return select(SearchEntry.object_id).where(
        SearchEntry.kind == kind, false() if parts is None else _matches(parts)
    )


def _matches(parts: Sequence[Wanted]) -> ColumnElement[bool]:
    if db.engine.dialect.name == "postgresql":
        asked = _joined(parts, all_of=" & ", any_of=" | ", whole="{}", start="{}:*")
        return literal_column(_VECTOR).bool_op("@@")(cast(asked, TSQUERY))
    asked = _joined(parts, all_of=" AND ", any_of=" OR ", whole='"{}"', start='"{}" *')
    found = select(_FTS.c.rowid).where(literal_column("search_fts").bool_op("MATCH")(asked))
    return SearchEntry.id.in_(found)


def _joined(parts: Sequence[Wanted], *, all_of: str, any_of: str, whole: str, start: str) -> str:
    """Return the query in a database's own language; tokens are letters and digits only."""
    return all_of.join(
        f"({any_of.join((start if part.is_prefix else whole).format(t) for t in part.tokens)})"
        for part in parts
    )
