"""The host's word that the roll is right: it stands from then on."""

import secrets

from portal import clock
from portal.attendance import hooks, queries
from portal.attendance.models import AttendanceStatus, Method, Roll
from portal.attendance.services.marking import RollConfirmedError
from portal.attendance.services.opening import open_roll
from portal.attendance.services.sealing import seal
from portal.attendance.services.writing import write_marks
from portal.audit import services as audit
from portal.errors import ConflictError
from portal.events import moves
from portal.events.models import Event
from portal.people.models import Person


def confirm(*, event: Event, actor: Person, seen_expected: int | None = None) -> Roll:
    """Confirm the roll: who is still expected was absent, and the event is recorded.

    Only after the start. `seen_expected` is how many the host was told would become absent:
    another number means that the roll has changed meanwhile (ConflictError).
    """
    roll = open_roll(event=event, actor=actor)
    if roll.confirmed_at is not None:
        raise RollConfirmedError("名册已经确认过了，没有再次确认。")
    if clock.now() < event.starts_at:
        raise ConflictError("活动还没有开始，开始以后才能确认名册。")
    missing = queries.open_entries(event.id)
    if seen_expected is not None and seen_expected != len(missing):
        raise ConflictError(f"名册刚刚有变化：现在还有 {len(missing)} 人未到，请再看一遍后确认。")
    if missing:
        write_marks(
            roll,
            missing,
            status=AttendanceStatus.ABSENT,
            has_come=False,
            method=Method.CONFIRMATION,
            actor=actor,
            batch=secrets.token_hex(16),
        )
    roll.confirmed_at, roll.confirmed_by_id = clock.now(), actor.id
    roll.revision += 1
    seal(roll)
    moves.record(event=event, actor=actor)
    numbers = queries.numbers(event.id)
    audit.record(
        "attendance.confirmed",
        roll,
        actor=actor,
        event=event.id,
        due=numbers.due,
        present=numbers.present,
        leave=numbers.leave,
        absent=numbers.absent,
        seal=roll.seal,
    )
    for told in hooks.settled:
        told(event, roll.revision, actor, is_correction=False)
    return roll
