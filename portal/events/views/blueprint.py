"""The blueprint of events, and the way in to one of them."""

from flask import Blueprint

from portal.events import policies, queries
from portal.events.models import Event
from portal.people.access import current_reader, require

bp = Blueprint("events", __name__, url_prefix="/events")

_NOT_HOST = "只有主办组织的书记、记录人和上级组织可以办理这件事。"


def hosted(event_id: int, *, to_change: bool = False) -> Event:
    """Return an event that the reader hosts, its row locked when it is `to_change`.

    Unknown or not to be known is NotFoundError; seen but not hosted is ForbiddenError.
    """
    reader = current_reader()
    find = queries.event_to_change if to_change else queries.event_seen_by
    event = find(reader, event_id)
    require(policies.may_edit(reader, event), _NOT_HOST)
    return event
