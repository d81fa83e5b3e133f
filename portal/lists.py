"""Several short lists by one statement: a page of many parts asks once, not once for each part.

The lists have no columns in common: each leaves those of the others empty. Only for lists that
are short by their nature; a long one has pages of its own (`portal.paging`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, cast, func, literal, null, union_all

from portal.database import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class ShortList(Generic[Row]):
    """What one list selects, in which order, and what is made of a row."""

    wanted: Select[*tuple[Any, ...]]
    order: Sequence[Any]
    make: Callable[[Sequence[Any]], Row]


class ShortLists:
    """Lists that are asked for together, by a statement that is built once."""

    def __init__(self, *lists: ShortList[Any]) -> None:
        columns = [list(one.wanted.selected_columns) for one in lists]
        self._lists = lists
        self._spans: list[slice] = []
        start = 2
        for own in columns:
            self._spans.append(slice(start, start + len(own)))
            start += len(own)
        self._statement = union_all(
            *(
                one.wanted.with_only_columns(
                    literal(number).label("list"),
                    func.row_number().over(order_by=one.order).label("place"),
                    *_padded(columns, number),
                )
                for number, one in enumerate(lists)
            )
        ).order_by("list", "place")

    def rows(self, values: Mapping[str, Any]) -> list[list[Any]]:
        """Return the rows of each list, in the order in which the lists were named."""
        found: list[list[Any]] = [[] for _ in self._lists]
        for row in db.session.execute(self._statement, values):
            number = row[0]
            found[number].append(self._lists[number].make(row[self._spans[number]]))
        return found


def _padded(columns: Sequence[Sequence[Any]], number: int) -> list[ColumnElement[Any]]:
    """Return the columns of list `number` in their place, and nothing in those of the others."""
    return [
        (column if at == number else cast(null(), column.type)).label(f"of_{at}_{place}")
        for at, own in enumerate(columns)
        for place, column in enumerate(own)
    ]
