"""Certificates: one, a person's latest, and the one that a code stands for."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.hours.models import HourCertificate, HourEntry, Training
from portal.people.models import Membership, Organisation, Person
from portal.people.readers import Somebody


def certificate(certificate_id: int) -> HourCertificate:
    """Return one with its person and relations; raise NotFoundError."""
    found = db.session.scalar(
        select(HourCertificate)
        .where(HourCertificate.id == certificate_id)
        .options(
            joinedload(HourCertificate.person)
            .selectinload(Person.memberships)
            .joinedload(Membership.organisation)
        )
    )
    if found is None:
        raise NotFoundError("没有这份学时证明，或者不对您开放。")
    return found


def latest_certificate(person: Somebody, year: int) -> HourCertificate | None:
    """Return the last certificate that was issued to the person for a year."""
    return db.session.scalar(
        select(HourCertificate)
        .where(HourCertificate.person_id == person.id, HourCertificate.year == year)
        .order_by(HourCertificate.id.desc())
        .limit(1)
    )


def certificates_of(person: Somebody) -> Sequence[HourCertificate]:
    """Return all certificates that were issued to a person."""
    return db.session.scalars(
        select(HourCertificate)
        .where(HourCertificate.person_id == person.id)
        .order_by(HourCertificate.id)
    ).all()


class Line(NamedTuple):
    """A confirmed entry as a certificate prints it."""

    title: str
    day: str
    place: str
    host: str
    halves: int
    source: str


def lines_of(person: Somebody, year: int) -> list[Line]:
    """Return a person's confirmed entries of a year that give hours, in order of time."""
    rows = db.session.execute(
        select(
            HourEntry.title,
            HourEntry.day,
            Event.place,
            Organisation.name,
            Training.organiser,
            HourEntry.halves,
            HourEntry.source,
        )
        .outerjoin(Event, Event.id == HourEntry.event_id)
        .outerjoin(Organisation, Organisation.id == Event.host_id)
        .outerjoin(Training, Training.id == HourEntry.training_id)
        .where(
            HourEntry.person_id == person.id,
            HourEntry.year == year,
            HourEntry.is_confirmed,
            HourEntry.halves > 0,
        )
        .order_by(HourEntry.day, HourEntry.id)
    )
    return [
        Line(
            title=row.title,
            day=row.day.isoformat(),
            place=row.place or "",
            host=row.name or row.organiser or "",
            halves=row.halves,
            source=row.source.label,
        )
        for row in rows
    ]


class Checked(NamedTuple):
    """What stands behind a code, and the hours that are confirmed now."""

    name: str
    year: int
    halves: int
    halves_now: int


def checked(code: str) -> Checked | None:
    """Return what a code stands for; None for a code that was never given."""
    now = (
        select(func.coalesce(func.sum(HourEntry.halves), 0))
        .where(
            HourEntry.person_id == HourCertificate.person_id,
            HourEntry.year == HourCertificate.year,
            HourEntry.is_confirmed,
        )
        .scalar_subquery()
    )
    row = db.session.execute(
        select(HourCertificate.name, HourCertificate.year, HourCertificate.halves, now).where(
            HourCertificate.code == code
        )
    ).one_or_none()
    return None if row is None else Checked(row[0], row[1], row[2], int(row[3]))


def whole_person(person_id: int) -> Person:
    """Return a person with relations, posts, exemptions; raise NotFoundError. Two statements."""
    found = (
        db.session.scalars(
            select(Person)
            .where(Person.id == person_id)
            .options(
                joinedload(Person.memberships).joinedload(Membership.organisation),
                selectinload(Person.posts),
                joinedload(Person.exemptions),
            )
        )
        .unique()
        .one_or_none()
    )
    if found is None:
        raise NotFoundError("没有找到这个人。")
    return found
