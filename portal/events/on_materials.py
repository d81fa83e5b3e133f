"""What events do with materials: they show them to whom they are meant for."""

from collections.abc import Mapping, Sequence

from flask import Flask, url_for
from sqlalchemy import exists

from portal.events import attachment_queries, hooks, policies
from portal.events.models import Event, EventMaterial
from portal.materials import hooks as materials
from portal.people.readers import Somebody


def _panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Readers are told of materials where there are any; hosts have a page of their own."""
    if policies.may_host(reader, event):
        return None
    attached = attachment_queries.attached(event.id)
    return {"attached": attached} if attached else None


def _uses(material_id: int, reader: Somebody) -> Sequence[materials.Use]:
    return [
        materials.Use("活动", event.title, url_for("events.show", event_id=event.id))
        for event in attachment_queries.events_with(material_id, reader)
    ]


_HAS_SOME = exists().where(EventMaterial.event_id == Event.id)
_PANEL = hooks.Panel("events/_materials.html", "main", _panel, sign=_HAS_SOME)
_TAB = hooks.Tab("资料", "events.materials", policies.may_host)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events, and say who reads what is attached."""
    if _PANEL in hooks.panels:
        return
    hooks.panels.append(_PANEL)
    hooks.tabs.append(_TAB)
    materials.readable.append(attachment_queries.readable_ids)
    materials.uses.append(materials.Using(EventMaterial.material_id, _uses))
