"""The list of people invited by name."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.events import invitation_files, invitation_queries, invitation_services
from portal.events.forms import InvitationFileForm, InviteForm
from portal.events.invitation_queries import Read
from portal.events.models import Event
from portal.events.states import Move, after
from portal.events.views.blueprint import bp, hosted
from portal.people.access import current_person, signed_in
from portal.web.forms import trimmed
from portal.web.numbers import row_numbers
from portal.web.templating import render
from portal.web.transaction import writes

MOST_CHOSEN = 500


@bp.route("/<int:event_id>/invitations", methods=["GET", "POST"])
@signed_in
@writes
def invitations(event_id: int) -> Response:
    """Who is invited; find people by name or pinyin, or paste a list."""
    event = hosted(event_id, to_change=request.method == "POST")
    form = InviteForm()
    read = Read()
    if form.validate_on_submit():
        actor = current_person()
        try:
            read = invitation_queries.read(form.names.data or "", actor=actor, event=event)
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            _invited(event, [person.id for person in read.found], "没有新邀请的人。")
            if not read.doubtful and not read.unknown:
                return redirect(url_for("events.invitations", event_id=event.id))
            form.keep(read.unknown)
    return _page(event, form, read)


@bp.post("/<int:event_id>/invitations/people")
@signed_in
@writes
def invite(event_id: int) -> Response:
    """Invite the people that were chosen; "none of these" is an answer too."""
    event = hosted(event_id, to_change=True)
    answers = [value for name, value in request.form.items(multi=True) if name.startswith("person")]
    chosen = row_numbers(answers)
    is_none_of_these = bool(answers) and not any(answers)
    if not chosen and not is_none_of_these:
        return _page(event, InviteForm(formdata=None), refusal="没有选中任何人，请先勾选。")
    _invited(
        event, chosen[:MOST_CHOSEN], "选中的人已经在名单上。" if chosen else "没有新邀请的人。"
    )
    return redirect(url_for("events.invitations", event_id=event.id))


@bp.post("/<int:event_id>/invitations/file")
@signed_in
def match_file(event_id: int) -> Response:
    """Read a list from a file and show what was found; nobody is invited by that."""
    event = hosted(event_id)
    after(event.state, Move.EDIT)
    form = InvitationFileForm()
    if form.validate():
        try:
            matched = invitation_files.match(
                form.file.data.read(), actor=current_person(), event=event
            )
        except InvalidInputError as error:
            form.add_refusal(InvalidInputError(error.message, field="file"))
        else:
            return render("events/invitation_file.html", event=event, matched=matched)
    return _page(event, InviteForm(formdata=None), file_form=form)


@bp.post("/<int:event_id>/invitations/<int:person_id>/withdraw")
@signed_in
@writes
def withdraw(event_id: int, person_id: int) -> Response:
    """Take a person off the list."""
    event = hosted(event_id, to_change=True)
    invitation_services.withdraw(event=event, person_id=person_id, actor=current_person())
    flash("已从邀请名单中移出。")
    return redirect(url_for("events.invitations", event_id=event.id))


def _invited(event: Event, person_ids: list[int], otherwise: str) -> None:
    """Invite them and say how many are new."""
    count = invitation_services.invite(event=event, person_ids=person_ids, actor=current_person())
    flash(f"已邀请 {count} 人。" if count else otherwise)


def _page(
    event: Event,
    form: InviteForm,
    read: Read | None = None,
    refusal: str = "",
    file_form: InvitationFileForm | None = None,
) -> Response:
    typed = (trimmed(request.args.get("q")) or "")[:60]
    actor = current_person()
    return render(
        "events/invitations.html",
        block="found" if request.method == "GET" else None,
        event=event,
        form=form,
        read=read or Read(),
        typed=typed,
        found=invitation_queries.find(typed, actor=actor, event=event) if typed else [],
        invited=invitation_queries.invited(event),
        refusal=refusal,
        file_form=file_form or InvitationFileForm(formdata=None),
        status=422 if form.errors or refusal or file_form else 200,
    )
