"""What leave adds to other pages: one's own request, the hosts' tab, what a file proves."""

from collections.abc import Mapping, Sequence

from flask import Flask, url_for

from portal import clock
from portal.attendance.policies import has_roll
from portal.events import hooks
from portal.events.models import Event
from portal.leaves import policies, queries
from portal.leaves.models import LeaveState, MakeUp
from portal.materials import hooks as materials
from portal.people.policies import is_administrator
from portal.people.readers import Somebody


def _own_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Who is expected may ask; who has asked sees how it stands, who missed it what was made up."""
    if not has_roll(event) or is_administrator(reader):
        return None
    now = clock.now()
    standing = queries.standing(event, reader)
    latest, entry, made_up = standing.latest, standing.entry, standing.made_up
    has_come = entry is not None and entry.has_come
    is_live = latest is not None and latest.state in {LeaveState.PENDING, LeaveState.GRANTED}
    may_ask = (
        standing.is_expected
        and not has_come
        and not is_live
        and policies.takes_requests(event, now)
    )
    if latest is None and made_up is None and not may_ask:
        return None
    return {
        "latest": latest,
        "made_up": made_up,
        "may_ask": may_ask,
        "may_withdraw": latest is not None and policies.may_withdraw(reader, latest, event, now),
        "has_begun": now >= event.starts_at,
    }


def _uses(material_id: int, reader: Somebody) -> Sequence[materials.Use]:
    """Proofs are named to those who keep the event's leaves."""
    return [
        materials.Use(
            "补课",
            f"{made.person.name}：{made.event.title}",
            url_for("leaves.make_up", event_id=made.event_id, make_up_id=made.id),
        )
        for made in queries.proven_by(material_id)
        if policies.may_open_tab(reader, made.event)
    ]


_PANEL = hooks.Panel("leaves/own_panel.html", "side", _own_panel, sign=queries.may_concern())
_TAB = hooks.Tab("请假补课", "leaves.of_event", policies.may_open_tab)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events."""
    if _PANEL in hooks.panels:
        return
    hooks.panels.append(_PANEL)
    hooks.tabs.append(_TAB)
    materials.readable.append(queries.readable_ids)
    materials.uses.append(materials.Using(MakeUp.material_id, _uses))
