"""Who keeps the plan of an event's seats."""

from portal.events.models import Event, EventState
from portal.people.readers import Somebody
from portal.signups.policies import may_manage

_PLANNED = frozenset({EventState.DRAFT, EventState.PUBLISHED, EventState.POSTPONED})


def may_plan(person: Somebody, event: Event) -> bool:
    """Whoever hosts the event plans its seats."""
    return may_manage(person, event)


def may_open_tab(person: Somebody, event: Event) -> bool:
    """Hosts are offered the plan where people sign up: that of the whole, not of a session."""
    return event.part_of_id is None and may_plan(person, event)


def may_change(event: Event) -> bool:
    """Until the event is over, or called off."""
    return event.state in _PLANNED
