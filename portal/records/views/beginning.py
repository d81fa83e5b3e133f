"""The records of one event, and beginning one."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, signed_in
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.people.readers import Unit
from portal.records import kinds, policies, queries, services
from portal.records.forms import BeginForm
from portal.records.models import RecordKind
from portal.records.views.blueprint import bp, hosted_event
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/records")
@signed_in
def of_event(event_id: int) -> Response:
    """The records of one gathering: one for each kind that it served."""
    event = hosted_event(event_id)
    return render(
        "records/of_event.html",
        event=event,
        records=queries.records_of(event.id),
        summary=queries.find_summary(event.id),
        may_sum_up=policies.can_be_summed_up(event),
        prepared=queries.prepared(event.id),
        may_open=policies.may_open(current_reader(), event),
        has_begun=clock.now() >= event.starts_at,
        usual=kinds.usual(event.kind),
    )


@bp.route("/records/new", methods=["GET", "POST"])
@allowed(policies.may_keep_somewhere)
@writes
def new() -> Response:
    """Begin a record of an event: everything known is filled in."""
    event_id = asked_number("event")
    if event_id is None:
        return render("records/choose.html", events=queries.events_to_record(current_reader()))
    event = hosted_event(event_id)
    form = BeginForm(
        data={"kind": _asked_kind() or kinds.usual(event.kind).value, "organisation": event.host_id}
    )
    organisations = _record_books(event)
    templates = queries.templates_for(event.host)
    form.offer(organisations, templates)
    if form.validate_on_submit():
        try:
            record = services.begin(
                event=event,
                kind=RecordKind(form.kind.data),
                organisation=people.organisation(form.organisation.data),
                late_reason=form.late_reason.data or "",
                actor=current_person(),
                template=form.chosen(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("记录已经开好：时间、地点、议程和到会情况都从活动带过来了。")
            place = "records.notes" if request.form.get("then") == "notes" else "records.edit"
            return redirect(url_for(place, record_id=record.id), code=303)
    return render(
        "records/new.html",
        event=event,
        form=form,
        is_late=kinds.is_begun_late(event.ends_at, clock.now()),
        offers_templates=bool(templates),
        offers_books=len(organisations) > 1,
        status=422 if form.is_submitted() else 200,
    )


def _asked_kind() -> str:
    asked = request.args.get("kind", "")
    return asked if asked in set(RecordKind) else ""


def _record_books(event: Event) -> Sequence[Organisation]:
    """Return the host and what lies below it, so far as the reader keeps records there."""
    host = event.host
    own = scope(current_reader(), HOSTS)
    below = people.organisations([Unit(host.id, host.name, host.short_name, host.path)])
    return [one for one in below if any(one.path.startswith(root.path) for root in own)] or [host]
