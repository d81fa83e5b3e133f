"""What cases add to the event page: what was asked last time, and the hosts' tab."""

from collections.abc import Mapping, Sequence

from flask import Flask, url_for

from portal import clock
from portal.cases import policies, queries
from portal.cases.models import CaseMaterial
from portal.events import hooks
from portal.events.models import Event, EventState
from portal.events.policies import may_host
from portal.materials import hooks as materials
from portal.people.readers import Somebody


def _asked_before(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Hosts begin with what was asked the last time, and how each of it stands."""
    if not may_host(reader, event):
        return None
    before = queries.asked_before(event, reader)
    return {"before": before, "moment": clock.now()} if before else None


def _may_open(reader: Somebody, event: Event) -> bool:
    return event.state is not EventState.DRAFT and may_host(reader, event)


def _uses(material_id: int, reader: Somebody) -> Sequence[materials.Use]:
    return [
        materials.Use(
            "问题建议", f"{case.number} {case.headline}", url_for("cases.show", case_id=case.id)
        )
        for case in queries.cases_with(material_id, reader)
    ]


def _brings(reader: Somebody) -> bool:
    """Officers bring papers to their cases, and whoever is in charge of one by name."""
    return policies.may_open_somewhere(reader) or queries.is_in_charge(reader)


_PANEL = hooks.Panel(
    "cases/before_panel.html", "main", _asked_before, sign=queries.may_have_been_asked()
)
_TAB = hooks.Tab("问题建议", "cases.of_event", _may_open)


def init_app(app: Flask) -> None:
    """Take part in the pages of events, and say who reads what is attached to cases."""
    app.add_template_global(queries.standing, "standing_words")
    if _PANEL in hooks.panels:
        return
    hooks.panels.append(_PANEL)
    hooks.tabs.append(_TAB)
    materials.brings.append(_brings)
    materials.readable.append(queries.readable_ids)
    materials.uses.append(materials.Using(CaseMaterial.material_id, _uses))
