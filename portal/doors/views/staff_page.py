"""The staff page of one event, the shell of it that a browser keeps, and how it is kept."""

import hashlib
import json
from collections.abc import Sequence

import msgspec
from flask import Response, render_template, url_for

from portal import clock
from portal.attendance.views.hosting import hosted_event
from portal.doors.offline import queries, services
from portal.doors.offline.forms import DeviceForm
from portal.doors.views.blueprint import bp
from portal.events.models import Event
from portal.people.access import current_person, public, signed_in
from portal.web.assets import asset, content
from portal.web.templating import render
from portal.web.transaction import writes

PAGE = "doors/door.html"
WORKER = "door-worker.js"
SCRIPTS = ("door-people.js", "door-store.js", "door-sending.js", "door-view.js", "door.js")
STYLES = ("portal.css", "door.css")
ICON = "mark.svg"


@bp.get("/events/<int:event_id>/door")
@signed_in
def door(event_id: int) -> Response:
    """The page with its way to get this device ready, for whoever runs the roll."""
    event = hosted_event(event_id)
    return render(
        PAGE,
        event_id=event.id,
        event=event,
        form=DeviceForm(data={"name": "门口平板"}),
        sessions=_told_of(queries.sessions_at_hand(event)),
        scripts=SCRIPTS,
        styles=STYLES,
    )


@bp.post("/events/<int:event_id>/door")
@signed_in
@writes
def prepare(event_id: int) -> Response:
    """Give this device a token of its own, once; the roster it then reads with that."""
    event = hosted_event(event_id)
    form = DeviceForm()
    if not form.validate():
        words = " ".join(word for words in form.errors.values() for word in words)
        return _json({"detail": words}, status=422)
    prepared = services.prepare(event=event, name=form.name.data or "", actor=current_person())
    return _json(
        {
            "token": prepared.text,
            "token_id": prepared.token.id,
            "device": prepared.token.name,
            "person": current_person().id,
            "now": clock.now(),
        }
    )


@bp.get("/events/<int:event_id>/door/shell")
@public
def door_shell(event_id: int) -> Response:
    """The page without any data: the same whoever reads it, kept by the browser."""
    response = Response(_shell(event_id), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/events/<int:event_id>/door/worker.js")
@public
def door_worker(event_id: int) -> Response:
    """What keeps the shell: its text changes with every file it keeps, so browsers renew it."""
    here = url_for("doors.door", event_id=event_id)
    shell = url_for("doors.door_shell", event_id=event_id)
    files = [asset(name) for name in (*STYLES, *SCRIPTS, ICON)]
    version = hashlib.sha256(_shell(event_id).encode()).hexdigest()[:16]
    kept = {"page": here, "shell": shell, "files": files, "version": version}
    told = f"const KEPT = {json.dumps(kept)};\n{content(WORKER)}"
    response = Response(told, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = here
    return response


@bp.get("/events/<int:event_id>/door/app.webmanifest")
@public
def door_manifest(event_id: int) -> Response:
    """What an installed page is called and shows; nothing of the event."""
    here = url_for("doors.door", event_id=event_id)
    told = {
        "name": "门口点名",
        "short_name": "门口点名",
        "lang": "zh-CN",
        "id": here,
        "start_url": here,
        "scope": here,
        "display": "standalone",
        "background_color": "#fbfaf7",
        "theme_color": "#9e1b22",
        "icons": [
            {"src": asset(ICON), "type": "image/svg+xml", "sizes": "any"},
            {"src": asset("door-192.png"), "type": "image/png", "sizes": "192x192"},
            {"src": asset("door-512.png"), "type": "image/png", "sizes": "512x512"},
        ],
    }
    return _json(told, mimetype="application/manifest+json")


def _shell(event_id: int) -> str:
    return render_template(
        PAGE, event_id=event_id, event=None, form=None, sessions=[], scripts=SCRIPTS, styles=STYLES
    )


def _told_of(sessions: Sequence[Event]) -> list[dict[str, object]]:
    return [{"id": one.id, "name": one.session_name} for one in sessions]


def _json(told: object, *, status: int = 200, mimetype: str = "application/json") -> Response:
    return Response(msgspec.json.encode(told), status=status, mimetype=mimetype)
