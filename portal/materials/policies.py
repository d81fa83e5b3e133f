"""Who may: pure predicates over a person and a material.

Those who run events for the owning organisation keep its materials, those who run events below
it use them as well. A site keeper puts files in and keeps those alone: a property firm does not
read a community's papers. Everybody else reads what a room above shows them (`hooks.readable`).
"""

from portal.materials.models import Material
from portal.people.models import Organisation
from portal.people.policies import (
    HOSTS,
    UPLOADERS,
    holds,
    is_administrator,
    may_upload,
    scope,
)
from portal.people.readers import Somebody


def may_upload_for(person: Somebody, organisation: Organisation) -> bool:
    """Only for an organisation of one's own part of the tree."""
    return holds(person, UPLOADERS, organisation) and not is_administrator(person)


def may_keep(person: Somebody, material: Material) -> bool:
    """Rename, archive, remove: the hosts of its organisation, and whoever uploaded it."""
    if is_administrator(person):
        return False
    if holds(person, HOSTS, material.organisation):
        return True
    return material.uploaded_by_id == person.id and may_upload(person)


def may_use(person: Somebody, material: Material) -> bool:
    """Find and attach: whoever keeps or brought it, and the hosts of organisations below its own.

    A department officer brings papers to a case, and has these alone to attach again.
    """
    if is_administrator(person):
        return False
    if material.uploaded_by_id == person.id:
        return True
    stands_below = any(own.is_within(material.organisation) for own in scope(person, HOSTS))
    return stands_below or may_keep(person, material)


def may_read(person: Somebody, material: Material, *, is_shown: bool) -> bool:
    """Read and download: whoever may use it, and those whom a room above shows it.

    `is_shown` is the answer of `queries.is_shown`.
    """
    return not is_administrator(person) and (is_shown or may_use(person, material))
