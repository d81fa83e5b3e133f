"""Moving a visit to another time or room, or changing how many come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal import clock
from portal.audit import services as audit
from portal.bookings import policies, queries
from portal.bookings.board import Board
from portal.bookings.models import Booking, BookingState
from portal.bookings.services import taking
from portal.bookings.services.asking import check_size
from portal.bookings.services.deciding import check_reason
from portal.bookings.services.telling import tell_keepers, tell_owner
from portal.bookings.states import Move, after
from portal.database import db
from portal.errors import ConflictError
from portal.people.models import Person
from portal.sites.models import Room


def move(
    *,
    booking: Booking,
    board: Board,
    starts_at: datetime,
    rooms: Sequence[Room],
    party_size: int,
    reason: str,
    actor: Person,
    slots: int | None = None,
) -> None:
    """Move a visit: the keeper decides it at once and says why, others ask anew.

    It keeps its slots in a row, unless another number of them is asked for. Those who joined
    move along, so only the keeper moves a visit that others have joined; one that joined
    another's does not move by itself. Raise InvalidInputError, RoomTakenError.
    """
    after(booking.phase(clock.now()), Move.MOVE)
    if booking.joins_id is not None:
        raise ConflictError("这是并入别人的参观，不能单独改期；请取消后另约时段。")
    is_keeper = policies.may_decide(actor, booking.site)
    joined = queries.live_joined(booking.id)
    if joined and not is_keeper:
        raise ConflictError("别的单位已并入这场参观，改期请联系示范点。")
    if is_keeper:
        check_reason(reason)
    check_size(party_size)
    people = party_size + sum(one.party_size for one in joined)
    slots = slots or booking.slots
    candidates = taking.candidates(board, people, starts_at, slots, rooms)
    was, was_room = booking.starts_at, booking.room
    now = clock.now()
    booking.starts_at, booking.ends_at = starts_at, starts_at + board.rules.length_of(slots)
    booking.slots = slots
    booking.party_size = party_size
    booking.state = BookingState.APPROVED if is_keeper else BookingState.ASKED
    booking.answer_by = min(now + timedelta(days=board.rules.answer_days), starts_at)
    booking.reason, booking.updated_at = reason, now
    if starts_at != was:
        booking.moved_from_at = was
    if is_keeper:
        booking.decided_by, booking.decided_at = actor, now
    if was_room in candidates:
        candidates.sort(key=lambda room: room is not was_room)
    taking.take_first(booking, candidates, people=people)
    for one in joined:
        one.starts_at, one.ends_at, one.room = booking.starts_at, booking.ends_at, booking.room
        one.slots, one.moved_from_at, one.updated_at = slots, was, now
    db.session.flush()
    audit.record(
        "booking.move",
        booking,
        actor=actor,
        version=booking.version,
        was=was,
        now=starts_at,
        slots=slots,
        room=booking.room.name,
        people=party_size,
        reason=reason,
    )
    _tell(booking, joined, actor, is_keeper=is_keeper)


def _tell(booking: Booking, joined: Sequence[Booking], actor: Person, *, is_keeper: bool) -> None:
    what = f"moved-{booking.version}"
    if not is_keeper:
        tell_keepers(booking, what, f"{booking.unit}想改参观时间，请答复", actor=actor)
        return
    for one in (booking, *joined):
        tell_owner(one, what, f"{booking.site.name}把参观改了时间", actor=actor)
