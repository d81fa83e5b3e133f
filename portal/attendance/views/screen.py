"""The wall: the code of the moment, how many have come, who came last."""

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance import codes, queries
from portal.attendance.masking import masked_name
from portal.attendance.models import Roll
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import on_roll, timing
from portal.events.models import Event, EventState
from portal.people.access import signed_in
from portal.web import htmx
from portal.web.qr import qr_picture
from portal.web.templating import render

# As many names as one reads on a wall.
LAST_ARRIVALS = 8


@bp.get("/events/<int:event_id>/screen")
@signed_in
@on_roll
def screen(event: Event, roll: Roll) -> Response:
    """The whole wall; to htmx, what has changed since `seen`, or nothing (204)."""
    seconds = current_app.config["PORTAL_CODE_SECONDS"]
    now = clock.now()
    phase = _phase(event)
    seen = f"{roll.revision}-{codes.interval(now, seconds=seconds)}-{phase}"
    known = request.args.get("seen", "")
    if htmx.is_fragment_request() and known == seen:
        return Response(status=204)
    code = codes.new_code(roll.code_secret, event.id, now, seconds=seconds)
    address = url_for("attendance.arrive", code=code, _external=True)
    return render(
        "attendance/screen.html",
        block="wall",
        event=event,
        phase=phase,
        seen=seen,
        known_revision=_revision(known, roll),
        spoken=codes.spoken(code),
        short_code=roll.short_code,
        signs_out=roll.signs_out,
        shown_name=masked_name if roll.masks_names else str,
        typed_at=url_for("attendance.code", _external=True).split("://")[1],
        picture=qr_picture(address),
        numbers=queries.numbers(event.id),
        arrivals=queries.arrivals(event.id, limit=LAST_ARRIVALS),
        opens_at=event.starts_at - timing().opens_before,
    )


def _phase(event: Event) -> str:
    """Return whether the code is shown: "early", "open", "over"."""
    now = clock.now()
    is_over = now > event.ends_at + timing().closes_after
    if is_over or event.state is not EventState.PUBLISHED:
        return "over"
    return "open" if timing().takes_codes(event.starts_at, event.ends_at, now) else "early"


def _revision(seen: str, roll: Roll) -> int:
    """Return the revision the screen showed before: who came later fades in."""
    number = seen.partition("-")[0]
    return int(number) if number.isdecimal() and len(number) < 10 else roll.revision
