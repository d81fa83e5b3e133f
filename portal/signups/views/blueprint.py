"""The blueprint of sign-ups, and the way in for hosts."""

from flask import Blueprint

from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.people.access import current_reader, require
from portal.signups import policies

bp = Blueprint("signups", __name__, url_prefix="/events/<int:event_id>/signups")


def managed(event_id: int) -> Event:
    """Return an event whose list the reader keeps; raise ForbiddenError for all others."""
    reader = current_reader()
    event = event_seen_by(reader, event_id)
    require(policies.may_manage(reader, event), "只有主办方可以查看报名名单。")
    return event
