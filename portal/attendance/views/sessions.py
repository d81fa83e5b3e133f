"""An event that is held in sessions: who came to which, person by person."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance import policies, queries
from portal.attendance.views.blueprint import bp
from portal.errors import ConflictError
from portal.events import queries as events
from portal.events.models import EventState
from portal.events.sessions import queries as sessions
from portal.people.access import current_reader, require, signed_in
from portal.web.templating import render

_NOT_HOST = "只有这次活动的主办方能查看和登记名册。"


@bp.get("/events/<int:event_id>/sessions/people")
@signed_in
def attendees(event_id: int) -> Response:
    """Everybody on the roll of a session, and how on each; the figures of all added up."""
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    require(policies.may_run_roll(reader, event), _NOT_HOST)
    if event.part_of_id is not None:
        return redirect(url_for("attendance.attendees", event_id=event.part_of_id))
    if not event.session_count:
        raise ConflictError("这次活动没有分场，各人的到场在名册上。")
    found = [one for one in sessions.sessions_of(event.id) if one.state is not EventState.DRAFT]
    ids = [one.id for one in found]
    by_session, together = queries.numbers_together(ids)
    return render(
        "attendance/sessions.html",
        event=event,
        sessions=found,
        by_session=by_session,
        together=together,
        listed=queries.attendees(ids, request.args.get("page", 1, type=int)),
    )
