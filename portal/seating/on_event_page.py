"""What the plan of seats adds to the event page: where one sits, and the hosts' tab."""

from collections.abc import Mapping

from flask import Flask

from portal.events import hooks
from portal.events.models import Event
from portal.people.readers import Somebody
from portal.seating import policies, queries


def _own_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Whoever has a seat is told where, once the host lets people see it."""
    place = queries.find_place(event.id, reader.id)
    return {"place": place} if place else None


_PANEL = hooks.Panel("seating/own_panel.html", "side", _own_panel, sign=queries.has_a_seat())
_TAB = hooks.Tab("座次", "seating.index", policies.may_open_tab)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events."""
    if _PANEL in hooks.panels:
        return
    hooks.panels.append(_PANEL)
    hooks.tabs.append(_TAB)
