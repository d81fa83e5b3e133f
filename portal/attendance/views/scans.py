"""Every check-in that nobody was counted for, as it was sent."""

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
    """Every check-in that was refused, and why."""
    return render(
        "attendance/scans.html",
        event=event,
        roll=roll,
        listed=queries.refused_scans(event.id, request.args.get("page", 1, type=int)),
    )
