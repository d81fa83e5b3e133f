"""Signing up family and neighbours who have asked for it, as their branch has written down."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.people.access import current_person, current_reader, signed_in
from portal.people.readers import Somebody
from portal.signups import policies, queries
from portal.signups.errors import SignupRefusedError
from portal.signups.forms import AddForm
from portal.signups.views.asking_others import sign_up_or_ask
from portal.signups.views.blueprint import bp
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/family")
@signed_in
def family(event_id: int) -> Response:
    """Whom the reader may sign up, and how each stands."""
    reader = current_reader()
    return _page(event_seen_by(reader, event_id), reader)


@bp.post("/family")
@signed_in
@writes
def add_family(event_id: int) -> Response:
    """Sign the ticked up."""
    actor = current_person()
    event = event_seen_by(actor, event_id)
    form = AddForm()
    ticked = set(form.person.data or [])
    people = [row.person for row in queries.helped(actor) if row.person_id in ticked]
    if not form.validate() or not people:
        return _page(event, actor, refusal="请先勾选要报名的人。")
    try:
        report = sign_up_or_ask(
            event=event,
            people=people,
            actor=actor,
            together=bool(form.together.data),
            where=url_for("signups.family", event_id=event.id),
        )
    except (InvalidInputError, SignupRefusedError) as error:
        return _page(event, actor, refusal=error.message)
    if isinstance(report, Response):
        return report
    for person, outcome in report:
        flash(f"{person.name}：{outcome.label}。")
    return redirect(url_for("signups.family", event_id=event.id), code=303)


def _page(event: Event, reader: Somebody, *, refusal: str = "") -> Response:
    rows = queries.helped(reader)
    return render(
        "signups/family.html",
        status=422 if refusal else 200,
        event=event,
        rows=rows,
        live=queries.live_signups(event.id, [row.person_id for row in rows]) if rows else {},
        is_open=policies.takes_signups(event, clock.now()),
        refusal=refusal,
    )
