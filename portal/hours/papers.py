"""The PDF of a certificate: made once, in the background, by LibreOffice (decision 0130)."""

from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from portal.database import db
from portal.hours import statement_docx
from portal.hours.models import HourCertificate
from portal.hours.services.certifying import PDF
from portal.hours.statement import Statement, statement
from portal.jobs import hooks, queries, services
from portal.jobs.hooks import Work
from portal.jobs.models import UNFINISHED
from portal.materials import papers_pdf
from portal.people.models import Person


def statement_of(certificate: HourCertificate) -> Statement:
    """Return what the certificate says."""
    return statement(
        number=certificate.number,
        code=certificate.code_words,
        name=certificate.name,
        unit_name=certificate.unit_name,
        year=certificate.year,
        halves=certificate.halves,
        owed_halves=certificate.owed_halves,
        lines=certificate.lines,
        issued_at=certificate.issued_at,
    )


def path_of(certificate_id: int) -> Path:
    """Return where the PDF lies, once it is made: it can be made anew from its row."""
    return Path(current_app.instance_path) / "certificates" / f"{certificate_id}.pdf"


def is_coming(certificate_id: int) -> bool:
    """Return whether somebody is at it, or will be."""
    job = queries.latest(PDF, str(certificate_id))
    return job is not None and job.state in UNFINISHED


def ask_again(certificate_id: int, *, check_page: str, actor: Person) -> None:
    """Have a PDF made that is missing: LibreOffice was not there, or the file was lost."""
    services.ask(
        PDF,
        key=str(certificate_id),
        arguments={"certificate_id": certificate_id, "check_page": check_page},
        actor=actor,
    )


def make(work: Work) -> None:
    """Make the PDF of a certificate; nothing to do where it lies already."""
    certificate_id = int(work.arguments["certificate_id"])
    place = path_of(certificate_id)
    if place.exists():
        return
    certificate = db.session.scalar(
        select(HourCertificate).where(HourCertificate.id == certificate_id)
    )
    if certificate is None:
        return
    said = statement_of(certificate)
    address = f"{work.arguments['check_page']}?code={certificate.code}"
    db.session.rollback()  # nothing is kept open while LibreOffice works
    papers_pdf.make(place, partial(statement_docx.write, said, address), work=work)


def register() -> None:
    """Let workers know how to make it."""
    hooks.register(hooks.Kind(PDF, make, most_attempts=3))
