"""What hours an event gives, and to whom: the hosts' tab."""

from werkzeug.wrappers import Response

from portal.attendance import queries as attendance
from portal.errors import ConflictError
from portal.events import queries as events
from portal.events.policies import may_host
from portal.hours import policies, queries
from portal.hours.offering import offer_of
from portal.hours.views.blueprint import bp
from portal.people.access import current_reader, require, signed_in
from portal.web.numbers import asked_number
from portal.web.templating import render


@bp.get("/events/<int:event_id>/hours")
@signed_in
def event(event_id: int) -> Response:
    """The rule that counts, what it comes to, and everybody who is credited."""
    reader = current_reader()
    found = events.event_seen_by(reader, event_id)
    require(may_host(reader, found), "只有主办方可以看这次活动给谁计了学时。")
    if not policies.may_open_tab(reader, found):
        raise ConflictError("这次活动没有发布，或者已经取消、延期，不计学时。")
    return render(
        "hours/event.html",
        block="results",
        event=found,
        roll=attendance.find_roll(found.id),
        gives=offer_of(found, queries.conversions()),
        given=queries.given(found.id),
        credited=queries.credited(found, asked_number("page") or 1),
    )
