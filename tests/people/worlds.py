"""People entered through the services, so that searching and sorting work as in life."""

import time
from datetime import date
from typing import Any

from sqlalchemy import text

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


def until_somebody_waits() -> None:
    """Return when another transaction waits for a lock; on SQLite they wait before they begin."""
    if db.engine.dialect.name == "sqlite":
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    latest = time.monotonic() + 20
    with db.engine.connect() as connection:
        while not connection.scalar(waiting):
            connection.rollback()
            assert time.monotonic() < latest, "nobody waits"
