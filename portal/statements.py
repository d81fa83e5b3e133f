"""Statements that every page asks and every tap writes, made ready once: text, parameters in order.

SQLAlchemy works out for each execution which text, which parameters and which kind of result
belong together: four times what SQLite needs to answer from an index (docs/performance.md). A
statement that selects columns, is built once and takes only plain parameters needs none of it.
It is asked within the session's transaction, or of `portal.reading` while the session has none.
Where somebody listens to what the engine sends (tests count statements so), it goes the ordinary
way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, Connection, Dialect, Insert, Select, Update, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.visitors import replacement_traverse

from portal import reading
from portal.database import db, reader_of

Columns: TypeAlias = Select[*tuple[Any, ...]]
_Processor = Callable[[Any], Any]
# Where a session keeps the connection of its transaction.
_CONNECTION = "portal_connection"


class _Made(NamedTuple):
    """What is worked out once for a dialect.

    `own` is what the dialect itself sends along, as SQLite's offset beside a limit; `order` the
    names in the order of their places, None where the driver takes names.
    """

    text: str
    processors: dict[str, _Processor | None]
    own: dict[str, Any]
    order: tuple[str, ...] | None
    read: tuple[tuple[int, _Processor], ...]


class Ready:
    """A statement that selects columns, asked at every page with other parameters.

    `statement` must be built once and takes no list that expands (see `database.one_of`):
    TypeError is raised at its first use if it does.
    """

    __slots__ = ("_made", "statement")

    def __init__(self, statement: Columns) -> None:
        self.statement = statement
        self._made: dict[str, _Made] = {}

    def rows(self, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Return its rows as tuples; more parameters than it takes do no harm."""
        read = reading.under_way()
        if read is not None and not read.is_heard:
            return self._rows(read.connection, read.dialect, read.connection.invalidate, parameters)
        connection = _connection()
        if connection.dispatch.before_cursor_execute:
            return connection.execute(self.statement, parameters).all()
        raw = connection.connection
        return self._rows(raw, connection.dialect, connection.invalidate, parameters)

    def rows_after_flush(self, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Return its rows as they are once the session has written what it has still to write."""
        db.session.flush()
        return self.rows(parameters)

    def _rows(
        self,
        raw: PoolProxiedConnection,
        dialect: Dialect,
        give_up: Callable[[BaseException], None],
        parameters: Mapping[str, Any],
    ) -> Sequence[Any]:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _make(self.statement, dialect)
        return _asked(made, raw, dialect, give_up, parameters)


class Act:
    """A statement that writes, made ready: an insert or update that takes only plain parameters.

    `columns` are those that an insert is given; an update has a parameter for each value.
    """

    __slots__ = ("_made", "columns", "statement")

    def __init__(self, statement: Insert | Update, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self.columns = None if columns is None else list(columns)
        self._made: dict[str, _Made] = {}

    def do(self, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Write within the session's transaction; return the rows of what it returns."""
        connection = _connection()
        if connection.dispatch.before_cursor_execute:
            done = connection.execute(self.statement, parameters)
            return done.all() if done.returns_rows else ()
        made, dialect = self._made_for(connection.dialect), connection.dialect
        raw = connection.connection
        return _asked(made, raw, dialect, connection.invalidate, parameters)

    def do_each(self, many: Sequence[Mapping[str, Any]]) -> None:
        """Write as `do` does for each of the parameters, in one go."""
        if not many:
            return
        connection = _connection()
        if connection.dispatch.before_cursor_execute:
            connection.execute(self.statement, [dict(one) for one in many])
            return
        made, dialect = self._made_for(connection.dialect), connection.dialect
        raw = connection.connection
        cursor = raw.cursor()
        try:
            cursor.executemany(made.text, [_sent(made, one) for one in many])
        except dialect.loaded_dbapi.Error as error:
            raise _told(raw, dialect, connection.invalidate, made.text, error) from error
        finally:
            cursor.close()

    def _made_for(self, dialect: Dialect) -> _Made:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _make_act(self.statement, self.columns, dialect)
        return made


def _asked(
    made: _Made,
    raw: PoolProxiedConnection,
    dialect: Dialect,
    give_up: Callable[[BaseException], None],
    parameters: Mapping[str, Any],
) -> Sequence[Any]:
    cursor = raw.cursor()
    try:
        cursor.execute(made.text, _sent(made, parameters))
        found: Sequence[Any] = cursor.fetchall() if cursor.description else ()
    except dialect.loaded_dbapi.Error as error:
        raise _told(raw, dialect, give_up, made.text, error) from error
    finally:
        cursor.close()
    return [_read(row, made.read) for row in found] if made.read else found


def plain_rows(statement: Columns | Ready, parameters: Mapping[str, Any]) -> Sequence[Any]:
    """Return the rows of a statement that selects columns, within the session's transaction.

    For what many pages ask: the session's own way to rows costs twice as much, to look for
    entities that such a statement has none of.
    """
    if isinstance(statement, Ready):
        return statement.rows(parameters)
    return _connection().execute(statement, parameters).all()


def _connection() -> Connection:
    """Return the connection of the session's transaction, looked for once for each."""
    session = db.session()
    begun, connection = session.info.get(_CONNECTION, (None, None))
    if connection is None or begun is not session.get_transaction():
        connection = session.connection()
        session.info[_CONNECTION] = session.get_transaction(), connection
    found: Connection = connection
    return found


def _make(statement: Columns, dialect: Dialect) -> _Made:
    whole: Any = replacement_traverse(statement, {}, _written_out)
    compiled = whole.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return _made(compiled, statement.selected_columns, dialect)


def _make_act(statement: Insert | Update, columns: Sequence[str] | None, dialect: Dialect) -> _Made:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    return _made(compiled, statement.exported_columns, dialect)


def _made(compiled: Any, returned: Iterable[Any], dialect: Dialect) -> _Made:
    named = {name: one for one, name in compiled.bind_names.items() if not one.literal_execute}
    readers = ((at, reader_of(column.type, dialect)) for at, column in enumerate(returned))
    return _Made(
        str(compiled),
        {
            name: one.type.dialect_impl(dialect).bind_processor(dialect)
            for name, one in named.items()
            if one.required or one.value is None
        },
        {
            name: one.value
            for name, one in named.items()
            if not one.required and one.value is not None
        },
        tuple(compiled.positiontup or ()) if compiled.positional else None,
        tuple((at, read) for at, read in readers if read is not None),
    )


def _written_out(element: Any, **_how: Any) -> Any:
    """Write values that the statement itself has into its text; leave a place for the others.

    Where such a value decides whether a partial index serves, SQLite would else plan the
    statement anew at every execution.
    """
    if not isinstance(element, BindParameter):
        return None
    if not element.required:
        return element.render_literal_execute()
    if element.expanding:
        raise TypeError(f"a statement made ready takes no list: {element.key}")
    return bindparam(element.key, None, type_=element.type)


def _sent(made: _Made, parameters: Mapping[str, Any]) -> Any:
    own, processors = made.own, made.processors
    if made.order is None:
        given = {
            name: parameters[name] if process is None else process(parameters[name])
            for name, process in processors.items()
        }
        return {**own, **given}
    return [
        own[name]
        if name in own
        else parameters[name]
        if (process := processors[name]) is None
        else process(parameters[name])
        for name in made.order
    ]


def _read(row: Sequence[Any], processors: tuple[tuple[int, _Processor], ...]) -> tuple[Any, ...]:
    values = list(row)
    for at, processor in processors:
        values[at] = processor(values[at])
    return tuple(values)


def _told(
    raw: PoolProxiedConnection,
    dialect: Any,
    give_up: Callable[[BaseException], None],
    text: str,
    error: Any,
) -> Exception:
    """Return the driver's error as SQLAlchemy tells it; a connection that is lost is given up."""
    is_lost = dialect.is_disconnect(error, raw, None)
    if is_lost:
        give_up(error)
    told: Exception = DBAPIError.instance(
        text, None, error, dialect.dbapi.Error, dialect=dialect, connection_invalidated=is_lost
    )
    return told
