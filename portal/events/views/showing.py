"""The page of one event."""

from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.events import hooks, policies, queries
from portal.events.models import Event
from portal.events.views.blueprint import bp
from portal.people.access import current_person, signed_in
from portal.people.models import Person
from portal.web.templating import render


@bp.get("/<int:event_id>")
@signed_in
def show(event_id: int) -> Response:
    """What the event is, my own state in it, and the one next step."""
    reader = current_person()
    event = queries.event_seen_by(reader, event_id)
    return render(
        "events/show.html",
        event=event,
        is_host=policies.may_host(reader, event),
        main_panels=_panels("main", event, reader),
        side_panels=_panels("side", event, reader),
    )


def _panels(region: str, event: Event, reader: Person) -> list[Markup]:
    """Return what the rooms above add to this part of the page for this reader."""
    shown = []
    for panel in hooks.panels:
        context = panel.context(event, reader) if panel.region == region else None
        if context is not None:
            shown.append(Markup(render_template(panel.template, event=event, **context)))  # noqa: S704
    return shown


@bp.app_template_global("event_tabs")
def event_tabs(event: Event) -> list[tuple[str, str, bool]]:
    """Return (label, address, is here) of the pages about one event that the reader may open."""
    reader = current_person()
    offered = [("概况", url_for("events.show", event_id=event.id))]
    offered += [
        (tab.label, url_for(tab.endpoint, event_id=event.id))
        for tab in hooks.tabs
        if tab.may_open(reader, event)
    ]
    own = offered[0][1]
    here = max(
        (href for _, href in offered if href != own and _is_under(href)), default=own, key=len
    )
    return [(label, href, href == here) for label, href in offered]


def _is_under(href: str) -> bool:
    return request.path == href or request.path.startswith(f"{href}/")
