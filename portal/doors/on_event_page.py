"""What doors add to other pages: the hosts' tab of an event, and what a scan belongs to."""

from collections.abc import Sequence

from flask import Flask, url_for

from portal.attendance.policies import may_open_tab
from portal.doors import queries
from portal.doors.models import PaperEntry
from portal.events import hooks
from portal.materials import hooks as materials
from portal.people.readers import Somebody

_TAB = hooks.Tab("门口", "doors.entrance", may_open_tab)


def _uses(material_id: int, reader: Somebody) -> Sequence[materials.Use]:
    """Scans of sign-in sheets are named to those who run the roll."""
    return [
        materials.Use("签到表", event.title, url_for("doors.paper", event_id=event.id))
        for event in queries.events_with_scan(material_id)
        if may_open_tab(reader, event)
    ]


def init_app(_app: Flask) -> None:
    """Take part in the pages of events."""
    if _TAB not in hooks.tabs:
        hooks.tabs.append(_TAB)
        materials.uses.append(materials.Using(PaperEntry.material_id, _uses))
