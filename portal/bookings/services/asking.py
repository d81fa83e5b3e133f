"""Asking for a visit, and asking to join another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.bookings import queries
from portal.bookings.board import Board
from portal.bookings.models import Booking, BookingPhase, BookingState
from portal.bookings.services import taking
from portal.bookings.services.telling import tell_keepers, tell_owner
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Organisation, Person
from portal.sites.models import Room
from portal.sites.uses import services as uses
from portal.sites.uses.models import UseSource

LONGEST_PURPOSE = 120
LONGEST_UNIT = 80
LONGEST_NOTE = 1_000
MOST_PEOPLE = 2_000
# Name -> label, how many characters at most, whether it is needed.
_TEXTS = {
    "purpose": ("参观目的", LONGEST_PURPOSE, True),
    "unit": ("单位", LONGEST_UNIT, True),
    "note": ("备注", LONGEST_NOTE, False),
}
PRESSED_TWICE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What somebody who asks for a visit says of it."""

    party_size: int
    purpose: str
    unit: str
    organisation: Organisation | None = None
    contact_name: str = ""
    contact_phone: str = ""
    note: str = ""


def ask(
    *,
    board: Board,
    visit: Visit,
    starts_at: datetime,
    rooms: Sequence[Room],
    actor: Person,
    slots: int = 1,
) -> Booking:
    """Ask for a visit in the first of the rooms that is free; it is held until it is answered.

    It takes so many slots in a row, as one use of the room.

    Raise InvalidInputError for what the site does not offer, RoomTakenError when somebody has
    been faster. The same asked twice within a minute is one question: a button was pressed twice.
    """
    check(visit)
    candidates = taking.candidates(board, visit.party_size, starts_at, slots, rooms)
    known = _just_asked(board, visit, starts_at, slots, actor)
    if known is not None:
        return known
    now = clock.now()
    booking = _written(board, visit, actor)
    booking.room, booking.starts_at = candidates[0], starts_at
    booking.ends_at, booking.slots = starts_at + board.rules.length_of(slots), slots
    booking.answer_by = min(now + timedelta(days=board.rules.answer_days), starts_at)
    db.session.add(booking)
    db.session.flush()
    taking.take_first(booking, candidates, people=visit.party_size)
    _note(booking, actor)
    tell_keepers(booking, "asked", f"{booking.unit}想来参观，请答复", actor=actor)
    return booking


def join(*, board: Board, visit: Visit, host: Booking, actor: Person) -> Booking:
    """Ask to come along with a visit that is agreed to, as far as its room has space.

    The row of that visit is locked, the people are counted anew. Whoever has the visit, or
    the keeper, says yes. Raise ConflictError, or InvalidInputError when it is too many.
    """
    check(visit)
    if host.joins_id is not None or host.phase(clock.now()) is not BookingPhase.APPROVED:
        raise ConflictError("这场参观现在不能并入，请另选时段。")
    known = _just_asked(board, visit, host.starts_at, host.slots, actor)
    if known is not None:
        return known
    check_space(host, visit.party_size)
    booking = _written(board, visit, actor)
    booking.room, booking.joins = host.room, host
    booking.starts_at, booking.ends_at = host.starts_at, host.ends_at
    booking.slots = host.slots
    answer_days = timedelta(days=board.rules.answer_days)
    booking.answer_by = min(clock.now() + answer_days, host.starts_at)
    db.session.add(booking)
    db.session.flush()
    _note(booking, actor)
    subject = f"{booking.unit}（{booking.party_size} 人）想并入您的参观，请答复"
    tell_owner(host, f"joined-{booking.id}", subject, actor=actor, about=booking)
    return booking


def check_space(host: Booking, people: int) -> None:
    """Raise InvalidInputError unless so many more find space in the room of a visit."""
    free = host.room.capacity - people_of(host)
    if people > free:
        left = f"还能容纳 {free} 人，您填了 {people} 人" if free > 0 else "已经满员"
        raise InvalidInputError(f"这场参观{left}，请另选时段。", field="party_size")


def people_of(host: Booking) -> int:
    """Return how many people a visit has, those who joined or asked to included."""
    return host.party_size + sum(one.party_size for one in queries.live_joined(host.id))


def check(visit: Visit) -> None:
    """Raise InvalidInputError, naming the field, for the first rule that is broken."""
    check_size(visit.party_size)
    check_text("purpose", visit.purpose)
    check_text("unit", visit.unit)
    check_text("note", visit.note)


def check_size(people: int) -> None:
    """Raise InvalidInputError unless so many may come at all."""
    if not 0 < people <= MOST_PEOPLE:
        raise InvalidInputError(f"人数要在 1 到 {MOST_PEOPLE} 之间。", field="party_size")


def check_text(name: str, text: str) -> None:
    """Raise InvalidInputError for a text that is missing or longer than its column."""
    label, longest, is_needed = _TEXTS[name]
    if is_needed and not text:
        raise InvalidInputError(f"请填写{label}。", field=name)
    if len(text) > longest:
        raise InvalidInputError(f"{label}最多 {longest} 个字。", field=name)


def _written(board: Board, visit: Visit, actor: Person) -> Booking:
    now = clock.now()
    return Booking(
        site=board.site,
        state=BookingState.ASKED,
        party_size=visit.party_size,
        purpose=visit.purpose,
        unit=visit.unit,
        organisation=visit.organisation,
        contact_name=visit.contact_name,
        contact_phone=visit.contact_phone,
        note=visit.note,
        asked_by=actor,
        asked_at=now,
        updated_at=now,
    )


def _note(booking: Booking, actor: Person) -> None:
    audit.record(
        "booking.ask",
        booking,
        actor=actor,
        site=booking.site.name,
        starts_at=booking.starts_at,
        slots=booking.slots,
        room=booking.room.name,
        people=booking.party_size,
    )


def _just_asked(
    board: Board, visit: Visit, starts_at: datetime, slots: int, actor: Person
) -> Booking | None:
    """Return what the actor asked within the last minute, if it is the same."""
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    found = db.session.scalar(
        select(Booking.id).where(
            Booking.asked_by_id == actor.id,
            Booking.site_id == board.site.id,
            Booking.starts_at == starts_at,
            Booking.slots == slots,
            Booking.unit == visit.unit,
            Booking.party_size == visit.party_size,
            Booking.state == BookingState.ASKED,
            Booking.asked_at > clock.now() - PRESSED_TWICE,
        )
    )
    return queries.booking(board.site.id, found) if found is not None else None


def free_of(booking: Booking) -> None:
    """Give back what a booking holds; a party that joined another holds nothing."""
    if booking.joins_id is None:
        uses.free(source=UseSource.BOOKING, source_id=booking.id)
