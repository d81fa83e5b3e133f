"""Who may: pure predicates over a person and an event's roll."""

from portal.events.hooks import Row
from portal.events.models import Event, EventState
from portal.events.policies import may_host
from portal.people.readers import Somebody

# An event has a roll once it is published, and until it is called off or put off.
WITH_ROLL = frozenset(
    {EventState.PUBLISHED, EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED}
)


def may_run_roll(person: Somebody, event: Event) -> bool:
    """Whoever hosts the event calls its roll, confirms and corrects it, and prints the sheet."""
    return may_host(person, event)


def has_roll(event: Row) -> bool:
    """Return whether people can be counted: not in a draft, not when called or put off."""
    return event.state in WITH_ROLL


def may_open_tab(person: Somebody, event: Event) -> bool:
    """Hosts are offered the roll of an event that can have one."""
    return has_roll(event) and may_run_roll(person, event)
