"""Entities told from plain rows.

The ORM works out anew at each execution how to make an entity of a row. What a page reads of an
event or a roll is the same from reader to reader, so the entity is made once for what its row
says, and kept. It belongs to no session: it is never changed, and what was not asked
for raises an error when it is looked at, instead of being loaded. What acts change is
`attached`: made anew, as one of the session.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from portal.database import Base, alias_of, as_stored, db, reader_of

Entity = TypeVar("Entity", bound=Base)
_Processor = Callable[[Any], Any]


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
        most: int = 2_000,
        **related: "Told[Any]",
    ) -> None:
        self.entity = entity
        self.table: Any = entity if is_first else alias_of(entity)
        self.related = related
        names = only or [one.key for one in entity.__mapper__.column_attrs]
        self._own: dict[str, ColumnElement[Any]] = {one: getattr(self.table, one) for one in names}
        self.id_at = list(names).index("id")
        self._ways: dict[str, list[tuple[str, _Processor | None]]] = {}
        # The one who is read, kept for as long as the row says the same; at most so many.
        self.read = lru_cache(maxsize=most)(self.made)

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """What a statement selects: as stored, so that rows are known by what they say."""
        related = (column for one in self.related.values() for column in one.columns)
        return [*map(as_stored, self._own.values()), *related]

    @property
    def width(self) -> int:
        """How many columns those are."""
        return len(self._own) + sum(one.width for one in self.related.values())

    def made(self, stored: tuple[Any, ...]) -> Entity:
        """Return the entity of a row of `columns`; the related are kept ones, or None."""
        made = self.entity()
        for (name, read), value in zip(self._way(), stored, strict=False):
            set_committed_value(made, name, value if read is None else read(value))
        at = len(self._own)
        for name, one in self.related.items():
            own = stored[at : at + one.width]
            set_committed_value(made, name, None if own[one.id_at] is None else one.read(own))
            at += one.width
        make_transient_to_detached(made)
        return made

    def attached(self, stored: tuple[Any, ...], *, is_anew: bool = False) -> Entity:
        """Return the entity of a row as one of the session, free to be changed.

        As the ORM would: who is there already keeps what is loaded, unless `is_anew`.
        """
        session = db.session()
        key = self.entity.__mapper__.identity_key_from_primary_key((stored[self.id_at],))
        known = session.identity_map.get(key)
        values = self._values(stored)
        if known is None:
            made = self.entity()
            made.__dict__.update(values)
            make_transient_to_detached(made)
            session.add(made)
            return made
        found: Entity = known
        for name, value in values.items():
            if is_anew or name not in found.__dict__:
                set_committed_value(found, name, value)
        return found

    def _values(self, stored: tuple[Any, ...]) -> dict[str, Any]:
        values = {
            name: value if read is None else read(value)
            for (name, read), value in zip(self._way(), stored, strict=False)
        }
        at = len(self._own)
        for name, one in self.related.items():
            own = stored[at : at + one.width]
            values[name] = None if own[one.id_at] is None else one.attached(own)
            at += one.width
        return values

    def _way(self) -> list[tuple[str, _Processor | None]]:
        """Return the columns by name, each with what makes a value of what the driver gives."""
        dialect = db.engine.dialect
        way = self._ways.get(dialect.name)
        if way is None:
            way = self._ways[dialect.name] = [
                (name, reader_of(column.type, dialect)) for name, column in self._own.items()
            ]
        return way
