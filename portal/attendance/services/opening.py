"""Opening the roll, keeping its list as things stand until the start, freezing it then."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from portal import clock
from portal.attendance import drawing, policies, queries
from portal.attendance.models import AttendanceEntry, AttendanceStatus, Method, Roll
from portal.attendance.services.writing import in_portions, write_mark
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError
from portal.events.models import Event
from portal.people.models import Person

# Memberships change elsewhere: until the list is frozen it is drawn anew so often.
DRAWN_AGAIN_AFTER = timedelta(seconds=60)


def is_current(sources: queries.Sources, event: Event) -> bool:
    """Return whether `open_roll` would change nothing now."""
    roll = sources.roll
    if roll is None:
        return False
    if roll.confirmed_at is not None:
        return True
    if roll.frozen_at is None and clock.now() >= event.starts_at:
        return False
    if roll.drawn_from != sources.now:
        return False
    return roll.frozen_at is not None or clock.now() < roll.drawn_at + DRAWN_AGAIN_AFTER


def open_roll(*, event: Event, actor: Person | None) -> Roll:
    """Return the roll, opened if it was not, its list brought up to date; hold its row.

    Until the start, who signs up joins the list and who withdraws leaves it, unless somebody
    has marked them already. At the first access at or after the start the list is frozen as
    it stood at the start; who comes in addition is a walk-in. Safe when many screens open at
    once. Raises ConflictError for an event that has no roll.
    """
    if not policies.has_roll(event):
        raise ConflictError(policies.why_no_roll(event))
    sources = queries.sources(event.id, lock=True)
    if sources.roll is None:
        sources = _opened(event, actor)
    roll = sources.roll
    assert roll is not None  # noqa: S101  it was opened a line above
    if not is_current(sources, event):
        _draw(roll, event, actor)
        roll.drawn_from, roll.drawn_at = sources.now, clock.now()
        db.session.flush()
    return roll


def clear_for_sessions(event: Event) -> None:
    """Take away the roll of an event that is to be held in sessions, if nobody is marked on it.

    Raises ConflictError where somebody is.
    """
    roll = queries.find_roll(event.id)
    if roll is None:
        return
    if roll.confirmed_at is not None or queries.has_marks(event.id):
        raise ConflictError("这次活动的名册上已经有登记，不能再改成分场进行。")
    db.session.execute(delete(AttendanceEntry).where(AttendanceEntry.event_id == event.id))
    db.session.delete(roll)
    db.session.flush()


def unfreeze_if_moved(*, event: Event, actor: Person) -> None:
    """Let the list follow the sign-ups again when an event that had begun is moved ahead."""
    roll = queries.sources(event.id, lock=True).roll
    if roll is None or roll.confirmed_at is not None or roll.frozen_at is None:
        return
    if event.starts_at > clock.now():
        roll.frozen_at = None
        db.session.flush()
        audit.record("attendance.unfrozen", roll, actor=actor, event=event.id)


def _opened(event: Event, actor: Person | None) -> queries.Sources:
    """Open the roll; of those who try at once one does: the event's row decides."""
    db.session.execute(select(Event.id).where(Event.id == event.id).with_for_update())
    sources = queries.sources(event.id, lock=True)
    if sources.roll is not None:
        return sources
    now = clock.now()
    roll = Roll(event_id=event.id, opened_at=now, drawn_at=now, code_secret=secrets.token_hex(32))
    db.session.add(roll)
    db.session.flush()
    audit.record("attendance.opened", roll, actor=actor, event=event.id)
    return queries.sources(event.id, lock=True)


def _draw(roll: Roll, event: Event, actor: Person | None) -> None:
    now = clock.now()
    if roll.frozen_at is None:
        _match(roll, drawing.due_list(event, min(now, event.starts_at)))
        if now >= event.starts_at:
            roll.frozen_at = event.starts_at
            due = queries.numbers(event.id).due
            audit.record("attendance.frozen", roll, actor=actor, event=event.id, due=due)
    _let_in(roll, event, actor)
    _send_back(roll, event, actor)


def _match(roll: Roll, wanted: dict[int, dict[str, Any]]) -> None:
    """Make the unmarked part of the list what it should be; whom somebody marked stays."""
    rows = db.session.execute(
        select(
            AttendanceEntry.id,
            AttendanceEntry.person_id,
            AttendanceEntry.status,
            AttendanceEntry.is_listed,
            AttendanceEntry.marked_at,
        ).where(AttendanceEntry.event_id == roll.event_id)
    ).all()
    stale = []
    standing = set()
    for entry_id, person_id, status, is_listed, marked_at in rows:
        should = wanted.get(person_id)
        as_it_should = should and (should["status"], should["is_listed"]) == (status, is_listed)
        if marked_at is None and not as_it_should:
            stale.append(entry_id)
        else:
            standing.add(person_id)
    missing = [columns for person_id, columns in wanted.items() if person_id not in standing]
    if not stale and not missing:
        return
    roll.revision += 1
    for ids in in_portions(stale):
        db.session.execute(
            delete(AttendanceEntry)
            .where(AttendanceEntry.id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    of_this_roll = {"event_id": roll.event_id, "revision": roll.revision}
    for portion in in_portions({**columns, **of_this_roll} for columns in missing):
        db.session.execute(insert(AttendanceEntry), portion)


def _let_in(roll: Roll, event: Event, actor: Person | None) -> None:
    """Put those whom the sign-up room registered at the door on the roll, as having come."""
    at_the_door = drawing.walk_ins(event, event.starts_at)
    if not at_the_door:
        return
    known = {
        entry.person_id: entry
        for entry in db.session.scalars(
            select(AttendanceEntry).where(
                AttendanceEntry.event_id == event.id,
                AttendanceEntry.person_id.in_(at_the_door),
            )
        )
    }
    for person_id, columns in at_the_door.items():
        entry = known.get(person_id)
        if entry is None:
            add_walk_in(roll, columns, method=Method.WALK_IN, actor=actor)
        elif entry.marked_at is None:
            status = AttendanceStatus.PRESENT if entry.is_listed else entry.status
            write_mark(
                roll, entry, status=status, has_come=True, method=Method.WALK_IN, actor=actor
            )


def add_walk_in(
    roll: Roll, columns: dict[str, Any], *, method: Method, actor: Person | None
) -> AttendanceEntry:
    """Put somebody who stands at the door on the roll: here, but not on the due list."""
    entry = AttendanceEntry(event_id=roll.event_id, is_walk_in=True, has_come=False, **columns)
    db.session.add(entry)
    db.session.flush()
    write_mark(roll, entry, status=entry.status, has_come=True, method=method, actor=actor)
    return entry


def _send_back(roll: Roll, event: Event, actor: Person | None) -> None:
    """Whose registration at the door was taken back as a mistake has not come."""
    withdrawn = drawing.withdrawn_walk_ins(event)
    if not withdrawn:
        return
    mistaken = db.session.scalars(
        select(AttendanceEntry).where(
            AttendanceEntry.event_id == event.id,
            AttendanceEntry.person_id.in_(withdrawn),
            AttendanceEntry.is_walk_in,
            AttendanceEntry.has_come,
        )
    ).all()
    for entry in mistaken:
        write_mark(
            roll, entry, status=entry.status, has_come=False, method=Method.UNDO, actor=actor
        )
