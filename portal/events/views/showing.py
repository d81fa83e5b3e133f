"""The page of one event."""

from collections.abc import Sequence

from flask import request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import clock
from portal.events import agenda, agenda_rows, hooks, list_queries, policies, queries, telling
from portal.events.calendar_file import calendar_file as write_calendar
from portal.events.models import Audience, Event, EventState
from portal.events.sessions import queries as sessions
from portal.events.sessions import rules
from portal.events.states import Move, may_follow
from portal.events.views import loading, places
from portal.events.views.blueprint import bp
from portal.people.access import current_reader, signed_in
from portal.people.readers import Somebody
from portal.web.templating import part, render


@bp.get("/<int:event_id>")
@signed_in
def show(event_id: int) -> Response:
    """What the event is, my own state in it, and the one next step."""
    reader = current_reader()
    event, has_agenda, panels = queries.seen_with_panels(reader, event_id, hooks.panels)
    is_host = policies.may_host(reader, event)
    parts = sessions.seen_sessions(event, is_host=is_host)
    rows = agenda_rows.rows(event.id) if has_agenda else []
    return render(
        "events/show.html",
        event=event,
        agenda=agenda.timed(rows, event.starts_at),
        agenda_lines=agenda.items(event.agenda),
        is_host=is_host,
        sessions=parts,
        may_divide=is_host and event.series_id is None and event.state in rules.MOVABLE,
        session_facts=list_queries.row_facts(parts),
        whole=sessions.whole_of(event) if event.part_of_id is not None else None,
        moves={move.value for move in Move if is_host and may_follow(event.state, move)},
        notice=telling.last_notice(event.id) if is_host else None,
        load=loading.load_of(event) if is_host else [],
        load_was_asked=False,
        is_late=event.starts_at <= clock.now(),
        report=places.of_event(event) if is_host and event.state is EventState.DRAFT else None,
        main_panels=_shown("main", panels, event, reader),
        side_panels=_shown("side", panels, event, reader),
    )


@bp.get("/<int:event_id>.ics")
@signed_in
def calendar_file(event_id: int) -> Response:
    """The event for one's own calendar; its sessions, if it is held in such."""
    reader = current_reader()
    event = queries.event_seen_by(reader, event_id)
    parts = sessions.seen_sessions(event, is_host=policies.may_host(reader, event))
    return calendar_response(parts or [event], f"event-{event.id}.ics")


def calendar_response(events: Sequence[Event], name: str) -> Response:
    """Answer with a calendar file of these events; hosts are loaded."""
    body = write_calendar(
        events, lambda event: url_for("events.show", event_id=event.id, _external=True)
    )
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _shown(
    region: str, panels: Sequence[hooks.Panel], event: Event, reader: Somebody
) -> list[Markup]:
    """Return what the rooms above add to this part of the page for this reader."""
    shown = []
    for panel in panels:
        context = panel.context(event, reader) if panel.region == region else None
        if context is not None:
            shown.append(part(panel.template, event=event, **context))
    return shown


@bp.app_template_global("event_tabs")
def event_tabs(event: Event) -> list[tuple[str, str, bool]]:
    """Return (label, address, is here) of the pages about one event that the reader may open."""
    reader = current_reader()
    offered = [("概况", url_for("events.show", event_id=event.id))]
    if may_follow(event.state, Move.EDIT) and policies.may_host(reader, event):
        offered.append(("议程", url_for("events.agenda", event_id=event.id)))
    if event.session_count and policies.may_host(reader, event):
        offered.append(("场次", url_for("events.sessions", event_id=event.id)))
    is_whole = event.part_of_id is None
    if is_whole and event.audience is Audience.INVITED and policies.may_host(reader, event):
        offered.append(("邀请名单", url_for("events.invitations", event_id=event.id)))
    offered += [
        (tab.label, url_for(tab.endpoint, event_id=event.id))
        for tab in hooks.tabs
        if tab.may_open(reader, event)
    ]
    own = offered[0][1]
    here = max(
        (href for _, href in offered if href != own and _is_under(href)),
        default=_of_same_room(offered, own),
        key=len,
    )
    return [(label, href, href == here) for label, href in offered]


def _of_same_room(offered: Sequence[tuple[str, str]], own: str) -> str:
    """Return the tab of the room whose page this is: not each lies below its tab's address."""
    if request.blueprint == bp.name:
        return own
    labels = {tab.label for tab in hooks.tabs if tab.endpoint.startswith(f"{request.blueprint}.")}
    return next((href for label, href in offered if label in labels), own)


def _is_under(href: str) -> bool:
    return request.path == href or request.path.startswith(f"{href}/")
