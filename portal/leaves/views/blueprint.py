"""The blueprint of leave, and the ways in."""

from flask import Blueprint

from portal.errors import ConflictError
from portal.events import queries as events
from portal.events.models import Event
from portal.leaves import policies, queries
from portal.leaves.models import LeaveRequest
from portal.people.access import current_reader, require

bp = Blueprint("leaves", __name__)


def hosted_event(event_id: int) -> Event:
    """Return an event whose leaves the reader keeps; refuse everybody else."""
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    require(policies.may_host_leaves(reader, event), "只有主办方可以查看和登记请假、补课。")
    if not policies.may_open_tab(reader, event):
        raise ConflictError("这次活动没有发布，或者已经取消、延期，现在没有名册。")
    return event


def decided_request(event_id: int, request_id: int) -> LeaveRequest:
    """Return a request on which the reader decides; refuse everybody else."""
    request = queries.request(event_id, request_id)
    require(
        policies.may_decide(current_reader(), request, request.person.memberships),
        "这份请假由活动主办方或本人所在组织审批；自己的请假由别人审批。",
    )
    return request
