"""Whom the reader may know of, and whose record the reader keeps."""

from portal import clock
from portal.errors import NotFoundError
from portal.people import policies
from portal.people.access import current_reader, require
from portal.people.models import Person


def may_see(person: Person) -> bool:
    """Return whether the reader may open the person's page."""
    relations_now = person.present_memberships(clock.today())
    return policies.may_see_person(current_reader(), relations_now, person)


def seen(person: Person) -> Person:
    """Return the person if the reader may know of it; else raise NotFoundError, not a refusal."""
    if not may_see(person):
        raise NotFoundError("没有找到这个人。")
    return person


def kept(person: Person, refusal: str) -> Person:
    """Return the person if the reader keeps the record; NotFoundError for who is out of sight."""
    seen(person)
    keeping = person.keeping_memberships(clock.today())
    require(policies.may_edit_person(current_reader(), keeping), refusal)
    return person
