"""Who may: pure predicates over a person, an event or an organisation, and a token."""

from portal.attendance.policies import may_run_roll
from portal.doors.models import DoorToken
from portal.events.models import Event
from portal.people.models import Organisation, Role
from portal.people.policies import is_administrator, roles
from portal.people.readers import Somebody


def may_keep_doors(person: Somebody, event: Event) -> bool:
    """Whoever calls the roll of an event sets up its doors, prints badges, revokes passes."""
    return may_run_roll(person, event)


def may_keep_standing_doors(person: Somebody) -> bool:
    """The system administrator sets up doors that stand for all events of an organisation."""
    return Role.SYSTEM_ADMINISTRATOR in roles(person)


def may_have_pass(person: Somebody) -> bool:
    """Everybody who is counted somewhere; the accounts of administrators are not."""
    return not is_administrator(person)


def speaks_for(token: DoorToken, event: Event) -> bool:
    """A token speaks for its event, or for the events of its organisation and those below it.

    And only while its maker still may set up that door.
    """
    if token.event_id is not None:
        return token.event_id == event.id and may_keep_doors(token.made_by, event)
    return is_over(token.organisation, event) and may_keep_standing_doors(token.made_by)


def is_over(organisation: Organisation | None, event: Event) -> bool:
    """Return whether the host of the event lies in the organisation."""
    return organisation is not None and event.host.is_within(organisation)
