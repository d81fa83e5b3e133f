"""Minutes as PDF: made in the background by LibreOffice, from the very .docx that is sent.

A PDF is of the words as they stand: what changes has another digest, and another PDF.
"""

import hashlib
from functools import partial
from pathlib import Path

from flask import current_app

from portal.database import db
from portal.errors import NotFoundError
from portal.jobs import hooks, services
from portal.jobs import queries as jobs
from portal.jobs.hooks import Work
from portal.jobs.models import UNFINISHED
from portal.materials import papers_pdf
from portal.people.models import Person
from portal.records import minutes_docx, queries
from portal.records.minutes import Minutes
from portal.records.minutes_of import minutes_of

KIND = "minutes"


def _digest(minutes: Minutes) -> str:
    return hashlib.sha256(repr(minutes).encode()).hexdigest()[:16]


def path_of(record_id: int, minutes: Minutes) -> Path:
    """Return where the PDF of these words lies, once it is made."""
    folder = Path(current_app.instance_path) / "minutes"
    return folder / f"{record_id}-{_digest(minutes)}.pdf"


def is_coming(record_id: int, minutes: Minutes) -> bool:
    """Return whether somebody is at it, or will be."""
    job = jobs.latest(KIND, path_of(record_id, minutes).stem)
    return job is not None and job.state in UNFINISHED


def ask(record_id: int, minutes: Minutes, *, actor: Person) -> None:
    """Have the PDF made, unless it lies there already or nobody here can make one."""
    place = path_of(record_id, minutes)
    if papers_pdf.can_be_made() and not place.exists():
        services.ask(KIND, key=place.stem, arguments={"record_id": record_id}, actor=actor)


def make(work: Work) -> None:
    """Make the PDF of a record's minutes as they stand now."""
    record_id = int(work.arguments["record_id"])
    try:
        minutes = minutes_of(queries.record(record_id))
    except NotFoundError:
        return
    place = path_of(record_id, minutes)
    db.session.rollback()  # nothing is kept open while LibreOffice works
    if place.exists():
        return
    papers_pdf.make(place, partial(minutes_docx.write, minutes), work=work)
    # Those of words that have changed since are of no use to anybody.
    for older in place.parent.glob(f"{record_id}-*.pdf"):
        if older != place:
            older.unlink(missing_ok=True)


def register() -> None:
    """Let workers know how to make it."""
    hooks.register(hooks.Kind(KIND, make, most_attempts=3))
