"""Finding what lies below a reader's duties: what most rooms' `find` is made of."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select

from portal.people import bound
from portal.people.readers import Somebody, Somewhere
from portal.search.hooks import Find, Findings, Found
from portal.search.queries import ObjectId, look_up


def find_below(
    roots: Callable[[Somebody], Sequence[Somewhere]],
    rows: Callable[[int], Select[*tuple[Any, ...]]],
    object_id: ObjectId,
    kind: str,
    said: Callable[[Any], Found],
) -> Find:
    """Return the `find` of a source whose rows depend on where the reader's duties lie.

    `roots` are those of a reader; `rows` the statement for so many of them, with the parameters
    of `people.bound`, the same object each time; `said` is what is told of a row.
    """

    def find(person: Somebody, typed: str, limit: int, offset: int) -> Findings:
        duties = roots(person)
        found, total = look_up(
            rows(len(duties)),
            object_id,
            kind,
            typed,
            limit=limit,
            offset=offset,
            values=bound.values(person, duties),
        )
        return Findings([said(row) for row in found], total)

    return find
