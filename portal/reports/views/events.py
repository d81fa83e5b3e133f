"""The figures of one event."""

from werkzeug.wrappers import Response

from portal.attendance.policies import has_roll, may_run_roll
from portal.errors import ConflictError
from portal.events import queries as events
from portal.people.access import current_reader, require, signed_in
from portal.reports import queries
from portal.reports.views.blueprint import bp
from portal.web.templating import render


@bp.get("/events/<int:event_id>/figures")
@signed_in
def event(event_id: int) -> Response:
    """The four denominators, and what is counted over each."""
    reader = current_reader()
    found = events.event_seen_by(reader, event_id)
    require(may_run_roll(reader, found), "只有主办方可以看这次活动的统计。")
    if not has_roll(found):
        raise ConflictError("这次活动没有发布，或者已经取消、延期，没有统计。")
    return render("reports/event.html", event=found, figures=queries.event_figures(found))
