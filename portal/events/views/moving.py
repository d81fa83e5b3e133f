"""Moving an event from state to state."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.events import hooks, moves
from portal.events.forms import PostponeForm, ReasonForm
from portal.events.models import Event
from portal.events.states import Move, after
from portal.events.venues import VenueTakenError
from portal.events.views.blueprint import bp, hosted
from portal.events.views.editing import published_sentence, said
from portal.people.access import current_person, signed_in
from portal.web.templating import render
from portal.web.transaction import writes

UNSAID = "主办方没有写明原因。"


def _to_page(event: Event) -> Response:
    return redirect(url_for("events.show", event_id=event.id))


@bp.post("/<int:event_id>/publish")
@signed_in
@writes
def publish(event_id: int) -> Response:
    """Post the event where people look."""
    event = hosted(event_id, to_change=True)
    told = moves.publish(event=event, actor=current_person())
    flash(f"{published_sentence(event)}{said(told)}")
    return _to_page(event)


@bp.route("/<int:event_id>/postpone", methods=["GET", "POST"])
@signed_in
@writes
def postpone(event_id: int) -> Response:
    """Move the event to a new time, or to one that is still to be fixed."""
    event = hosted(event_id, to_change=request.method == "POST")
    after(event.state, Move.POSTPONE)
    form = PostponeForm()
    if form.validate_on_submit():
        try:
            told = moves.postpone(
                event=event,
                reason=form.reason.data or "",
                starts_at=form.starts_at.data,
                ends_at=form.ends_at.data,
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        except VenueTakenError as error:
            form.starts_at.errors = [error.message]
            return render("events/postpone.html", event=event, form=form, status=409)
        else:
            moved = "已改到新的时间。" if form.starts_at.data else "已延期，时间待定。"
            flash(f"{moved}{said(told)}")
            return _to_page(event)
    status = 422 if form.is_submitted() else 200
    return render("events/postpone.html", event=event, form=form, status=status)


@bp.route("/<int:event_id>/cancel", methods=["GET", "POST"])
@signed_in
@writes
def cancel(event_id: int) -> Response:
    """Call the event off for good; the page names what is lost and asks why."""
    event = hosted(event_id, to_change=request.method == "POST")
    after(event.state, Move.CANCEL)
    form = ReasonForm(data={"reason": event.state_reason})
    if request.method == "POST" and "reason" not in request.form:
        told = moves.cancel(event=event, reason=UNSAID, actor=current_person())
        flash(f"活动已取消。{said(told)}")
        return _to_page(event)
    if form.validate_on_submit():
        try:
            told = moves.cancel(event=event, reason=form.reason.data or "", actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"活动已取消。{said(told)}")
            return _to_page(event)
    status = 422 if form.is_submitted() else 200
    return render(
        "events/cancel.html", event=event, form=form, facts=standing(event), status=status
    )


@bp.post("/<int:event_id>/end")
@signed_in
@writes
def end(event_id: int) -> Response:
    """Say that it is over."""
    event = hosted(event_id, to_change=True)
    moves.end(event=event, actor=current_person())
    flash("活动已结束。下一步：核对并确认签到名册。")
    return _to_page(event)


@bp.post("/<int:event_id>/archive")
@signed_in
@writes
def archive(event_id: int) -> Response:
    """Put the event and its record away."""
    event = hosted(event_id, to_change=True)
    moves.archive(event=event, actor=current_person())
    flash("已归档。")
    return _to_page(event)


def standing(event: Event) -> list[str]:
    """Return what the rooms above say about the event in a line each (报名 18/40)."""
    return [line for facts in hooks.row_facts if (line := facts([event]).get(event.id))]
