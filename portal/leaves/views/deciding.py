"""What waits for an answer, and the answers."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance.views.hosting import timing
from portal.errors import InvalidInputError
from portal.leaves import policies, queries, services
from portal.leaves.forms import DecideForm
from portal.leaves.models import LeaveRequest
from portal.leaves.views.blueprint import bp, decided_request
from portal.people.access import allowed, current_person, current_reader, signed_in
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/leaves/")
@allowed(policies.may_decide_somewhere)
def index() -> Response:
    """All requests that wait for the reader, the soonest event first."""
    waiting = queries.waiting_for(current_reader(), request.args.get("page", 1, type=int))
    return render("leaves/index.html", block="waiting", requests=waiting)


@bp.get("/events/<int:event_id>/leaves/<int:request_id>")
@signed_in
def show(event_id: int, request_id: int) -> Response:
    """One request, with what was decided or the two answers to choose from."""
    return _page(decided_request(event_id, request_id), DecideForm(formdata=None))


@bp.post("/events/<int:event_id>/leaves/<int:request_id>/grant")
@signed_in
@writes
def grant(event_id: int, request_id: int) -> Response:
    """Say yes."""
    leave = decided_request(event_id, request_id)
    form = DecideForm()
    if not form.validate():
        return _page(leave, form)
    services.grant(
        request=leave, proof_seen=form.proof_seen.data, actor=current_person(), timing=timing()
    )
    return _on(leave, f"已批准{leave.person.name}的{leave.kind.label}，名册同时更新。")


@bp.post("/events/<int:event_id>/leaves/<int:request_id>/refuse")
@signed_in
@writes
def refuse(event_id: int, request_id: int) -> Response:
    """Say no, and why."""
    leave = decided_request(event_id, request_id)
    form = DecideForm()
    if not form.validate():
        return _page(leave, form)
    try:
        services.refuse(request=leave, note=form.note.data or "", actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(leave, form)
    return _on(leave, f"没有批准{leave.person.name}的请假，理由已告诉本人。")


@bp.post("/events/<int:event_id>/leaves/<int:request_id>/take-back")
@signed_in
@writes
def take_back(event_id: int, request_id: int) -> Response:
    """Take a granted leave back."""
    leave = decided_request(event_id, request_id)
    form = DecideForm()
    if not form.validate():
        return _page(leave, form)
    try:
        services.take_back(
            request=leave, note=form.note.data or "", actor=current_person(), timing=timing()
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(leave, form)
    return _on(leave, f"已撤销{leave.person.name}的准假，名册同时更新。")


def _page(leave: LeaveRequest, form: DecideForm) -> Response:
    return render(
        "leaves/show.html",
        leave=leave,
        event=leave.event,
        form=form,
        is_host=policies.may_host_leaves(current_reader(), leave.event),
        status=422 if form.errors else 200,
    )


def _on(leave: LeaveRequest, sentence: str) -> Response:
    """Go on to the next: the event's list for its host, else what waits."""
    flash(sentence)
    if policies.may_host_leaves(current_reader(), leave.event):
        return redirect(url_for("leaves.of_event", event_id=leave.event_id), code=303)
    return redirect(url_for("leaves.index"), code=303)
