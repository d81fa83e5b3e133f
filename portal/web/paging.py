"""Pages of a list: one row more than fits is read, so nothing is ever counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from portal.database import db

PER_PAGE = 50


Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of page `number` (from 1) and whether there are more."""

    rows: Sequence[Row]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Whether a page comes before this one."""
        return self.number > 1


def page_of(
    statement: Select[Any],
    number: int,
    per_page: int = PER_PAGE,
    parameters: Mapping[str, Any] | None = None,
) -> "Page[Any]":
    """Return one page of the entities the statement selects; numbers below 1 mean 1."""
    number = max(1, min(number, 100_000))
    limited = statement.limit(per_page + 1).offset((number - 1) * per_page)
    rows = db.session.scalars(limited, parameters).unique().all()
    return Page(rows[:per_page], number, len(rows) > per_page)
