"""What records add to the pages of an event and its roll: the hosts' tab, and the summary."""

from collections.abc import Mapping, Sequence

from flask import Flask, url_for

from portal.attendance import hooks as rolls
from portal.attendance.hooks import Onward
from portal.attendance.models import Roll
from portal.events import hooks
from portal.events.models import Event, EventState
from portal.events.policies import may_host
from portal.people.readers import Somebody
from portal.records import policies, queries


def _after(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Hosts see whether the gathering is closed with a summary, and the way to it."""
    if event.session_count or not may_host(reader, event):
        return None
    return {"summary": queries.find_summary(event.id)}


def _to_read(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Who was there reads what was recorded, once it is confirmed."""
    found = queries.readable_of(event.id, reader)
    return {"minutes": found} if found else None


def _onwards(_reader: Somebody, event: Event, roll: Roll) -> Sequence[Onward]:
    """The roll is confirmed: one press, and the summary is written."""
    if roll.confirmed_at is None:
        return []
    return [Onward("活动小结", url_for("records.summary_of", event_id=event.id), is_main=True)]


_TAB = hooks.Tab("记录", "records.of_event", policies.may_open)
_AFTER = hooks.Panel(
    "records/after_panel.html", "side", _after, sign=Event.state == EventState.RECORDED
)

_TO_READ = hooks.Panel(
    "records/read_panel.html", "main", _to_read, sign=queries.has_minutes_to_read()
)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events."""
    if _TAB in hooks.tabs:
        return
    hooks.tabs.append(_TAB)
    hooks.panels.extend([_AFTER, _TO_READ])
    rolls.onwards.append(_onwards)
