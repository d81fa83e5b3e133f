"""Whose pass it is, and which passes are live."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from portal import clock, paging
from portal.attendance.models import AttendanceEntry
from portal.database import db
from portal.doors.models import PassKind, PersonPass
from portal.events.models import Event


class Owner(NamedTuple):
    """Who bears a pass, and since when no more."""

    person_id: int
    revoked_at: datetime | None


class Badge(NamedTuple):
    """A badge that lasts to the end of an event, with what stands on it."""

    person_id: int
    name: str
    unit: str
    serial: str
    text_hash: str
    expires_on: date


class PassesMark(NamedTuple):
    """Changes whenever a pass was issued or revoked."""

    newest_id: int | None
    revoked_at: datetime | None


def owners(hashes: Collection[str]) -> dict[str, Owner]:
    """Return who bears the passes with these hashes; those that nobody ever had are left out."""
    if not hashes:
        return {}
    rows = db.session.execute(_OWNERS, {"hashes": list(hashes)})
    return {text_hash: Owner(person_id, revoked_at) for text_hash, person_id, revoked_at in rows}


def find_pass(person_id: int, kind: PassKind) -> PersonPass | None:
    """Return the live pass of that kind, expired or not."""
    return db.session.scalar(
        select(PersonPass).where(
            PersonPass.person_id == person_id,
            PersonPass.kind == kind,
            PersonPass.revoked_at.is_(None),
        )
    )


def live_passes(person_id: int) -> Sequence[PersonPass]:
    """Return what somebody could show at a door, the newest first."""
    return db.session.scalars(
        select(PersonPass)
        .where(PersonPass.person_id == person_id, PersonPass.revoked_at.is_(None))
        .order_by(PersonPass.id.desc())
    ).all()


def passes_ever(person_id: int) -> Sequence[PersonPass]:
    """Return every pass that somebody was ever given, the first one first."""
    return db.session.scalars(
        select(PersonPass).where(PersonPass.person_id == person_id).order_by(PersonPass.id)
    ).all()


def hashes_on_roll(event_id: int, day: date) -> dict[int, list[str]]:
    """Return the hashes of the passes that are good on that day, by person on the roll."""
    found: dict[int, list[str]] = {}
    for person_id, text_hash in db.session.execute(_ON_ROLL, {"event_id": event_id, "day": day}):
        found.setdefault(person_id, []).append(text_hash)
    return found


def passes_mark() -> PassesMark:
    """Return a mark of all passes there are."""
    return PassesMark(*db.session.execute(_MARK).one())


def badges(event: Event, number: int) -> "paging.Page[Badge]":
    """Return page `number` of the badges of those on the roll, in its order."""
    return paging.page_of_rows(_BADGES, number, Badge._make, _lasting(event))


def number_without_badge(event: Event) -> int:
    """Return how many on the roll have no badge that lasts to the end of the event."""
    return db.session.scalar(_WITHOUT, _lasting(event)) or 0


def _lasting(event: Event) -> dict[str, Any]:
    return {"event_id": event.id, "day": clock.local(event.ends_at).date()}


# Asked at every batch and every roster: built once.
_OWNERS = select(PersonPass.text_hash, PersonPass.person_id, PersonPass.revoked_at).where(
    PersonPass.text_hash.in_(bindparam("hashes", expanding=True))
)
_ON_ROLL = (
    select(PersonPass.person_id, PersonPass.text_hash)
    .join(AttendanceEntry, AttendanceEntry.person_id == PersonPass.person_id)
    .where(
        AttendanceEntry.event_id == bindparam("event_id"),
        PersonPass.revoked_at.is_(None),
        PersonPass.expires_on >= bindparam("day"),
    )
    .order_by(PersonPass.id.desc())
)
_newest: Any = select(func.max(PersonPass.id)).scalar_subquery()
_revoked: Any = select(func.max(PersonPass.revoked_at)).scalar_subquery()
_MARK = select(_newest, _revoked)
_LASTS = (
    (PersonPass.person_id == AttendanceEntry.person_id)
    & (PersonPass.kind == PassKind.BADGE)
    & PersonPass.revoked_at.is_(None)
    & (PersonPass.expires_on >= bindparam("day"))
)
_of_badge: list[Any] = [
    AttendanceEntry.person_id,
    AttendanceEntry.name,
    AttendanceEntry.unit_name,
    PersonPass.serial,
    PersonPass.text_hash,
    PersonPass.expires_on,
]
_BADGES = paging.paged(
    select(*_of_badge)
    .join(PersonPass, _LASTS)
    .where(AttendanceEntry.event_id == bindparam("event_id"))
    .order_by(AttendanceEntry.unit_path, AttendanceEntry.stroke_key, AttendanceEntry.person_id)
)
_WITHOUT = (
    select(func.count())
    .select_from(AttendanceEntry)
    .outerjoin(PersonPass, _LASTS)
    .where(AttendanceEntry.event_id == bindparam("event_id"), PersonPass.id.is_(None))
)
