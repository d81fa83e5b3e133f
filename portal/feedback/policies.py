"""Who may: pure predicates about questionnaires and their results."""

from portal.events.models import Event, EventState
from portal.events.policies import may_host
from portal.people.models import Organisation
from portal.people.policies import HOSTS, holds, is_administrator, is_host_somewhere
from portal.people.readers import Somebody

# There is something to ask about once it is posted, unless it is called or put off.
_ASKABLE = frozenset(
    {EventState.PUBLISHED, EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED}
)


def may_run(person: Somebody, event: Event) -> bool:
    """Whoever hosts the event chooses its questionnaire and sees the results."""
    return may_host(person, event)


def can_be_asked_about(event: Event) -> bool:
    """Return whether the event may have a questionnaire: not a draft, not called or put off."""
    return event.state in _ASKABLE


def may_open_tab(person: Somebody, event: Event) -> bool:
    """Hosts are offered the feedback of an event that can have one."""
    return can_be_asked_about(event) and may_run(person, event)


def may_answer(event: Event, *, has_come: bool) -> bool:
    """Only those who were there answer; nobody has to.

    `has_come` is the answer of `queries.has_come`: present on the roll, late and left early
    too, or, where no roll was opened, signed up.
    """
    return has_come and can_be_asked_about(event)


def may_write_templates(person: Somebody) -> bool:
    """Those who run events write questionnaires for their organisations."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_keep_template(person: Somebody, organisation: Organisation) -> bool:
    """Those who run events for the organisation, or one above it, keep its questionnaires."""
    return holds(person, HOSTS, organisation) and not is_administrator(person)
