"""Signing up oneself, and taking it back."""

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.people.access import current_person, signed_in
from portal.people.readers import Somebody
from portal.signups import queries, services
from portal.signups.errors import SignupRefusedError
from portal.signups.forms import CancelForm
from portal.signups.models import SignupStatus
from portal.signups.on_event_page import mine
from portal.signups.views.blueprint import bp
from portal.signups.views.questions import answers_page
from portal.signups.views.way_back import HOME, way_back
from portal.web import htmx
from portal.web.templating import render
from portal.web.transaction import writes

CHANGED = "signups-changed"


@bp.post("")
@signed_in
@writes
def sign_up(event_id: int) -> Response:
    """Sign the reader up: one tap, no question."""
    reader = current_person()
    event = event_seen_by(reader, event_id)
    try:
        services.sign_up(event=event, person=reader, actor=reader, typed=request.form)
    except InvalidInputError as error:
        return answers_page(event, reader, typed=request.form, error=error, status=422)
    except SignupRefusedError as error:
        return _panel(event, reader, refusal=error.message, status=409)
    return _done(event, reader)


@bp.post("/cancel")
@signed_in
@writes
def cancel(event_id: int) -> Response:
    """Take the reader's own sign-up back."""
    reader = current_person()
    event = event_seen_by(reader, event_id)
    form = CancelForm()
    if not form.validate():
        return _panel(event, reader, form=form, status=422)
    signup = queries.signup_of(event, reader)
    try:
        if signup is None:
            raise SignupRefusedError("您没有报名，不用取消。")
        services.cancel(event=event, signup=signup, actor=reader, reason=form.reason.data or "")
    except SignupRefusedError as error:
        return _panel(event, reader, refusal=error.message, status=409)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _panel(event, reader, form=form, status=422)
    return _done(event, reader)


def _done(event: Event, reader: Somebody) -> Response:
    """Go back to the event; to htmx, show the panel as it is now."""
    if htmx.is_fragment_request():
        return _panel(event, reader)
    at_home = request.form.get("back") == HOME
    said = _said(queries.standing(event, reader))
    flash(f"{event.title}：{said}" if at_home else said)
    return redirect(way_back(event), code=303)


def _said(standing: queries.Standing) -> str:
    signup = standing.mine
    if signup is None or signup.status is SignupStatus.CANCELLED:
        return "已取消报名。"
    if signup.status is SignupStatus.PENDING:
        return "已提交，等主办方审核；审核前不占名额，结果会发消息告诉您。"
    if signup.status is SignupStatus.WAITLISTED:
        return f"暂时没有可用的名额，已为您排在候补第 {standing.position} 位。"
    return "报名成功。"


def _panel(
    event: Event,
    reader: Somebody,
    *,
    form: CancelForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    """Show where the reader stands: the panel alone to htmx, else a page around it."""
    return render(
        "signups/mine.html",
        block="panel",
        trigger=CHANGED if status == 200 else None,
        status=status,
        ask_later=lambda: {"mine": mine(event, reader)},
        event=event,
        form=form,
        refusal=refusal,
        is_swapped=htmx.is_fragment_request(),
    )
