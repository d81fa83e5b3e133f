"""Putting right what was said of a visit: its purpose, whom to call, how many come."""

from dataclasses import asdict, dataclass

from portal import clock
from portal.audit import services as audit
from portal.bookings import queries
from portal.bookings.models import Booking, BookingPhase, BookingState
from portal.bookings.services.asking import check_size, check_text, people_of
from portal.bookings.services.deciding import tell_people
from portal.bookings.services.telling import tell_keepers, tell_owner
from portal.bookings.states import Move, after
from portal.database import db
from portal.errors import InvalidInputError
from portal.people.edit_history import check_version, differences
from portal.people.models import Person

LABELS = {
    "purpose": "参观目的",
    "party_size": "人数",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "note": "备注",
}
# What nobody else may read: the audit chain and the inbox are told only that it was changed.
_PRIVATE = frozenset({"contact_name", "contact_phone", "note"})
_STILL = frozenset({"contact_name", "contact_phone"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What may be changed of a visit without asking for another time."""

    purpose: str
    party_size: int
    contact_name: str
    contact_phone: str
    note: str


def facts_of(booking: Booking) -> Facts:
    """Return what is written."""
    return Facts(**{name: getattr(booking, name) for name in LABELS})


def edit(*, booking: Booking, facts: Facts, version: int | None, actor: Person) -> bool:
    """Change what is written of a visit; return whether anything did.

    A bigger party must fit into the room that the visit has. Once the visit has begun only the
    contact changes. What was agreed to changes nothing of the agreement, but the other side is
    told, once. Raise ChangedMeanwhileError for an older version, InvalidInputError.
    """
    phase = booking.phase(clock.now())
    after(phase, Move.EDIT)
    check_version(booking, version)
    before, typed = asdict(facts_of(booking)), asdict(facts)
    names = [name for name in LABELS if before[name] != typed[name]]
    if not names:
        return False
    if phase is BookingPhase.DUE:
        _refuse_all_but(names, _STILL)
    _check(booking, facts)
    for name in names:
        setattr(booking, name, typed[name])
    booking.updated_at = clock.now()
    db.session.flush()
    if "party_size" in names:
        tell_people(booking.joins or booking)
    changes = differences(_public(before), _public(typed), LABELS) | {
        LABELS[name]: ["", "已更改"] for name in names if name in _PRIVATE
    }
    audit.record("booking.edit", booking, actor=actor, version=booking.version, changes=changes)
    if booking.state is BookingState.APPROVED:
        _tell(booking, changes, actor)
    return True


def _public(values: dict[str, object]) -> dict[str, object]:
    return {name: "" if name in _PRIVATE else value for name, value in values.items()}


def _refuse_all_but(names: list[str], allowed: frozenset[str]) -> None:
    for name in names:
        if name not in allowed:
            raise InvalidInputError("参观已经开始，只能改联系人和电话。", field=name)


def _check(booking: Booking, facts: Facts) -> None:
    check_size(facts.party_size)
    check_text("purpose", facts.purpose)
    check_text("note", facts.note)
    if facts.party_size <= booking.party_size:
        return
    host = booking.joins or booking
    free = host.room.capacity - people_of(host) + booking.party_size
    if facts.party_size > free:
        instead = "" if booking.joins else "；请改期到更大的场地，或者分成几批预约"
        space = f"{host.room.name}还能容纳你们 {max(free, 0)} 人"
        raise InvalidInputError(
            f"{space}，您填了 {facts.party_size} 人{instead}。", field="party_size"
        )


def _tell(booking: Booking, changes: dict[str, list[str]], actor: Person) -> None:
    """Tell the keepers; and whoever has the visit that this party joins."""
    what, more = f"changed-{booking.version}", f"改动：{'、'.join(changes)}"
    tell_keepers(booking, what, f"{booking.unit}改了参观的内容", actor=actor, more=more)
    if booking.joins_id is not None:
        host = queries.booking(booking.site_id, booking.joins_id)
        subject = f"{booking.unit}（{booking.party_size} 人）改了并入的参观"
        tell_owner(host, f"{what}-{host.id}", subject, actor=actor, about=booking)
