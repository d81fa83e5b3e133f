"""People entered through the services, so that searching and sorting work as in life."""

from datetime import date
from typing import Any

from portal.database import db
from portal.people.directory_queries import person_to_change
from portal.people.models import Organisation, Participation, Person
from portal.people.services import persons

SINCE = date(2020, 1, 1)


def entered(
    name: str,
    organisation: Organisation,
    *,
    by: Person,
    participation: Participation | None = None,
    since: date | None = SINCE,
    **facts: Any,
) -> Person:
    """Enter somebody as a secretary would; visible to requests at once."""
    made = persons.create_person(
        facts=persons.Facts(name=name, **facts),
        organisation=organisation,
        participation=participation,
        since=since,
        actor=by,
    )
    db.session.commit()
    return made


def again(person: Person) -> Person:
    """Return the person as the database has it now."""
    db.session.rollback()
    return person_to_change(person.id)
