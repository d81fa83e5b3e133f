"""Certificates: what is confirmed now, written down with a code that proves it."""

import json
import secrets

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError
from portal.hours import queries
from portal.hours.models import HourCertificate
from portal.jobs import services as jobs
from portal.people.models import Person
from portal.people.services.relations import primary_of

# No letter or digit that is taken for another; 12 of them are 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
PDF = "hours-certificate"


def issue(*, person: Person, year: int, check_page: str, actor: Person) -> HourCertificate:
    """Issue a certificate of the hours confirmed in a year, or return the one that says the same.

    Relations and posts are loaded; `check_page` is where its code is proved. Raises
    ConflictError where nothing is confirmed yet.
    """
    lines = queries.lines_of(person, year)
    if not lines:
        raise ConflictError("这一年还没有已确认的学时，不能出具证明。名册确认以后再来。")
    entries = queries.entries_of(person).get(year, [])
    standing = queries.standing_of(person, entries, year, queries.thresholds())
    primary = primary_of(person)
    written = json.dumps([line._asdict() for line in lines], ensure_ascii=False, sort_keys=True)
    facts = {
        "halves": sum(line.halves for line in lines),
        "owed_halves": standing.owed.halves,
        "name": person.name,
        "unit_name": primary.organisation.name if primary else "",
        "lines": written,
    }
    latest = queries.latest_certificate(person, year)
    if latest is not None and all(getattr(latest, name) == fact for name, fact in facts.items()):
        return latest
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    made = HourCertificate(
        person_id=person.id,
        year=year,
        number=code,
        code=code,
        issued_at=clock.now(),
        issued_by_id=actor.id,
        **facts,
    )
    db.session.add(made)
    db.session.flush()
    made.number = f"XS-{year}-{made.id:06d}"
    db.session.flush()
    audit.record(
        "hours.certificate_issued",
        made,
        actor=actor,
        person=person.id,
        year=year,
        number=made.number,
    )
    arguments = {"certificate_id": made.id, "check_page": check_page}
    jobs.ask(PDF, key=str(made.id), arguments=arguments, actor=actor)
    return made


def written_code(typed: str) -> str:
    """Return a code as it is kept: capitals and digits, whatever stands between them."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
