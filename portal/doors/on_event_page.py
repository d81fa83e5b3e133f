"""What doors add to the pages of an event: the hosts' tab."""

from flask import Flask

from portal.attendance.policies import may_open_tab
from portal.events import hooks

_TAB = hooks.Tab("门口", "doors.entrance", may_open_tab)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events."""
    if _TAB not in hooks.tabs:
        hooks.tabs.append(_TAB)
