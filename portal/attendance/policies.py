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
    """Return whether people can be counted: not in a draft, not when called or put off.

    Where an event is held in sessions, each of them has a roll and the whole has none.
    """
    return event.state in WITH_ROLL and not event.session_count


def why_no_roll(event: Row) -> str:
    """Return in a sentence why there is none."""
    if event.session_count:
        return "这次活动分场进行，每一场各有名册；请在“场次”里打开那一场。"
    return "这次活动没有发布，或者已经取消、延期，现在没有名册。"


def may_see_attendees(person: Somebody, event: Event) -> bool:
    """Hosts of an event that is held in sessions see who came to which."""
    return bool(event.session_count) and may_run_roll(person, event)


def may_open_tab(person: Somebody, event: Event) -> bool:
    """Hosts are offered the roll of an event that can have one."""
    return has_roll(event) and may_run_roll(person, event)
