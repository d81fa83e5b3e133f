"""The only place that asks the time.

Moments are aware and in UTC; days and everything a reader sees are in China's one civil
time, Asia/Shanghai.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_stopped_at: ContextVar[datetime | None] = ContextVar("clock_stopped_at", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _stopped_at.get() or datetime.now(UTC)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let it be that moment: the demo lives through its past with it, nothing else may."""
    token = _stopped_at.set(moment)
    try:
        yield
    finally:
        _stopped_at.reset(token)


def today() -> date:
    """Return today's date as the calendar on a wall in China shows it."""
    return now().astimezone(CHINA).date()


def local(moment: datetime) -> datetime:
    """Return an aware moment on China's clock."""
    return moment.astimezone(CHINA)


def from_local(naive: datetime) -> datetime:
    """Return the UTC moment of a naive date and time read off a clock in China."""
    return naive.replace(tzinfo=CHINA).astimezone(UTC)
