"""The sessions of an event: added, changed, removed by its hosts."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, InvalidInputError
from portal.events import list_queries
from portal.events.models import Event
from portal.events.sessions import queries, rules, services
from portal.events.sessions.forms import SessionForm
from portal.events.venues import VenueTakenError
from portal.events.views.blueprint import bp, hosted
from portal.events.views.editing import said
from portal.people.access import current_person, signed_in
from portal.web.templating import render
from portal.web.transaction import writes

EDIT = "events/session.html"


@bp.get("/<int:event_id>/sessions")
@signed_in
def sessions(event_id: int) -> Response:
    """All sessions with what is to be done about each, and a form for one more."""
    event = hosted(event_id)
    if event.part_of_id is not None:
        return redirect(url_for("events.sessions", event_id=event.part_of_id))
    return _page(event, SessionForm(formdata=None))


@bp.post("/<int:event_id>/sessions")
@signed_in
@writes
def add_session(event_id: int) -> Response:
    """Add a session as a draft."""
    event = hosted(event_id, to_change=True)
    rules.check_may_have_sessions(event)
    form = SessionForm()
    if form.validate():
        try:
            made = services.add(whole=event, written=form.written(), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"已添加“{made.session_name}”，{_next(event)}")
            return redirect(url_for("events.sessions", event_id=event.id), 303)
    return _page(event, form, status=422)


@bp.route("/<int:event_id>/sessions/<int:session_id>", methods=["GET", "POST"])
@signed_in
@writes
def edit_session(event_id: int, session_id: int) -> Response:
    """Change a session; those on the list are told of a new time or place."""
    event = hosted(event_id)
    session = queries.session(event.id, session_id, lock=True)
    if session.state not in rules.MOVABLE:
        raise ConflictError("这一场已经结束、确认或取消，不能再修改。")
    form = SessionForm.of(session)
    if not form.is_submitted():
        return render(EDIT, event=event, session=session, form=form)
    status = 422
    if form.validate():
        try:
            whole = queries.whole_of(session, lock=True)
            told = services.edit(
                whole=whole, session=session, written=form.written(), actor=current_person()
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        except VenueTakenError as error:
            form.starts_at.errors = [error.message]
            status = 409
        else:
            flash(f"已保存。{said(told)}")
            return redirect(url_for("events.sessions", event_id=event.id), 303)
    return render(EDIT, event=event, session=session, form=form, status=status)


@bp.post("/<int:event_id>/sessions/<int:session_id>/remove")
@signed_in
@writes
def remove_session(event_id: int, session_id: int) -> Response:
    """Throw a session away that nobody else has seen."""
    event = hosted(event_id, to_change=True)
    session = queries.session(event.id, session_id, lock=True)
    services.remove(whole=event, session=session, actor=current_person())
    flash(f"“{session.session_name}”已删除。")
    return redirect(url_for("events.sessions", event_id=event.id), 303)


def _next(event: Event) -> str:
    return "和整个活动一起发布。" if event.state.value == "draft" else "发布以后大家才看得到。"


def _page(event: Event, form: SessionForm, *, status: int = 200) -> Response:
    found = queries.sessions_of(event.id)
    return render(
        "events/sessions.html",
        event=event,
        form=form,
        sessions=found,
        facts=list_queries.row_facts(found),
        most=rules.MOST_SESSIONS,
        movable=rules.MOVABLE,
        status=status,
    )
