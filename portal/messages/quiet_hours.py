"""The hours in which nothing tells by itself: reminders wait until people are up (B5)."""

from datetime import datetime, time

from portal import clock

BEGIN = time(21)
END = time(8)


def is_quiet(moment: datetime) -> bool:
    """Return whether nobody is to be reminded of anything now, on China's clock."""
    hour = clock.local(moment).time()
    return hour >= BEGIN or hour < END
