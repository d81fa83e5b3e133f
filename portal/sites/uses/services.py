"""Taking, moving and freeing rooms. Bookings and events act through these, and note the act.

The database decides: whoever comes second is refused by a constraint, not by a look before.
The rows of the rooms are locked first, in order, so that two who want the same wait for each
other instead of locking each other out (PostgreSQL; SQLite has one writer at a time).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.database import db
from portal.sites.models import Room
from portal.sites.uses import queries
from portal.sites.uses.errors import RoomTakenError
from portal.sites.uses.models import LONGEST_LABEL, RoomUse, UseKind, UseSource

LOCK_TIMEOUT_MS = 10_000
# Said by the triggers of SQLite; PostgreSQL has a state of its own for it.
TAKEN = "room is taken"
EXCLUSION_VIOLATION = "23P01"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a booking or an event wants: which room, when, and what is told of it."""

    site_id: int
    room: Room | None
    starts_at: datetime
    ends_at: datetime
    kind: UseKind
    label: str
    people: int | None = None
    slots: int = 1
    is_open: bool = True
    held_until: datetime | None = None


def take(*, source: UseSource, source_id: int, wanted: Wanted) -> None:
    """Let the booking or event have this and nothing else; raise RoomTakenError.

    What it had before is moved: either it has the new room and time, or all stays as it was.
    """
    known = queries.use_of(source, source_id)
    rooms = {wanted.room.id} if wanted.room else set()
    if known is not None and known.room_id is not None:
        rooms.add(known.room_id)
    _lock(sorted(rooms))
    if wanted.room is not None:
        _let_lapse(wanted.room.id, known)
    values = {
        "site_id": wanted.site_id,
        "room_id": wanted.room.id if wanted.room else None,
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        "kind": wanted.kind,
        "label": wanted.label[:LONGEST_LABEL],
        "people": wanted.people,
        "slots": wanted.slots,
        "is_open": wanted.is_open,
        "held_until": wanted.held_until,
    }
    with _refusing(wanted, (source, source_id)):
        if known is None:
            row = insert(RoomUse).values(source=source, source_id=source_id, **values)
            db.session.execute(row)
        else:
            db.session.execute(update(RoomUse).where(RoomUse.id == known.id).values(**values))


def free(*, source: UseSource, source_id: int) -> None:
    """Give the room back."""
    db.session.execute(
        delete(RoomUse).where(RoomUse.source == source, RoomUse.source_id == source_id)
    )


def hand_over(*, source: UseSource, source_id: int, to_id: int, label: str) -> None:
    """Let another booking have what this one had, without a moment in between."""
    db.session.execute(
        update(RoomUse)
        .where(RoomUse.source == source, RoomUse.source_id == source_id)
        .values(source_id=to_id, label=label[:LONGEST_LABEL])
    )


def tell_people(*, source: UseSource, source_id: int, people: int) -> None:
    """Note how many people come."""
    db.session.execute(
        update(RoomUse)
        .where(RoomUse.source == source, RoomUse.source_id == source_id)
        .values(people=people)
    )


def _lock(room_ids: list[int]) -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    db.session.execute(
        select(Room.id)
        .where(Room.id.in_(room_ids))
        .order_by(Room.id)
        .with_for_update(key_share=True)
    ).all()


def _let_lapse(room_id: int, known: RoomUse | None) -> None:
    """Remove what was asked for and not answered in time."""
    lapsed = delete(RoomUse).where(RoomUse.room_id == room_id, RoomUse.held_until <= clock.now())
    if known is not None:
        lapsed = lapsed.where(RoomUse.id != known.id)
    db.session.execute(lapsed)


@contextmanager
def _refusing(wanted: Wanted, own: tuple[UseSource, int]) -> Iterator[None]:
    """Let the database decide; say what is there when it refuses."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        room = wanted.room
        if room is None or not _is_taken(error):
            raise
        uses = queries.in_the_way(room.id, wanted.starts_at, wanted.ends_at, but=own)
        raise RoomTakenError(room, uses) from error


def _is_taken(error: IntegrityError) -> bool:
    return getattr(error.orig, "sqlstate", None) == EXCLUSION_VIOLATION or TAKEN in str(error.orig)
