"""Questions that are taken along to a gathering."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.records import queries, services
from portal.records.forms import PreparedForm
from portal.records.views.blueprint import bp, hosted_event
from portal.web.templating import render
from portal.web.transaction import writes


@bp.route("/events/<int:event_id>/prepared", methods=["GET", "POST"])
@signed_in
@writes
def prepare(event_id: int) -> Response:
    """Write down, before the visit, what is to be asked there."""
    event = hosted_event(event_id)
    known = queries.prepared(event.id)
    form = PreparedForm(
        data={
            "questions": "\n".join(
                f"{one.text} | {one.addressee}" if one.addressee else one.text for one in known
            )
        }
    )
    if form.validate_on_submit():
        lines = form.questions_and_addressees()
        try:
            services.prepare(event=event, lines=lines, actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"已备好 {len(lines)} 个问题，现场记录时会列在一旁。")
            return redirect(url_for("records.of_event", event_id=event.id), code=303)
    return render(
        "records/prepared.html",
        event=event,
        form=form,
        status=422 if form.is_submitted() else 200,
    )


@bp.post("/events/<int:event_id>/prepared/agenda")
@signed_in
@writes
def into_agenda(event_id: int) -> Response:
    """Let the prepared questions be the agenda."""
    event = hosted_event(event_id)
    number = services.into_agenda(event=event, actor=current_person())
    flash(f"已把 {number} 个问题排进议程，通知和记录都会用上。")
    return redirect(url_for("records.of_event", event_id=event.id), code=303)
