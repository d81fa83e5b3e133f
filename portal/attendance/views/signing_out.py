"""Signing out: whether the event asks for it, when somebody left, who left early."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries, services
from portal.attendance.forms import LeavingForm, SigningOutForm
from portal.attendance.models import Roll
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import hosted_event, on_roll
from portal.attendance.views.rolls import person_page
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people.access import current_person, signed_in
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/attendance/signing-out")
@signed_in
@on_roll
def signing_out(event: Event, roll: Roll) -> Response:
    """Whether people sign out, and what follows from it."""
    return _page(event, roll, SigningOutForm(formdata=None, obj=roll))


@bp.post("/events/<int:event_id>/attendance/signing-out")
@signed_in
@writes
def ask_to_sign_out(event_id: int) -> Response:
    """Have people sign out, or not any more."""
    event = hosted_event(event_id)
    form = SigningOutForm()
    try:
        if not form.validate():
            return _page(event, queries.roll(event.id), form, status=422)
        roll = services.ask_to_sign_out(
            event=event,
            signs_out=form.signs_out.data,
            early_grace=form.early_grace.data or 0,
            minimum_stay=form.minimum_stay.data or 0,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, queries.roll(event.id), form, status=422)
    flash("已开启签退。" if roll.signs_out else "已关闭签退；已经登记的离开时间都保留着。")
    return redirect(url_for("attendance.roll", event_id=event.id), 303)


@bp.post("/events/<int:event_id>/attendance/<int:person_id>/left")
@signed_in
@writes
def sign_out(event_id: int, person_id: int) -> Response:
    """Say when somebody left; nothing typed: has not left. Confirmed: with a reason."""
    event = hosted_event(event_id)
    form = LeavingForm()
    try:
        if form.validate():
            services.sign_out(
                event=event,
                person_id=person_id,
                left_at=form.left_at.data,
                actor=current_person(),
                reason=form.left_reason.data or "",
            )
            address = url_for("attendance.person", event_id=event.id, person_id=person_id)
            return redirect(address, 303)
    except InvalidInputError as error:
        form.add_refusal(InvalidInputError(error.message, field=_FIELDS.get(error.field or "", "")))
    return person_page(event, queries.roll(event.id), person_id, leaving=form, status=422)


@bp.post("/events/<int:event_id>/attendance/reconcile/<int:person_id>/leaving")
@signed_in
@writes
def judge_leaving(event_id: int, person_id: int) -> Response:
    """Count somebody who left before the end as having left early, or simply as present."""
    event = hosted_event(event_id)
    choice = request.form.get("choice")
    if choice not in {"early", "present"}:
        raise InvalidInputError("请选择记早退，还是仍按到场计。")
    entry = services.judge_leaving(
        event=event, person_id=person_id, is_early=choice == "early", actor=current_person()
    )
    flash(f"{entry.name}：已按“{entry.status.label}”登记。")
    return redirect(url_for("attendance.reconcile", event_id=event.id, _anchor="left-early"), 303)


_FIELDS = {"left_at": "left_at", "reason": "left_reason"}


def _page(event: Event, roll: Roll, form: SigningOutForm, *, status: int = 200) -> Response:
    return render("attendance/signing_out.html", event=event, roll=roll, form=form, status=status)
