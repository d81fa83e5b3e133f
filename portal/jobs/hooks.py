"""Where the rooms above say what they can do in the background, and what they do by the clock.

A room registers a `Kind` for what is asked for (`services.ask`), a `Chore` for what comes
round by itself. Either is called with the application at hand and no transaction open; it
opens its own, short ones. It may be called again for the same thing after a crash: done twice
must be done once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from portal import clock
from portal.errors import PortalError


class HopelessError(PortalError):
    """Trying again would not help; the message is kept as the reason."""


class StoppedError(Exception):
    """The work was broken off because the worker stops: it is put back, as if never begun."""


def _never() -> bool:
    return False


def _unheard(_done: int, _total: int) -> None:
    """Nobody looks how far it is."""


@dataclass(frozen=True)
class Work:
    """What a job is called with: what it was asked for, and what it can say and ask meanwhile."""

    arguments: Mapping[str, Any]
    # Done so far, in all; may be called as often as one likes.
    progress: Callable[[int, int], None] = _unheard
    # Whether the worker wants to stop: then raise StoppedError as soon as may be.
    is_stopping: Callable[[], bool] = _never


@dataclass(frozen=True)
class Kind:
    """A kind of job. After a failure it is tried again, after a growing delay."""

    name: str
    work: Callable[[Work], None]
    most_attempts: int = 5
    delay: timedelta = timedelta(seconds=30)

    def delay_after(self, attempts: int) -> timedelta:
        """Return how long to wait after so many failures: each time four times as long."""
        factor: int = 4 ** max(0, attempts - 1)
        return min(self.delay * factor, timedelta(hours=6))


@dataclass(frozen=True)
class Chore:
    """What comes round: `every` so often, or each day `at` an hour of China's clock."""

    name: str
    work: Callable[[], None]
    every: timedelta = timedelta(days=1)
    at: time | None = None

    def after(self, moment: datetime) -> datetime:
        """Return the first time after that moment."""
        if self.at is None:
            return moment + self.every
        today = clock.local(moment).date()
        todays = clock.from_local(datetime.combine(today, self.at))
        return todays if todays > moment else todays + timedelta(days=1)


kinds: dict[str, Kind] = {}
chores: dict[str, Chore] = {}


def register(what: Kind | Chore) -> None:
    """Let workers know of a kind of job or a chore; saying so twice is once."""
    if isinstance(what, Kind):
        kinds[what.name] = what
    else:
        chores[what.name] = what
