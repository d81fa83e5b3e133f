"""What records add to the event page: the hosts' tab."""

from flask import Flask

from portal.events import hooks
from portal.records import policies

_TAB = hooks.Tab("记录", "records.of_event", policies.may_open)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events."""
    if _TAB not in hooks.tabs:
        hooks.tabs.append(_TAB)
