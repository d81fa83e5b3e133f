"""Who may see hours, keep their rules, and confirm other training: pure predicates."""

from collections.abc import Collection

from portal.attendance.policies import has_roll
from portal.events.models import Event
from portal.events.policies import may_host
from portal.hours.kinds import TrainingState
from portal.hours.models import HourCertificate, Training
from portal.people.models import Membership, Organisation, Role
from portal.people.policies import (
    HOSTS,
    SECRETARIES,
    holds,
    holds_anywhere,
    is_administrator,
    is_host_somewhere,
    may_see_person,
)
from portal.people.readers import Somebody

OFFICE = frozenset({Role.OFFICE})


def has_hours(person: Somebody) -> bool:
    """Everybody but the three administrators, who see no business data."""
    return not is_administrator(person)


def may_list_somewhere(person: Somebody) -> bool:
    """Those who run events see who of their own part of the tree is not there yet."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_list(person: Somebody, organisation: Organisation) -> bool:
    """The names of one's own part of the tree, in stroke order."""
    return holds(person, HOSTS, organisation) and not is_administrator(person)


def may_see_progress(person: Somebody, organisation: Organisation) -> bool:
    """How far each one is: secretaries alone, a recorder sees the names."""
    return holds(person, SECRETARIES, organisation) and not is_administrator(person)


def may_export(person: Somebody, organisation: Organisation) -> bool:
    """The year of a branch as a file: whoever sees how far each one is."""
    return may_see_progress(person, organisation)


def may_see_hours(reader: Somebody, memberships: Collection[Membership], person: Somebody) -> bool:
    """Oneself, and the secretaries of the organisations that the person belongs to."""
    if reader.id == person.id:
        return has_hours(reader)
    return may_see_person(reader, memberships, person) and any(
        may_see_progress(reader, membership.organisation) for membership in memberships
    )


def may_keep_rules(person: Somebody) -> bool:
    """The office of a sub-district; what it enters holds for its own part of the tree."""
    return holds_anywhere(person, OFFICE) and not is_administrator(person)


def may_enter_for(actor: Somebody, memberships: Collection[Membership], person: Somebody) -> bool:
    """Everybody for themselves, those who run events for the people of their part of the tree."""
    if is_administrator(actor):
        return False
    return actor.id == person.id or any(
        holds(actor, HOSTS, membership.organisation) for membership in memberships
    )


def may_confirm(actor: Somebody, memberships: Collection[Membership], person: Somebody) -> bool:
    """The secretaries of the person's organisation; nobody for themselves."""
    return actor.id != person.id and any(
        may_see_progress(actor, membership.organisation) for membership in memberships
    )


def may_see_training(
    reader: Somebody, memberships: Collection[Membership], training: Training
) -> bool:
    """Whom it is about, who entered it, and who may confirm it."""
    if is_administrator(reader):
        return False
    if reader.id in {training.person_id, training.entered_by_id}:
        return True
    return any(may_see_progress(reader, membership.organisation) for membership in memberships)


def may_change_training(reader: Somebody, training: Training) -> bool:
    """Whoever entered it, or whom it is about, as long as nobody has decided."""
    return (
        training.state is TrainingState.WAITING
        and reader.id in {training.person_id, training.entered_by_id}
        and not is_administrator(reader)
    )


def may_open_tab(person: Somebody, event: Event) -> bool:
    """Hosts see what hours the event gives, and to whom."""
    return has_roll(event) and may_host(person, event)


def may_see_certificate(
    reader: Somebody, memberships: Collection[Membership], certificate: HourCertificate
) -> bool:
    """Whose it is, and the secretaries of that person."""
    if is_administrator(reader):
        return False
    return reader.id == certificate.person_id or any(
        may_see_progress(reader, membership.organisation) for membership in memberships
    )
