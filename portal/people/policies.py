"""Who may: pure predicates over persons, their grants and organisations.

A grant holds over its organisation and everything below it. The three administrators see
no business data, whatever other duty they have (DOMAIN 3.1, separation of three powers).
"""

from collections.abc import Collection

from portal import clock
from portal.people.models import Membership, Organisation, Role, RoleGrant
from portal.people.models.account import ADMINISTRATORS
from portal.people.readers import Duty, Somebody, Somewhere

# Those who run events within their part of the tree.
HOSTS = frozenset({Role.RECORDER, Role.BRANCH_SECRETARY, Role.COMMUNITY_SECRETARY, Role.OFFICE})
# Those who answer for what is posted and confirmed.
SECRETARIES = frozenset({Role.BRANCH_SECRETARY, Role.COMMUNITY_SECRETARY, Role.OFFICE})
# Those who put files into the library of materials.
UPLOADERS = HOSTS | {Role.SITE_KEEPER}
# Those who keep the tree of organisations, and those who import rosters: the system
# administrator keeps all of the tree, and sees nobody who stands in it.
TREE_KEEPERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.OFFICE})
ROSTER_KEEPERS = frozenset({Role.COMMUNITY_SECRETARY, Role.OFFICE})


def open_grants(person: Somebody) -> list[RoleGrant | Duty]:
    """Return the grants that hold today."""
    today = clock.today()
    return [grant for grant in person.grants if grant.is_open_on(today)]


def roles(person: Somebody) -> set[Role]:
    """Return the roles that the person holds anywhere today."""
    return {grant.role for grant in open_grants(person)}


def holds(person: Somebody, wanted: Collection[Role], over: Organisation) -> bool:
    """Return whether one of the `wanted` roles reaches `over` from where it was granted."""
    return any(
        grant.role in wanted
        and grant.organisation is not None
        and over.is_within(grant.organisation)
        for grant in open_grants(person)
    )


def holds_anywhere(person: Somebody, wanted: Collection[Role]) -> bool:
    """Return whether the person holds one of the `wanted` roles over anything."""
    return not roles(person).isdisjoint(wanted)


def scope(person: Somebody, wanted: Collection[Role]) -> list[Somewhere]:
    """Return the organisations over which the person holds one of the `wanted` roles."""
    return [
        grant.organisation
        for grant in open_grants(person)
        if grant.role in wanted and grant.organisation is not None
    ]


def is_host_somewhere(person: Somebody) -> bool:
    """Return whether the person runs events for any organisation."""
    return holds_anywhere(person, HOSTS)


def may_upload(person: Somebody) -> bool:
    """Those who run events or keep a site put files into the library."""
    return holds_anywhere(person, UPLOADERS) and not is_administrator(person)


def is_administrator(person: Somebody) -> bool:
    """Return whether the person is one of the three administrators, who see no business data."""
    return holds_anywhere(person, ADMINISTRATORS)


def may_see_organisations(person: Somebody) -> bool:
    """Those who run events, and the system administrator, who keeps the tree."""
    return is_host_somewhere(person) or Role.SYSTEM_ADMINISTRATOR in roles(person)


def may_import_organisations(person: Somebody) -> bool:
    """Those who keep the tree: the system administrator and the sub-district office."""
    return holds_anywhere(person, TREE_KEEPERS)


def may_import_people(person: Somebody) -> bool:
    """The office and community secretaries, within their own subtree; no administrator."""
    return holds_anywhere(person, ROSTER_KEEPERS) and not is_administrator(person)


def import_roots(person: Somebody, keepers: Collection[Role]) -> tuple[str, ...] | None:
    """Return the paths below which imports reach that `keepers` make; None is the whole tree.

    A role that belongs to no organisation, the system administrator's, reaches all of it.
    """
    if Role.SYSTEM_ADMINISTRATOR in roles(person) & set(keepers):
        return None
    return tuple(over.path for over in scope(person, keepers))


def may_see_organisation(person: Somebody, organisation: Organisation) -> bool:
    """Those who run events see their part of the tree; the system administrator all of it."""
    return Role.SYSTEM_ADMINISTRATOR in roles(person) or holds(person, HOSTS, organisation)


def may_found_organisations(person: Somebody) -> bool:
    """Those who keep the tree: the system administrator and the sub-district office."""
    return holds_anywhere(person, TREE_KEEPERS)


def may_keep_organisation(person: Somebody, organisation: Organisation) -> bool:
    """The system administrator keeps the whole tree, an office its own part of it."""
    return Role.SYSTEM_ADMINISTRATOR in roles(person) or holds(person, TREE_KEEPERS, organisation)


def may_list_people(person: Somebody) -> bool:
    """Those who run events find people within their part of the tree."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_list_members(person: Somebody, organisation: Organisation) -> bool:
    """Those who run events for the organisation; an administrator sees numbers only."""
    return may_list_people(person) and holds(person, HOSTS, organisation)


def may_see_person(reader: Somebody, memberships: Collection[Membership], person: Somebody) -> bool:
    """Oneself; and those who run events for an organisation the person belongs to."""
    if reader.id == person.id:
        return True
    return any(may_list_members(reader, membership.organisation) for membership in memberships)


def may_see_phone(reader: Somebody, memberships: Collection[Membership], person: Somebody) -> bool:
    """Whoever may see the person may ask for the whole number; asking is noted."""
    return may_see_person(reader, memberships, person)


def may_keep_people(reader: Somebody, organisation: Organisation) -> bool:
    """Secretaries say who belongs to their part of the tree and who holds its posts."""
    return may_list_people(reader) and holds(reader, SECRETARIES, organisation)


def may_edit_person(reader: Somebody, memberships: Collection[Membership]) -> bool:
    """Secretaries keep the record of the people of their part of the tree.

    Asked with the relations that carry the record (`Person.keeping_memberships`): the primary
    branch keeps it, others only where there is none.
    """
    return any(may_keep_people(reader, membership.organisation) for membership in memberships)


def may_add_guest(reader: Somebody, organisation: Organisation) -> bool:
    """Those who run events for an organisation enter its guests."""
    return may_list_members(reader, organisation)


def may_manage_accounts(person: Somebody) -> bool:
    """Only the system administrator makes, locks and unlocks accounts."""
    return Role.SYSTEM_ADMINISTRATOR in roles(person)


def may_grant_roles(person: Somebody) -> bool:
    """Only the security administrator grants and withdraws roles."""
    return Role.SECURITY_ADMINISTRATOR in roles(person)


def may_read_audit(person: Somebody) -> bool:
    """Only the audit administrator reads the audit chain."""
    return Role.AUDITOR in roles(person)
