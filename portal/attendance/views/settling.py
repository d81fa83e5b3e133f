"""Marking the rest present, and confirming the roll."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries, services
from portal.attendance.models import Roll
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import hosted_event, on_roll, roll_is_open, timing
from portal.errors import ConflictError
from portal.events.models import Event
from portal.people.access import current_person, signed_in
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/attendance/all-present")
@signed_in
@on_roll
def all_present(event: Event, roll: Roll) -> Response:
    """All of whom nothing was said yet: tick those who are not here."""
    missing = queries.open_entries(event.id)
    return render(
        "attendance/all_present.html",
        event=event,
        missing=missing,
        up_to=max((entry.id for entry in missing), default=0),
        is_open=roll_is_open(event, roll),
    )


@bp.post("/events/<int:event_id>/attendance/all-present")
@signed_in
@writes
def mark_rest_present(event_id: int) -> Response:
    """Mark everybody on that page present, except those who were ticked."""
    event = hosted_event(event_id)
    count = services.mark_rest_present(
        event=event,
        exceptions=set(request.form.getlist("except", type=int)),
        up_to=request.form.get("up_to", 0, type=int),
        actor=current_person(),
        timing=timing(),
    )
    if not count:
        flash("没有把任何人登记为已到。")
    return redirect(url_for("attendance.roll", event_id=event.id))


@bp.get("/events/<int:event_id>/attendance/confirm")
@signed_in
@on_roll
def confirmation(event: Event, roll: Roll) -> Response:
    """What the confirmation makes of whom."""
    if roll.confirmed_at is not None:
        raise ConflictError("名册已经确认过了。")
    return render(
        "attendance/confirm.html",
        event=event,
        roll=roll,
        numbers=queries.numbers(event.id),
        missing=queries.open_entries(event.id),
        to_decide=queries.to_reconcile(event, roll, closes_after=timing().closes_after).to_decide,
    )


@bp.post("/events/<int:event_id>/attendance/confirm")
@signed_in
@writes
def confirm(event_id: int) -> Response:
    """Confirm the roll: it stands, and whoever is still expected was absent."""
    event = hosted_event(event_id)
    services.confirm(
        event=event,
        actor=current_person(),
        seen_expected=request.form.get("seen_expected", type=int),
    )
    flash("名册已确认。")
    return redirect(url_for("attendance.roll", event_id=event.id))
