"""Tokens of an event: made, shown once, taken back; and how devices use them."""

from datetime import datetime, time, timedelta

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance.views.hosting import hosted_event
from portal.doors import queries, services
from portal.doors.api import problems
from portal.doors.forms import TokenForm
from portal.doors.views.blueprint import bp
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people.access import current_person, public, signed_in
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/tokens")
@signed_in
def tokens(event_id: int) -> Response:
    """Which devices speak for this event, and the way to let another one in."""
    event = hosted_event(event_id)
    form = TokenForm(
        data={"may_read": True, "may_write": True, "expires_at": _default_expiry(event)}
    )
    return _page(event, form)


@bp.post("/events/<int:event_id>/tokens")
@signed_in
@writes
def make_token(event_id: int) -> Response:
    """Make a token; its text is in this answer and nowhere else."""
    event = hosted_event(event_id)
    form = TokenForm()
    expires_at = form.expires_at.data
    if not form.validate() or expires_at is None:
        return _page(event, form, status=422)
    try:
        made, text = services.make_token(
            name=form.name.data or "",
            about=event,
            may_read=form.may_read.data,
            may_write=form.may_write.data,
            expires_at=expires_at,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, form, status=422)
    return render(
        "doors/made.html",
        token=made,
        text=text,
        event=event,
        back=url_for("doors.tokens", event_id=event.id),
        address=url_for("door_api.check_in", event_id=event.id, _external=True),
        roster=url_for("door_api.roster", event_id=event.id, _external=True),
    )


@bp.post("/events/<int:event_id>/tokens/<int:token_id>/revoke")
@signed_in
@writes
def revoke_token(event_id: int, token_id: int) -> Response:
    """Take a token back: the device is refused from now on."""
    event = hosted_event(event_id)
    token = queries.token(token_id, event_id=event.id)
    services.revoke_token(token=token, actor=current_person())
    flash(f"“{token.name}”的令牌已停用。")
    return redirect(url_for("doors.tokens", event_id=event.id))


@bp.get("/api/")
@public
def api_help() -> Response:
    """How devices speak with the portal: an example, and what each problem means."""
    return render(
        "doors/api.html",
        kinds=problems.KINDS.values(),
        address=url_for("door_api.check_in", event_id=1, _external=True),
        roster=url_for("door_api.roster", event_id=1, _external=True),
    )


def _page(event: Event, form: TokenForm, *, status: int = 200) -> Response:
    return render(
        "doors/tokens.html",
        event=event,
        form=form,
        tokens=queries.tokens_of(event.id),
        status=status,
    )


def _default_expiry(event: Event) -> datetime:
    """Return the end of the day after the event, or of tomorrow where that is over."""
    day = max(clock.local(event.ends_at).date(), clock.today()) + timedelta(days=1)
    return clock.from_local(datetime.combine(day, time(23, 59)))
