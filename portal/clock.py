"""The only place that asks the time.

Moments are aware and in UTC; days and everything a reader sees are in China's one civil
time, Asia/Shanghai.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date as the calendar on a wall in China shows it."""
    return now().astimezone(CHINA).date()


def local(moment: datetime) -> datetime:
    """Return an aware moment on China's clock."""
    return moment.astimezone(CHINA)


def from_local(naive: datetime) -> datetime:
    """Return the UTC moment of a naive date and time read off a clock in China."""
    return naive.replace(tzinfo=CHINA).astimezone(UTC)
