"""Entities told from plain rows, for pages that only read.

The ORM works out anew at each execution how to make an entity of a row. What a page reads of an
event or a roll is the same from reader to reader, so whoever asks makes the entity once for what
its row says, and keeps it. It belongs to no session: it is never changed, and what was not asked
for raises an error when it is looked at, instead of being loaded.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from portal.database import Base, as_stored, db

Entity = TypeVar("Entity", bound=Base)


class Told(Generic[Entity]):
    """How an entity is read from a row: its columns (`only` those), then those of the related.

    The related are named as their relationships are. The first table of a statement stands for
    itself, the others under an alias each (`table`), for they may be the same one again.
    """

    def __init__(
        self,
        entity: type[Entity],
        *,
        only: Sequence[str] = (),
        is_first: bool = False,
        **related: "Told[Any]",
    ) -> None:
        self.entity = entity
        self.table: Any = entity if is_first else aliased(entity)
        names = only or [one.key for one in entity.__mapper__.column_attrs]
        self._own: dict[str, ColumnElement[Any]] = {one: getattr(self.table, one) for one in names}
        self.related = related

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """What a statement selects: as stored, so that rows are known by what they say."""
        related = (column for one in self.related.values() for column in one.columns)
        return [*map(as_stored, self._own.values()), *related]

    def read(self, stored: Sequence[Any]) -> Entity:
        """Return the entity of a row of `columns`, with the related; one without id is None."""
        found = self._read(iter(stored))
        assert found is not None  # noqa: S101  the first table of a row is there
        return found

    def _read(self, stored: Iterator[Any]) -> Entity | None:
        values = {name: next(stored) for name in self._own}
        related = {name: one._read(stored) for name, one in self.related.items()}
        if values["id"] is None:
            return None
        made, dialect = self.entity(), db.engine.dialect
        for name, column in self._own.items():
            read = column.type.dialect_impl(dialect).result_processor(dialect, None)
            set_committed_value(made, name, values[name] if read is None else read(values[name]))
        for name, one in related.items():
            set_committed_value(made, name, one)
        make_transient_to_detached(made)
        return made
