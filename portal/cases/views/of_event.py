"""The cases of one event: what was said there, and how each stands."""

from werkzeug.wrappers import Response

from portal import clock
from portal.cases import queries
from portal.cases.views.blueprint import bp
from portal.events import policies as event_policies
from portal.events import queries as events
from portal.people.access import current_reader, require, signed_in
from portal.web.templating import render


@bp.get("/of-event/<int:event_id>")
@signed_in
def of_event(event_id: int) -> Response:
    """What was taken down at the event, and what had been asked the time before."""
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    require(event_policies.may_host(reader, event), "只有主办方可以看这次活动的问题建议。")
    return render(
        "cases/of_event.html",
        event=event,
        cases_of=queries.of_event(event.id, reader),
        asked_before=queries.asked_before(event, reader),
        moment=clock.now(),
    )
