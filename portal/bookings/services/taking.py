"""Which room a visit takes: what the site offers decides before, the database in the end."""

from collections.abc import Sequence
from datetime import datetime

from portal import clock
from portal.bookings.board import Board
from portal.bookings.models import Booking, BookingState
from portal.errors import InvalidInputError
from portal.sites.models import Room
from portal.sites.uses import services as uses
from portal.sites.uses.errors import RoomTakenError
from portal.sites.uses.models import MOST_SLOTS, UseKind, UseSource
from portal.sites.uses.services import Wanted
from portal.sites.uses.slots import slots


def candidates(
    board: Board, people: int, starts_at: datetime, slots_wanted: int, rooms: Sequence[Room]
) -> list[Room]:
    """Return those of the rooms that may receive so many people then, whether taken or not.

    Raise InvalidInputError, naming the field, when the site does not offer it.
    """
    day = clock.local(starts_at).date()
    shut = board.why_shut(day)
    if shut:
        raise InvalidInputError(shut, field="date")
    if not 1 <= slots_wanted <= MOST_SLOTS:
        raise InvalidInputError(f"时长要在 1 到 {MOST_SLOTS} 个时段之间。", field="length")
    if starts_at <= clock.now():
        raise InvalidInputError("这个时段已经开始，请另选。", field="start")
    fitting = [room for room in rooms if room.capacity >= people]
    if not fitting:
        largest = max(rooms, key=lambda room: room.capacity)
        raise InvalidInputError(
            f"{largest.name}最多容纳 {largest.capacity} 人，您填了 {people} 人；请选更大的场地，"
            "或者分成几批预约。",
            field="party_size",
        )
    offered = slots(
        board.opening, day, fitting, [], people=people, after=clock.now(), count=slots_wanted
    )
    slot = next((one for one in offered if one.starts_at == starts_at), None)
    if slot is None and slots_wanted > 1:
        raise InvalidInputError(
            f"从这时起没有连着的 {slots_wanted} 个时段，请从列出的时段中选择，或者缩短时长。",
            field="start",
        )
    if slot is None:
        raise InvalidInputError("示范点没有开放这个时段，请从列出的时段中选择。", field="start")
    if not slot.rooms:
        raise InvalidInputError("这个场地这一天不开放，请换一个场地或日期。", field="room")
    return list(slot.rooms)


def take_first(booking: Booking, rooms: Sequence[Room], *, people: int) -> None:
    """Take the first of the rooms that nobody has; raise RoomTakenError when there is none."""
    refused: RoomTakenError | None = None
    for room in rooms:
        try:
            take(booking, room, people=people)
        except RoomTakenError as error:
            refused = refused or error
        else:
            booking.room = room
            return
    if refused is not None:
        raise refused


def take(booking: Booking, room: Room, *, people: int) -> None:
    """Let a booking have the room at its time: held while it is only asked for."""
    is_asked = booking.state is BookingState.ASKED
    wanted = Wanted(
        site_id=booking.site_id,
        room=room,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        kind=UseKind.VISIT,
        label=booking.unit,
        people=people,
        slots=booking.slots,
        held_until=booking.answer_by if is_asked else None,
    )
    uses.take(source=UseSource.BOOKING, source_id=booking.id, wanted=wanted)
