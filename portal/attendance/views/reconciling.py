"""The step before confirming: everything that does not fit together, on one page."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries, services
from portal.attendance.forms import HeadCountForm
from portal.attendance.models import Roll
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import hosted_event, on_roll, timing
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people.access import current_person, signed_in
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

# As much as one looks through; what is beyond is counted and found on the roll.
MOST_SHOWN = 50


@bp.get("/events/<int:event_id>/attendance/reconcile")
@signed_in
@on_roll
def reconcile(event: Event, roll: Roll) -> Response:
    """All there is to look at before the roll is confirmed."""
    return _page(event, roll, HeadCountForm(formdata=None))


@bp.post("/events/<int:event_id>/attendance/reconcile/heads")
@signed_in
@writes
def count_heads(event_id: int) -> Response:
    """Keep how many people were counted in the room."""
    event = hosted_event(event_id)
    form = HeadCountForm()
    try:
        if not form.validate():
            return _page(event, queries.roll(event.id), form, status=422)
        services.count_heads(event=event, people=form.people.data or 0, actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, queries.roll(event.id), form, status=422)
    return _back(event, "heads")


@bp.post("/events/<int:event_id>/attendance/reconcile/merge")
@signed_in
@writes
def merge_walk_in(event_id: int) -> Response:
    """Let a walk-in be the person of the roster that the form names."""
    event = hosted_event(event_id)
    services.merge_walk_in(
        event=event,
        walk_in_id=request.form.get("walk_in", 0, type=row_number),
        into_id=request.form.get("into", 0, type=row_number),
        actor=current_person(),
        timing=timing(),
    )
    flash("已合并，到场记在名册上的人名下；合错了可以在下面撤销。")
    return _back(event, "walk-ins")


@bp.post("/events/<int:event_id>/attendance/reconcile/<int:person_id>")
@signed_in
@writes
def decide(event_id: int, person_id: int) -> Response:
    """Say whether somebody was here whom one door has seen and another said not to be."""
    event = hosted_event(event_id)
    choice = request.form.get("choice")
    if choice not in {"here", "away"}:
        raise InvalidInputError("请选择到了，还是没有到。")
    entry = services.decide(
        event=event,
        person_id=person_id,
        is_here=choice == "here",
        actor=current_person(),
        timing=timing(),
    )
    flash(f"{entry.name}：已按“{entry.status.label}”登记，两边的记录都保留。")
    return _back(event, "contradictions")


def _back(event: Event, section: str) -> Response:
    address = url_for("attendance.reconcile", event_id=event.id, _anchor=section)
    return redirect(address, 303)


def _page(event: Event, roll: Roll, form: HeadCountForm, *, status: int = 200) -> Response:
    return render(
        "attendance/reconcile.html",
        event=event,
        roll=roll,
        form=form,
        found=queries.to_reconcile(event, roll, closes_after=timing().closes_after),
        numbers=queries.numbers_at(roll),
        heads=queries.last_head_count(event.id),
        most=MOST_SHOWN,
        status=status,
    )
