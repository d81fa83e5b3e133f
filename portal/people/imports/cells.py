"""The cells of one row, each taken or refused: a row that is kept out says all that is wrong."""

from collections.abc import Callable
from typing import Any, TypeVar

from portal.people.imports.fields import Field
from portal.people.imports.plan import Plan
from portal.people.imports.reading import Cell, Row
from portal.people.imports.values import CellError

Value = TypeVar("Value")


class Cells:
    """Takes what a row says, field by field; `are_refused` once one could not be believed."""

    def __init__(self, plan: Plan[Any], row: Row) -> None:
        self._plan = plan
        self._row = row
        self.are_refused = False

    def taken(self, field: Field, take: Callable[[Cell], Value]) -> Value | None:
        """Return what the field's cell says, None without such a column, or where it is refused."""
        place = self._plan.table.layout.places.get(field)
        try:
            return take(None if place is None else self._row.cell(place))
        except CellError as error:
            self.refuse(field, str(error))
            return None

    def refuse(self, field: Field, reason: str) -> None:
        """Keep the row out for what one of its cells says."""
        self.are_refused = True
        column = self._plan.table.layout.column_of(field)
        self._plan.refuse(self._row.number, column, reason)
