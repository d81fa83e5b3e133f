"""Registering walk-ins: from the roster in two taps, a new guest by name."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.models import Person
from portal.people.policies import HOSTS, scope
from portal.people.queries import person as person_by_id
from portal.signups import policies, queries, services
from portal.signups.forms import WalkInForm
from portal.signups.services import WalkIn
from portal.signups.views.blueprint import bp
from portal.web.forms import trimmed
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

# At the door a longer list is no help: one more letter is.
MOST_FOUND = 12


@bp.get("/walk-in")
@signed_in
def walk_in(event_id: int) -> Response:
    """Find who has come, or write down who is new."""
    event = _managed(event_id)
    return _door(event, WalkInForm(formdata=None))


@bp.post("/walk-in")
@signed_in
@writes
def register(event_id: int) -> Response:
    """Register one person and be ready for the next."""
    event = _managed(event_id)
    actor = current_person()
    person_id = request.form.get("person", 0, type=row_number)
    if person_id:
        person = person_by_id(person_id)
        registered = services.register_walk_in(event=event, person=person, actor=actor)
        return _next(event, person.name, registered)
    form = WalkInForm()
    if not form.validate():
        return _door(event, form, status=422)
    try:
        registered = services.register_guest(
            event=event,
            name=form.name.data or "",
            unit=form.unit.data or "",
            phone=form.phone.data or "",
            actor=actor,
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _door(event, form, status=422)
    return _next(event, form.name.data or "", registered)


def _next(event: Event, name: str, registered: WalkIn) -> Response:
    if registered.is_over_capacity:
        flash(f"{name}已登记，现场人数已超过名额 {event.capacity} 个，请留意座位。")
    elif registered.was_signed_up:
        flash(f"{name}原来就在名单中，已有名额。")
    else:
        flash(f"{name}已登记。")
    return redirect(url_for("signups.walk_in", event_id=event.id), code=303)


def _managed(event_id: int) -> Event:
    reader = current_reader()
    event = event_seen_by(reader, event_id)
    require(policies.may_manage(reader, event), "只有主办方可以做现场登记。")
    return event


def _door(event: Event, form: WalkInForm, *, status: int = 200) -> Response:
    typed = (trimmed(request.values.get("q")) or "")[:60]
    reader = current_reader()
    found: list[Person] = []
    if typed:
        found = list(queries.passers_by(scope(reader, HOSTS), typed, most=MOST_FOUND))
    if typed and not found and not typed.isascii():
        form.name.data = form.name.data or typed  # a name, and nobody bears it here
    ids = [person.id for person in found]
    return render(
        "signups/walk_in.html",
        block="results",
        status=status,
        event=event,
        form=form,
        typed=typed,
        found=found,
        units=queries.units(ids),
        live=queries.live_signups(event.id, ids),
        counts=queries.counts([event.id])[event.id],
        is_time=policies.takes_walk_ins(event, clock.now()),
    )
