"""The blueprint of hours, and what its pages have in common."""

from flask import Blueprint, request

from portal import clock
from portal.errors import NotFoundError
from portal.hours import policies, queries
from portal.people.access import current_reader
from portal.people.models import Person

bp = Blueprint("hours", __name__)

FIRST_YEAR = 2019
_UNKNOWN = "没有找到这个人。"


def asked_year() -> int:
    """Return the year in the address; the present one without or for what is none."""
    now = clock.today().year
    year = request.values.get("year", now, type=int)
    return year if FIRST_YEAR <= year <= now + 1 else now


def seen_person(person_id: int) -> Person:
    """Return a person whose hours the reader may see; NotFoundError for everybody else's."""
    person = queries.whole_person(person_id)
    relations = person.present_memberships(clock.today())
    if not policies.may_see_hours(current_reader(), relations, person):
        raise NotFoundError(_UNKNOWN)
    return person
