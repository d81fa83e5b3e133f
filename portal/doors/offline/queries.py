"""Questions about what staff pages have sent."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.attendance.models import (
    REFUSED,
    AttendanceEntry,
    AttendanceMark,
    AttendanceScan,
)
from portal.attendance.policies import has_roll
from portal.database import db
from portal.doors.offline.models import DoorName, DoorWithdrawal, Taken
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.events.sessions.queries import sessions_of

Scan = AttendanceScan


def sessions_at_hand(event: Event) -> list[Event]:
    """Return the sessions for which a device may be got ready together with this one.

    All that are to end yet and begin on this session's day or the next: a roster of a month
    ahead is more than a door needs. Nothing where the event is no session, or the only one.
    """
    if event.part_of_id is None:
        return []
    until = clock.local(event.starts_at).date() + timedelta(days=1)
    found = [
        one
        for one in sessions_of(event.part_of_id)
        if one.id == event.id
        or (
            has_roll(one)
            and one.ends_at > clock.now()
            and clock.local(one.starts_at).date() <= until
        )
    ]
    return found if len(found) > 1 else []


def withdrawals(event_id: int, client_ids: Collection[str]) -> dict[str, Taken]:
    """Return what was answered to those of these that came before."""
    rows = db.session.execute(
        select(DoorWithdrawal.client_id, DoorWithdrawal.outcome).where(
            DoorWithdrawal.event_id == event_id, DoorWithdrawal.client_id.in_(client_ids)
        )
    )
    return {row.client_id: row.outcome for row in rows}


def scans(event_id: int, client_ids: Collection[str]) -> dict[str, AttendanceScan]:
    """Return the check-ins that doors sent under these ids."""
    found = db.session.scalars(
        select(Scan).where(Scan.event_id == event_id, Scan.client_id.in_(client_ids))
    )
    return {scan.client_id: scan for scan in found}


def was_seen_elsewhere(scan: AttendanceScan) -> bool:
    """Return whether another check-in, not taken back, has counted the same person."""
    taken_back = select(DoorWithdrawal.client_id).where(
        DoorWithdrawal.event_id == scan.event_id, DoorWithdrawal.outcome == Taken.WITHDRAWN
    )
    others = select(Scan.id).where(
        Scan.event_id == scan.event_id,
        Scan.person_id == scan.person_id,
        Scan.client_id != scan.client_id,
        Scan.outcome.not_in(REFUSED),
        Scan.client_id.not_in(taken_back),
    )
    return bool(db.session.scalar(select(exists(others))))


def find_entry(event_id: int, person_id: int) -> AttendanceEntry | None:
    """Return how the person stands on the roll, as the database has it now."""
    return db.session.scalar(
        select(AttendanceEntry)
        .where(AttendanceEntry.event_id == event_id, AttendanceEntry.person_id == person_id)
        .execution_options(populate_existing=True)
    )


def find_mark_made_by(scan: AttendanceScan, entry: AttendanceEntry) -> AttendanceMark | None:
    """Return the mark with which a check-in changed the entry."""
    return db.session.scalar(
        select(AttendanceMark)
        .where(
            AttendanceMark.entry_id == entry.id,
            AttendanceMark.at == scan.received_at,
            AttendanceMark.to_has_come,
        )
        .order_by(AttendanceMark.id.desc())
        .limit(1)
    )


def known_names(event_id: int, client_ids: Collection[str]) -> set[str]:
    """Return those of these ids whose names are written down already."""
    return set(
        db.session.scalars(
            select(DoorName.client_id).where(
                DoorName.event_id == event_id, DoorName.client_id.in_(client_ids)
            )
        )
    )


def open_names(event_id: int) -> Sequence[DoorName]:
    """Return the names of whom nobody has said yet who it was, in the order of coming."""
    return db.session.scalars(
        select(DoorName)
        .where(DoorName.event_id == event_id, DoorName.settled_at.is_(None))
        .order_by(DoorName.at, DoorName.id)
    ).all()


def number_of_open_names(event_id: int) -> int:
    """Return of how many names nobody has said yet who it was."""
    asked = select(func.count()).where(DoorName.event_id == event_id, DoorName.settled_at.is_(None))
    return db.session.scalar(asked) or 0


def settled_names(event_id: int, *, most: int = 100) -> Sequence[DoorName]:
    """Return what was said of the others, the latest first."""
    return db.session.scalars(
        select(DoorName)
        .where(DoorName.event_id == event_id, DoorName.settled_at.is_not(None))
        .options(joinedload(DoorName.person), joinedload(DoorName.settled_by))
        .order_by(DoorName.settled_at.desc(), DoorName.id.desc())
        .limit(most)
    ).all()


def name(event_id: int, name_id: int) -> DoorName:
    """Return one name; raise NotFoundError for one of another event."""
    found = db.session.scalar(
        select(DoorName).where(DoorName.event_id == event_id, DoorName.id == name_id)
    )
    if found is None:
        raise NotFoundError("没有找到这条现场记下的姓名。")
    return found
