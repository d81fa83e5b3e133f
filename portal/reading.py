"""Where a page that only reads asks the database: a connection of the pool, without a session.

To begin and to end a session of the ORM was an eighth of what a page cost. What is asked within
a request before its session has begun is asked here, in one transaction that only reads. As soon
as the session begins the connection goes back, and everything is asked there: nothing that the
request itself writes is overlooked. Commands and jobs have no request and know the session alone.
"""

from typing import Any

from flask import Flask, g, has_app_context, has_request_context
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import PoolProxiedConnection

from portal.database import db

_KEPT = "portal_reading"


class Reading:
    """A transaction that only reads, on a connection of its own."""

    __slots__ = ("connection", "engine")

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection: PoolProxiedConnection = engine.raw_connection()
        if engine.dialect.name == "sqlite":
            driver: Any = self.connection.driver_connection
            driver.execute("BEGIN")

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self.engine.dialect

    @property
    def is_heard(self) -> bool:
        """Whether somebody listens to what the engine sends."""
        return bool(self.engine.dispatch.before_cursor_execute)


def under_way() -> Reading | None:
    """Return where to read; None where the session has begun, or where there is no request."""
    reading: Reading | None = g.get(_KEPT)
    if reading is None and has_request_context() and not _session_has_begun():
        reading = Reading(db.engine)
        setattr(g, _KEPT, reading)
    return reading


def _session_has_begun() -> bool:
    return db.session.registry.has() and db.session().in_transaction()


def end(_error: BaseException | None = None) -> None:
    """Give the connection back; the pool rolls back what is open on it."""
    reading = g.pop(_KEPT, None)
    if reading is not None:
        reading.connection.close()


def _end_before(_session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and has_app_context():
        end()


def init_app(app: Flask) -> None:
    """End with the request, and before the session begins."""
    app.teardown_request(end)
    if not event.contains(db.session, "after_transaction_create", _end_before):
        event.listen(db.session, "after_transaction_create", _end_before)
