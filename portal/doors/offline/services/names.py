"""Names written down at a door without a network: kept, and later said who it was."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from portal import clock
from portal.attendance import services as rolls
from portal.attendance.models import REFUSED, Method
from portal.attendance.rules import Timing
from portal.attendance.services import CheckIn
from portal.audit import services as audit
from portal.database import db
from portal.doors.offline import queries
from portal.doors.offline.models import DoorName
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import services as signups


class Written(NamedTuple):
    """Somebody who came and was on no list."""

    client_id: str
    at: datetime
    name: str
    unit: str = ""


def write_down(*, event: Event, sent: Sequence[Written], actor: Person, device: str) -> None:
    """Keep the names; what came before under the same `client_id` is the same name."""
    known = queries.known_names(event.id, [one.client_id for one in sent])
    fresh = {one.client_id: one for one in sent if one.client_id not in known}
    now = clock.now()
    for one in fresh.values():
        db.session.add(
            DoorName(
                event_id=event.id,
                client_id=one.client_id,
                name=one.name,
                unit=one.unit,
                at=min(one.at, now),
                received_at=now,
                device=device,
                received_by_id=actor.id,
            )
        )
    db.session.flush()
    if fresh:
        audit.record(
            "door.names_written",
            event,
            actor=actor,
            event=event.id,
            names=len(fresh),
            device=device,
        )


def settle(
    *, event: Event, written: DoorName, person: Person, actor: Person, timing: Timing
) -> None:
    """Say who it was: the person came when the name was written down.

    Who is on the roll is counted there; everybody else is a walk-in. Raises ConflictError
    where nobody can be counted any more, SignupRefusedError as `signups.register_walk_in`.
    """
    _check_open(written)
    if queries.find_entry(event.id, person.id) is None:
        signups.register_walk_in(event=event, person=person, actor=actor)
    (result,) = rolls.record(
        event=event,
        items=[CheckIn(written.client_id, person.id, written.at, Method.TICK)],
        actor=actor,
        timing=timing,
    )
    if result.outcome in REFUSED:
        raise ConflictError(f"{person.name}没有计入：{result.outcome.label}。请在名册上更正。")
    _settle(written, actor, person=person)


def settle_guest(*, event: Event, written: DoorName, actor: Person, timing: Timing) -> Person:
    """Count somebody who is in no roster as a guest of that name; see `settle`."""
    _check_open(written)
    registered = signups.register_guest(
        event=event, name=written.name, unit=written.unit, phone="", actor=actor
    )
    person = db.session.get_one(Person, registered.signup.person_id)
    settle(event=event, written=written, person=person, actor=actor, timing=timing)
    return person


def dismiss(*, written: DoorName, reason: str, actor: Person) -> None:
    """Count nobody, and say why; raise InvalidInputError without a reason."""
    _check_open(written)
    if not reason:
        raise InvalidInputError("请写明为什么不计入，例如“重复登记”。", field="reason")
    written.reason = reason
    _settle(written, actor, person=None)


def _settle(written: DoorName, actor: Person, *, person: Person | None) -> None:
    written.person_id = person.id if person else None
    written.settled_at, written.settled_by_id = clock.now(), actor.id
    db.session.flush()
    audit.record(
        "door.name_settled",
        written,
        actor=actor,
        event=written.event_id,
        person=written.person_id,
        reason=written.reason,
    )


def _check_open(written: DoorName) -> None:
    if written.settled_at is not None:
        raise ConflictError(f"“{written.name}”刚才已经有人处理过了，请刷新页面。")
