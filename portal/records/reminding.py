"""Whoever runs an event is reminded, once, to close it with a summary."""

from collections.abc import Sequence
from datetime import timedelta

from portal import clock
from portal.attendance import reminders
from portal.events.models import EventState
from portal.events.telling import said
from portal.messages import services as messages
from portal.messages.services import Occasion, Told
from portal.records import queries

# What was confirmed longer ago when somebody first looks is no news any more.
_STILL_NEWS = timedelta(days=7)


def to_sum_up() -> Sequence[int]:
    """Return the events whose roll was confirmed before today and that have no summary yet."""
    now = clock.now()
    return queries.not_summed_up(since=now - _STILL_NEWS, until=reminders.midnight(now))


def remind_of_summary(event_id: int) -> Told:
    """Remind those who run the event; nobody where it was summed up or filed meanwhile."""
    event = reminders.event_with_host(event_id)
    if event.state is not EventState.RECORDED or queries.find_summary(event_id) is not None:
        return Told()
    return messages.remind(
        people=reminders.hosting(event.host),
        about=f"summary:{event.id}",
        occasion=Occasion.OVERDUE,
        subject=f"写活动小结：{event.title}",
        body="\n".join([said(event), "名册、发言、表决和事项已经自动汇总，补上成效和下一步就好。"]),
        link=f"/events/{event.id}/summary",
    )
