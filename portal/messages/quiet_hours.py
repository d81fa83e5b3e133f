"""The hours in which nothing tells by itself: reminders wait until people are up (B5).

What cannot wait until then is told in the hour before, when people plan the next morning.
"""

from datetime import datetime, time, timedelta

from portal import clock

LAST_HOUR = time(20)
BEGIN = time(21)
END = time(8)


def is_quiet(moment: datetime) -> bool:
    """Return whether nobody is to be reminded of anything now, on China's clock."""
    hour = clock.local(moment).time()
    return hour >= BEGIN or hour < END


def is_last_hour(moment: datetime) -> bool:
    """Return whether the quiet hours begin within the hour, on China's clock."""
    return LAST_HOUR <= clock.local(moment).time() < BEGIN


def end_after(moment: datetime) -> datetime:
    """Return when people may be reminded again after the night that follows that moment."""
    day = clock.local(moment)
    morning = day.date() if day.time() < END else day.date() + timedelta(days=1)
    return clock.from_local(datetime.combine(morning, END))
