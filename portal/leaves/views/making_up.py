"""The host's side: who missed the event, and what was made up."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance.rules import attendance_rate
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.leaves import policies, queries, services
from portal.leaves.forms import MakeUpForm
from portal.leaves.views.blueprint import bp, hosted_event
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/leaves/make-ups")
@signed_in
def make_ups(event_id: int) -> Response:
    """Who was on leave or absent, and how each has made it up."""
    form = MakeUpForm(formdata=None, data={"made_on": clock.today()})
    return _page(hosted_event(event_id), form)


@bp.post("/events/<int:event_id>/leaves/make-ups")
@signed_in
@writes
def record(event_id: int) -> Response:
    """Write down for those who are ticked that they have made it up."""
    event = hosted_event(event_id)
    form = MakeUpForm()
    if not form.validate():
        return _page(event, form)
    try:
        made = services.record(
            event=event,
            person_ids=form.person.data or (),
            details=form.details(),
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, form)
    flash(f"已登记 {len(made)} 人补课；名册上的到场情况不变。")
    return redirect(url_for("leaves.make_ups", event_id=event.id), code=303)


@bp.post("/events/<int:event_id>/leaves/make-ups/<int:make_up_id>/remove")
@signed_in
@writes
def remove(event_id: int, make_up_id: int) -> Response:
    """Strike out what was written down by mistake."""
    made = queries.make_up(event_id, make_up_id)
    require(policies.may_host_leaves(current_reader(), made.event))
    services.remove(made=made, actor=current_person())
    flash(f"已删除{made.person.name}的补课记录。")
    return redirect(url_for("leaves.make_ups", event_id=made.event_id), code=303)


def _page(event: Event, form: MakeUpForm) -> Response:
    roll = attendance.find_roll(event.id)
    is_confirmed = roll is not None and roll.confirmed_at is not None
    numbers = attendance.numbers(event.id) if is_confirmed else None
    made_up = queries.number_made_up(event) if is_confirmed else 0
    return render(
        "leaves/make_ups.html",
        block="results",
        event=event,
        form=form,
        numbers=numbers,
        made_up=made_up,
        learning_rate=attendance_rate(numbers.present + made_up, numbers.due) if numbers else "",
        missed=queries.missed(event, request.args.get("page", 1, type=int)) if numbers else None,
        status=422 if form.errors else 200,
    )
