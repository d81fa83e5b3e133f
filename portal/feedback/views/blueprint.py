"""The blueprint of feedback, and the ways in."""

from flask import Blueprint, current_app

from portal.errors import ConflictError
from portal.events import queries as events
from portal.events.models import Event
from portal.feedback import policies
from portal.people.access import current_reader, require

bp = Blueprint("feedback", __name__)


def least() -> int:
    """Return how many answers it takes until results are shown, as the settings say."""
    return int(current_app.config["PORTAL_FEEDBACK_LEAST_ANSWERS"])


def run_event(event_id: int) -> Event:
    """Return an event whose feedback the reader runs; refuse everybody else."""
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    require(policies.may_run(reader, event), "只有主办方和上级组织可以看反馈结果。")
    if not policies.can_be_asked_about(event):
        raise ConflictError("这次活动还是草稿，或者已取消、延期，现在没有反馈。")
    return event
