"""What is noted of a recount: how far a roll has been counted, what a new rule has changed."""

from sqlalchemy.dialects import postgresql, sqlite

from portal.audit import services as audit
from portal.database import db
from portal.hours.models import CountedRoll
from portal.people.models import Organisation, Person


def note_counted(event_id: int, revision: int) -> None:
    """Note up to which revision the roll has been counted."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    written = dialect.insert(CountedRoll).values(event_id=event_id, revision=revision)
    db.session.execute(
        written.on_conflict_do_update(index_elements=["event_id"], set_={"revision": revision})
    )


def note_recounted(rule_id: int, changed: int) -> None:
    """Note how many entries a new rule has changed."""
    audit.record("hours.recounted", "HourRule", actor=None, rule=rule_id, changed=changed)


def note_exported(*, organisation: Organisation, year: int, people: int, actor: Person) -> None:
    """Note that the hours of a year were taken along as a file."""
    audit.record(
        "hours.exported",
        organisation,
        actor=actor,
        organisation=organisation.name,
        year=year,
        people=people,
    )
