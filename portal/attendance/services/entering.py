"""What paper says, entered after the fact (补录)."""

import secrets
from collections.abc import Collection

from portal import clock
from portal.attendance import queries
from portal.attendance.models import AttendanceStatus, Method
from portal.attendance.rules import Timing, standing
from portal.attendance.services.marking import mark
from portal.attendance.services.opening import open_roll
from portal.attendance.services.writing import write_mark
from portal.audit import services as audit
from portal.errors import ConflictError
from portal.events.models import Event
from portal.people.models import Person


def enter_later(
    *, event: Event, people: Collection[int], reason: str, actor: Person, timing: Timing
) -> int:
    """Mark these people present because paper says so; return how many that changed.

    Who has come already stays as they are. The marks say 补录, with the reason and the
    server's time; nothing is said of when somebody arrived. Once the roll is confirmed each
    is a correction. Raises ConflictError before the roll opens.
    """
    roll = open_roll(event=event, actor=actor)
    if not timing.is_open(event.starts_at, clock.now()):
        raise ConflictError("签到还没有开始，不能补录。")
    batch, count = secrets.token_hex(16), 0
    for person_id in people:
        entry = queries.find_entry(event.id, person_id)
        if entry is None or entry.has_come:
            continue
        if roll.confirmed_at is not None:
            corrected = mark(
                event=event,
                person_id=person_id,
                status=AttendanceStatus.PRESENT,
                actor=actor,
                timing=timing,
                reason=reason,
            )
            count += corrected.mark is not None
            continue
        reached = standing(
            AttendanceStatus.PRESENT, now=entry.status, is_listed=entry.is_listed, is_open=True
        )
        status = reached[0] if reached else entry.status
        write_mark(
            roll,
            entry,
            status=status,
            has_come=True,
            method=Method.LATER,
            actor=actor,
            reason=reason,
            batch=batch,
        )
        count += 1
    if count:
        audit.record(
            "attendance.entered_later",
            roll,
            actor=actor,
            event=event.id,
            people=count,
            reason=reason,
        )
    return count
