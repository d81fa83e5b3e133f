"""Answering an invitation with no, and the host's view of who has answered."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.events.queries import event_seen_by
from portal.people.access import current_person, signed_in
from portal.signups import queries, services
from portal.signups.forms import CancelForm
from portal.signups.views.blueprint import bp, managed
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/invited")
@signed_in
def invited(event_id: int) -> Response:
    """Who comes, who cannot and why, who has not answered."""
    event = managed(event_id)
    counts, rules, _ = queries.overview(event.id)
    people = queries.invited_to(event.id)
    return render(
        "signups/invited.html",
        event=event,
        counts=counts,
        rules=rules,
        people=people,
        tally={
            answer: sum(1 for one in people if one.answer == answer)
            for answer in ("yes", "no", "none")
        },
    )


@bp.post("/refuse")
@signed_in
@writes
def refuse(event_id: int) -> Response:
    """Say that one cannot come; a reason is welcome, not asked for."""
    reader = current_person()
    event = event_seen_by(reader, event_id)
    form = CancelForm()
    reason = (form.reason.data or "")[:120]
    services.refuse_invitation(event=event, person=reader, reason=reason)
    flash("已告诉主办方您不能来。改了主意，报名截止前还可以报名。")
    return redirect(url_for("events.show", event_id=event.id), code=303)
