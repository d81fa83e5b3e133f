"""Pages of a list: one row more than fits is read, so nothing is ever counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Integer, Select, bindparam

from portal.database import db
from portal.statements import Columns, Ready

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
    number = _possible(number)
    limited = statement.limit(per_page + 1).offset((number - 1) * per_page)
    rows = db.session.scalars(limited, parameters).unique().all()
    return Page(rows[:per_page], number, len(rows) > per_page)


def paged(statement: Columns) -> Columns:
    """Let a statement that is built once be asked for any page by `page_of_rows`."""
    return statement.limit(bindparam("page_limit", type_=Integer)).offset(
        bindparam("page_offset", type_=Integer)
    )


Asking = Callable[[Any, Mapping[str, Any]], Sequence[Any]]


def _with_entities(statement: Select[Any], parameters: Mapping[str, Any]) -> Sequence[Any]:
    return db.session.execute(statement, parameters).all()


def page_of_rows(
    statement: Select[Any] | Ready,
    number: int,
    make: Callable[[Sequence[Any]], Row],
    parameters: Mapping[str, Any],
    ask: Asking = _with_entities,
    *,
    per_page: int = PER_PAGE,
) -> Page[Row]:
    """Return one page of the rows that a `paged` statement selects, each through `make`.

    `ask` is `plain_rows` for a statement that selects columns alone or has been made ready.
    """
    number = _possible(number)
    asked = {"page_limit": per_page + 1, "page_offset": (number - 1) * per_page}
    rows = ask(statement, {**parameters, **asked})
    made = tuple(make(row) for row in rows[:per_page])
    return Page(made, number, len(rows) > per_page)


def _possible(number: int) -> int:
    return max(1, min(number, 100_000))
