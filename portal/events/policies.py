"""Who may: pure predicates over a person and an event.

Those who hold a role of `HOSTS` over the event's host run it: they see it in every state,
change it, move it, call its roll. Everybody else sees it once it has been published, if it is
meant for them. The three administrators see no business data.
"""

from portal.events.models import Event, EventState
from portal.people.models import Organisation
from portal.people.policies import HOSTS, holds, is_administrator, is_host_somewhere
from portal.people.readers import Somebody


def may_create(person: Somebody) -> bool:
    """Those who run events for any organisation post them."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_host_for(person: Somebody, organisation: Organisation) -> bool:
    """Only in one's own part of the tree may an organisation be named as host."""
    return holds(person, HOSTS, organisation) and not is_administrator(person)


def may_host(person: Somebody, event: Event) -> bool:
    """Those who run events for the host organisation, or for one above it."""
    return may_host_for(person, event.host)


def may_edit(person: Somebody, event: Event) -> bool:
    """Whoever hosts an event may change, publish, move, copy and call it off."""
    return may_host(person, event)


def may_see(person: Somebody, event: Event, *, is_meant: bool) -> bool:
    """Hosts always; others once it is published, if it `is_meant` for them.

    `is_meant` is the answer of `queries.is_meant`: open to all, member of an organisation
    that is due, invited by name, or already on one of its lists.
    """
    if is_administrator(person):
        return False
    if may_host(person, event):
        return True
    return event.state is not EventState.DRAFT and is_meant
