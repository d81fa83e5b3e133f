"""One's own leave: ask, and take back."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance.views.hosting import timing
from portal.errors import NotFoundError
from portal.events import queries as events
from portal.leaves import policies, queries, services
from portal.leaves.errors import LeaveRefusedError
from portal.leaves.forms import LeaveForm
from portal.leaves.services.asking import OVER
from portal.leaves.views.blueprint import bp
from portal.people.access import current_person, current_reader, signed_in
from portal.web.templating import render
from portal.web.transaction import writes


@bp.route("/events/<int:event_id>/leave", methods=["GET", "POST"])
@signed_in
@writes
def ask(event_id: int) -> Response:
    """Ask for leave from one event."""
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    form = LeaveForm()
    if not policies.takes_requests(event, clock.now()):
        raise LeaveRefusedError(OVER)
    if form.validate_on_submit():
        services.ask(
            event=event, person=current_person(), kind=form.chosen, reason=form.reason.data or ""
        )
        flash("请假已提交，审批结果会发到您的消息里。")
        return redirect(url_for("events.show", event_id=event.id), code=303)
    return render(
        "leaves/ask.html",
        event=event,
        form=form,
        standing=queries.standing(event, reader),
        is_after_start=clock.now() >= event.starts_at,
        status=422 if form.is_submitted() else 200,
    )


@bp.post("/events/<int:event_id>/leave/withdraw")
@signed_in
@writes
def withdraw(event_id: int) -> Response:
    """Take one's own request back."""
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    request = queries.live_request(event, reader)
    if request is None:
        raise NotFoundError("您没有对这次活动请假，不用撤回。")
    services.withdraw(request=request, actor=current_person(), timing=timing())
    flash("请假已撤回，请按时参加。")
    return redirect(url_for("events.show", event_id=event.id), code=303)
