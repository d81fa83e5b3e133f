"""The host's side: all requests for an event, and those that come by telephone."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries as attendance
from portal.attendance.models import AttendanceEntry, Roll
from portal.attendance.queries import RollRow
from portal.attendance.views.hosting import on_roll, timing
from portal.database import db
from portal.events.models import Event
from portal.leaves import queries, services
from portal.leaves.forms import EnterForm
from portal.leaves.views.blueprint import bp, hosted_event
from portal.people.access import current_person, signed_in
from portal.people.queries import person as person_by_id
from portal.web.forms import trimmed
from portal.web.templating import render
from portal.web.transaction import writes

# On the telephone a longer list is no help: one more letter is.
_MOST_FOUND = 12


@bp.get("/events/<int:event_id>/leaves")
@signed_in
def of_event(event_id: int) -> Response:
    """Who has asked for leave: those who wait first."""
    event = hosted_event(event_id)
    found = queries.requests_of(event, request.args.get("page", 1, type=int))
    return render("leaves/of_event.html", block="results", event=event, requests=found)


@bp.get("/events/<int:event_id>/leaves/enter")
@signed_in
@on_roll
def entering(event: Event, roll: Roll) -> Response:  # noqa: ARG001  the roll is open now
    """Find on the roll who asks for leave by telephone."""
    return _page(event, EnterForm(formdata=None))


@bp.post("/events/<int:event_id>/leaves/enter")
@signed_in
@writes
def enter(event_id: int) -> Response:
    """Write it down, granted."""
    event = hosted_event(event_id)
    form = EnterForm()
    if not form.validate():
        return _page(event, form)
    leave = services.enter(
        event=event,
        person=person_by_id(form.person.data),
        kind=form.chosen,
        reason=form.reason.data or "",
        proof_seen=form.proof_seen.data,
        actor=current_person(),
        timing=timing(),
    )
    flash(f"已登记{leave.person.name}的{leave.kind.label}（代录），名册同时更新。")
    return redirect(url_for("leaves.of_event", event_id=event.id), code=303)


def _page(event: Event, form: EnterForm) -> Response:
    typed = (trimmed(request.values.get("q")) or "")[:60]
    found: list[RollRow] = []
    if typed or form.person.data:
        wanted = attendance.entries(event.id, typed=typed).where(AttendanceEntry.is_listed)
        if not typed:
            wanted = wanted.where(AttendanceEntry.person_id == form.person.data)
        rows = db.session.scalars(wanted.limit(_MOST_FOUND))
        found = [RollRow.of(entry) for entry in rows]
    return render(
        "leaves/enter.html",
        block="results",
        event=event,
        form=form,
        typed=typed,
        found=found,
        status=422 if form.is_submitted() else 200,
    )
