"""One row written at once, where an act knows what it writes and in which order.

The ORM's unit of work finds out what has changed and what depends on what: for many objects a help,
for a row of a log four times what the row costs. What is written here is known to the session
as if it had done it: the entity is one of its own afterwards, with nothing left to write.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from portal.database import Base, db
from portal.statements import Act


class _Way(NamedTuple):
    """How new rows of a table are written: the default of each column, and the statement."""

    defaults: dict[str, Any]
    of_one: Act
    of_many: Act


def put(entity: Base) -> None:
    """Write a new entity, which then has its id; columns that were not set have their default.

    Raises IntegrityError as the database does; TypeError for a default that is no plain value, and
    for entities that keep a version.
    """
    way = _way_of(type(entity))
    kept = entity.__dict__
    values = {name: kept.get(name, default) for name, default in way.defaults.items()}
    kept.update(values)
    [[entity.id]] = way.of_one.do(values)
    make_transient_to_detached(entity)
    db.session.add(entity)


def put_each(kind: type[Base], many: Iterable[Mapping[str, Any]]) -> None:
    """Write new rows of a table in one go, from the values of their columns; nothing is loaded."""
    way = _way_of(kind)
    way.of_many.do_each([{**way.defaults, **values} for values in many])


def change(entity: Base, **values: Any) -> None:
    """Write new values into the row of an entity of the session.

    Raises StaleDataError if there is no such row any more; TypeError for entities that keep a
    version, which only the ORM counts.
    """
    new = {f"to_{name}": value for name, value in values.items()}
    if not _update_of(type(entity), tuple(values)).do({**new, "row_id": entity.id}):
        raise StaleDataError(f"{type(entity).__name__} {entity.id} is gone")
    for name, value in values.items():
        set_committed_value(entity, name, value)


@cache
def _way_of(kind: type[Base]) -> _Way:
    table = _table_of(kind)
    defaults = {
        column.name: None if column.default is None else _plain(column)
        for column in table.columns
        if not column.primary_key
    }
    names = [*defaults]
    of_one = Act(insert(table).returning(table.c.id), names)
    return _Way(defaults, of_one, Act(insert(table), names))


def _plain(column: Any) -> Any:
    if not column.default.is_scalar:
        raise TypeError(f"{column} has a default that is made anew for each row")
    return column.default.arg


@cache
def _update_of(kind: type[Base], names: tuple[str, ...]) -> Act:
    table = _table_of(kind)
    new = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names}
    wanted = update(table).where(table.c.id == bindparam("row_id")).values(new)
    return Act(wanted.returning(table.c.id))


def _table_of(kind: type[Base]) -> Table:
    if kind.__mapper__.version_id_col is not None:
        raise TypeError(f"{kind.__name__} keeps a version")
    return kind.metadata.tables[kind.__tablename__]
