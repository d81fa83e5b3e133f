"""Names that came from a door without a network: the host says who it was."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance.models import Roll
from portal.attendance.views.hosting import hosted_event, on_roll, timing
from portal.doors.offline import queries, services
from portal.doors.offline.forms import NameForm
from portal.doors.offline.models import DoorName
from portal.doors.views.blueprint import bp
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people.access import current_person, signed_in
from portal.people.models import Person
from portal.people.policies import HOSTS, scope
from portal.people.queries import person as person_by_id
from portal.signups import queries as signups
from portal.web.forms import trimmed
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

# As at the door: a longer list is no help, one more letter is.
MOST_FOUND = 12


@bp.get("/events/<int:event_id>/door/names")
@signed_in
@on_roll
def names(event: Event, roll: Roll) -> Response:
    """Whom nobody has recognised yet, and what was said of the others."""
    return render(
        "doors/names.html",
        event=event,
        roll=roll,
        waiting=queries.open_names(event.id),
        settled=queries.settled_names(event.id),
    )


@bp.get("/events/<int:event_id>/door/names/<int:name_id>")
@signed_in
def name(event_id: int, name_id: int) -> Response:
    """One name: the people it may be, a guest, or nobody."""
    event = hosted_event(event_id)
    return _page(event, queries.name(event.id, name_id), NameForm(formdata=None))


@bp.post("/events/<int:event_id>/door/names/<int:name_id>")
@signed_in
@writes
def settle_name(event_id: int, name_id: int) -> Response:
    """Say who it was: somebody known, a guest of that name, or nobody who counts."""
    event = hosted_event(event_id)
    written = queries.name(event.id, name_id)
    actor = current_person()
    form = NameForm()
    person_id = request.form.get("person", 0, type=row_number)
    if not form.validate():
        return _page(event, written, form, status=422)
    try:
        if person_id:
            person = person_by_id(person_id)
            services.settle(
                event=event, written=written, person=person, actor=actor, timing=timing()
            )
            flash(f"“{written.name}”已认定为{person.name}，按到场登记。")
        elif form.act.data == "guest":
            services.settle_guest(event=event, written=written, actor=actor, timing=timing())
            flash(f"{written.name}已登记为来宾。")
        else:
            services.dismiss(written=written, reason=form.reason.data or "", actor=actor)
            flash(f"“{written.name}”没有计入。")
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, written, form, status=422)
    return redirect(url_for("doors.names", event_id=event.id), 303)


def _page(event: Event, written: DoorName, form: NameForm, *, status: int = 200) -> Response:
    typed = (trimmed(request.values.get("q")) or written.name)[:60]
    found = _found(typed)
    return render(
        "doors/name.html",
        status=status,
        event=event,
        written=written,
        form=form,
        typed=typed,
        found=found,
        units=signups.units([person.id for person in found]),
    )


def _found(typed: str) -> list[Person]:
    return list(signups.passers_by(scope(current_person(), HOSTS), typed, most=MOST_FOUND))
