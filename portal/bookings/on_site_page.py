"""What bookings add to the page of a site: its calendar, and what stands in the way of a room."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Flask

from portal import clock
from portal.bookings import policies, queries
from portal.people.readers import Somebody
from portal.sites import hooks
from portal.sites.models import Site
from portal.sites.uses.load import monday_of
from portal.sites.uses.models import RECEIVING
from portal.sites.uses.queries import uses_of_room

# So many free slots are shown on the page of a site: some days of them.
_SHOWN = 12
_AHEAD = timedelta(days=14)


def _panel(site: Site, reader: Somebody) -> Mapping[str, object] | None:
    """Show the next free slots of a site that receives visits."""
    if site.state not in RECEIVING:
        return None
    today = clock.today()
    board = queries.board(site, monday_of(today), today + _AHEAD)
    free = [
        slot
        for number in range(_AHEAD.days)
        for slot in board.slots(today + timedelta(days=number))
        if slot.is_free
    ]
    return {
        "load": board.load(today),
        "free": free[:_SHOWN],
        "may_ask": policies.may_ask(reader, site) and board.rules.takes_visits,
    }


def _uses(site: Site, room_id: int | None) -> Sequence[str]:
    """Return what stands in the way of taking a room, or the site, away."""
    coming, past = uses_of_room(site.id, room_id)
    found = []
    if coming:
        found.append(f"还有 {coming} 场参观或活动要在这里进行，请先改期或取消。")
    if past:
        found.append(f"这里办过 {past} 场参观或活动，记录要保留；可以改为不开放预约。")
    return found


_PANEL = hooks.Panel("bookings/site_panel.html", "side", _panel)
_TABS = (
    hooks.Tab("日程与预约", "bookings.calendar", policies.may_see_calendar),
    hooks.Tab("接待设置", "bookings.rules", policies.may_decide),
)


def init_app(_app: Flask) -> None:
    """Take part in the pages of sites."""
    if _PANEL in hooks.panels:
        return
    hooks.panels.append(_PANEL)
    hooks.tabs.extend(_TABS)
    hooks.uses.append(_uses)
