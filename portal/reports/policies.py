"""Who sees which figures: those who run events, for their own part of the tree."""

from portal.attendance.policies import may_open_tab, may_see_attendees
from portal.events.models import Event
from portal.people.models import Organisation
from portal.people.policies import HOSTS, holds, is_administrator, is_host_somewhere
from portal.people.readers import Somebody


def may_see_reports(person: Somebody) -> bool:
    """Those who run events for some organisation; no administrator."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_see_report(person: Somebody, organisation: Organisation) -> bool:
    """The figures of one's own part of the tree."""
    return holds(person, HOSTS, organisation) and not is_administrator(person)


def may_see_figures(person: Somebody, event: Event) -> bool:
    """The host of an event that has a roll, or whose sessions have."""
    return may_open_tab(person, event) or may_see_attendees(person, event)
