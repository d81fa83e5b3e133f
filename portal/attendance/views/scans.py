"""What doors have sent and nobody was counted for: looked at before the roll is confirmed."""

from flask import request
from werkzeug.wrappers import Response

from portal.attendance import queries
from portal.attendance.models import Roll
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import on_roll
from portal.events.models import Event
from portal.people.access import signed_in
from portal.web.templating import render


@bp.get("/events/<int:event_id>/attendance/scans")
@signed_in
@on_roll
def scans(event: Event, roll: Roll) -> Response:
    """Who was seen though said not to be here, and every check-in that was refused."""
    return render(
        "attendance/scans.html",
        event=event,
        roll=roll,
        contradicted=queries.contradicted(event.id),
        listed=queries.refused_scans(event.id, request.args.get("page", 1, type=int)),
    )
