"""The entrance of an event: every way to sign in that a host can set up, on one page."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries as attendance
from portal.attendance import services as rolls
from portal.attendance.models import Roll
from portal.attendance.views.hosting import hosted_event, on_roll, timing
from portal.doors import queries
from portal.doors.forms import WallForm
from portal.doors.offline import queries as offline
from portal.doors.views.blueprint import bp
from portal.events.models import Event
from portal.people.access import current_person, signed_in
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/doors")
@signed_in
@on_roll
def entrance(event: Event, roll: Roll) -> Response:
    """The ways in, the kiosks that stand somewhere, and what the wall shows."""
    form = WallForm(
        data={"masks_names": roll.masks_names, "has_short_code": roll.short_code is not None}
    )
    return render(
        "doors/entrance.html",
        event=event,
        roll=roll,
        form=form,
        kiosks=queries.kiosks_of(event.id),
        unsettled=offline.number_of_open_names(event.id),
        was_guessed_at=roll.short_code is None
        and roll.short_code_failures >= rolls.WRONG_SHORT_CODES,
    )


@bp.post("/events/<int:event_id>/doors/wall")
@signed_in
@writes
def set_up_wall(event_id: int) -> Response:
    """Say what the wall shows."""
    event = hosted_event(event_id)
    form = WallForm()
    rolls.set_up_wall(
        event=event,
        masks_names=form.masks_names.data,
        has_short_code=form.has_short_code.data,
        actor=current_person(),
        timing=timing(),
    )
    code = attendance.roll(event.id).short_code
    flash(f"大屏已设置，数字码是 {code}。" if code else "大屏已设置。")
    return redirect(url_for("doors.entrance", event_id=event.id))
