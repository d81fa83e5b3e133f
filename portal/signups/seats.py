"""Seats are decided under a lock: lock the event's row, count its sign-ups, then write.

On PostgreSQL the lock is `SELECT … FOR UPDATE` on the event; on SQLite the transaction of a
view that writes holds the one write lock from its beginning (`portal.database`). Rows are
counted each time, so there is no counter that could drift.
"""

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import bindparam, select, text

from portal.database import begin_write, db
from portal.events.models import Event
from portal.statements import Ready

# How long a sign-up waits for those before it; then the reader is asked to try again.
LOCK_TIMEOUT_MS = 10_000
# What may have changed between reading the event and holding its lock.
_DECISIVE = ("capacity", "state", "starts_at", "ends_at", "signup_opens_at", "signup_closes_at")

Answer = TypeVar("Answer")
_VERSION = Ready(select(Event.version).where(Event.id == bindparam("event_id")).with_for_update())


class Guard(Protocol):
    """Asks about the seats of an event in such a way that a write may rely on the answer."""

    def look(self, event: Event, question: Callable[[], Answer]) -> Answer:
        """Return the answer to `question`, asked while nobody else can change it."""


class LockedGuard:
    """Nobody else decides on this event until the transaction ends."""

    def look(self, event: Event, question: Callable[[], Answer]) -> Answer:
        """Lock the event's row, bring the event up to date, then ask."""
        lock_event(event)
        return question()


class UnguardedForTests:
    """What the lock prevents (PORTAL_TEST_UNGUARDED): look, let others look too, then write.

    The first two requests of a process wait for each other between looking and writing, so
    that both decide on the same number. Tests use it to prove that they would notice.
    """

    def __init__(self, *, patience: float = 10.0) -> None:
        self._patience = patience
        self._meeting = threading.Barrier(2)

    def look(self, event: Event, question: Callable[[], Answer]) -> Answer:  # noqa: ARG002
        """Ask without a lock; on SQLite let go of the write lock for as long as it takes."""
        if db.engine.dialect.name != "sqlite":
            answer = question()
            self._meet()
            return answer
        session = db.session()
        session.expire_on_commit = False  # what the view has loaded stays loaded
        session.commit()
        answer = question()
        session.commit()
        session.expire_on_commit = True
        self._meet()
        begin_write()
        return answer

    def _meet(self) -> None:
        try:
            self._meeting.wait(self._patience)
        except threading.BrokenBarrierError:
            return
        self._meeting.abort()  # once is enough: those who come later do not wait


_guard: Guard = LockedGuard()


def use_guard(guard: Guard) -> None:
    """Choose the guard when the application is made; all but a test's is `LockedGuard`."""
    global _guard  # noqa: PLW0603  one choice a process, made by create_app
    _guard = guard


def look(event: Event, question: Callable[[], Answer]) -> Answer:
    """Return the answer to a question about the seats of the event; a write may rely on it."""
    return _guard.look(event, question)


def hold(event: Event) -> int | None:
    """Hold the event's row until the transaction ends; return its version as it is now."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    rows = _VERSION.rows_after_flush({"event_id": event.id})
    return rows[0][0] if rows else None


def lock_event(event: Event) -> None:
    """Hold the event's row, and bring the event up to date if it has changed meanwhile."""
    if hold(event) != event.version:
        db.session.refresh(event, [*_DECISIVE, "version"])
