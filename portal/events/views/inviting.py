"""The list of people invited by name."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.events import invitation_queries, invitation_services
from portal.events.forms import InviteForm
from portal.events.invitation_queries import Read
from portal.events.views.blueprint import bp, hosted
from portal.people.access import current_person, signed_in
from portal.web.templating import render
from portal.web.transaction import writes

MOST_CHOSEN = 500


@bp.route("/<int:event_id>/invitations", methods=["GET", "POST"])
@signed_in
@writes
def invitations(event_id: int) -> Response:
    """Who is invited; find people by name or pinyin, or paste a list."""
    event = hosted(event_id, to_change=request.method == "POST")
    actor = current_person()
    form = InviteForm()
    read = Read()
    if form.validate_on_submit():
        try:
            read = invitation_queries.read(form.names.data or "", actor=actor, event=event)
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            ids = [person.id for person in read.found]
            count = invitation_services.invite(event=event, person_ids=ids, actor=actor)
            flash(f"已邀请 {count} 人。" if count else "没有新邀请的人。")
            if not read.doubtful and not read.unknown:
                return redirect(url_for("events.invitations", event_id=event.id))
            form.keep(read.unknown)
    typed = request.args.get("q", "").strip()[:60]
    return render(
        "events/invitations.html",
        block="found",
        event=event,
        form=form,
        read=read,
        typed=typed,
        found=invitation_queries.find(typed, actor=actor, event=event) if typed else [],
        invited=invitation_queries.invited(event),
        status=422 if form.errors else 200,
    )


@bp.post("/<int:event_id>/invitations/people")
@signed_in
@writes
def invite(event_id: int) -> Response:
    """Invite the people that were chosen."""
    event = hosted(event_id, to_change=True)
    chosen = [
        int(value)
        for name, value in request.form.items(multi=True)
        if name.startswith("person") and value.isascii() and value.isdigit() and len(value) < 10
    ]
    if not chosen:
        raise InvalidInputError("没有选中任何人。")
    count = invitation_services.invite(
        event=event, person_ids=chosen[:MOST_CHOSEN], actor=current_person()
    )
    flash(f"已邀请 {count} 人。" if count else "选中的人已经在名单上。")
    return redirect(url_for("events.invitations", event_id=event.id))


@bp.post("/<int:event_id>/invitations/<int:person_id>/withdraw")
@signed_in
@writes
def withdraw(event_id: int, person_id: int) -> Response:
    """Take a person off the list."""
    event = hosted(event_id, to_change=True)
    invitation_services.withdraw(event=event, person_id=person_id, actor=current_person())
    flash("已从邀请名单中移出。")
    return redirect(url_for("events.invitations", event_id=event.id))
