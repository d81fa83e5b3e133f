"""What the wall shows besides the projected code: whole names or masked ones, a code to type."""

import secrets

from sqlalchemy import select, update

from portal import clock
from portal.attendance import codes, queries
from portal.attendance.models import Roll
from portal.attendance.rules import Timing
from portal.attendance.services.opening import open_roll
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError
from portal.events.models import Event
from portal.people.models import Person

# So many wrong short codes of those who are expected at an event, and its code is no more.
WRONG_SHORT_CODES = 100
_TRIES = 50


def set_up_wall(
    *, event: Event, masks_names: bool, has_short_code: bool, actor: Person, timing: Timing
) -> Roll:
    """Say how the wall shows names, and whether it shows a short code; a new one each time.

    Raises ConflictError where every code that was tried stands on another wall now.
    """
    roll = open_roll(event=event, actor=actor)
    roll.masks_names = masks_names
    if not has_short_code:
        roll.short_code = None
    elif roll.short_code is None:
        roll.short_code, roll.short_code_failures = _free_code(timing), 0
    roll.revision += 1
    db.session.flush()
    audit.record(
        "attendance.wall_set_up",
        roll,
        actor=actor,
        event=event.id,
        masks_names=masks_names,
        short_code=has_short_code,
    )
    return roll


def count_wrong_short_code(*, person: Person) -> None:
    """Hold a wrong short code against every wall it may have been meant for.

    Where a hundred have come together the code is taken off: whoever guesses gets nowhere,
    and the projected code, the kiosk and the host are still there.
    """
    rolls = queries.rolls_with_short_code(person.id)
    if not rolls:
        return
    db.session.execute(
        update(Roll)
        .where(Roll.id.in_(rolls))
        .values(short_code_failures=Roll.short_code_failures + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Roll)
        .where(Roll.id.in_(rolls), Roll.short_code_failures >= WRONG_SHORT_CODES)
        .values(short_code=None, revision=Roll.revision + 1)
        .execution_options(synchronize_session=False)
    )


def _free_code(timing: Timing) -> str:
    """Return a code that stands on no wall; one of an event that is over is taken from it."""
    for _ in range(_TRIES):
        code = f"{secrets.randbelow(10**codes.SHORT_LENGTH):0{codes.SHORT_LENGTH}d}"
        held = db.session.execute(
            select(Roll, Event.ends_at)
            .join(Event, Event.id == Roll.event_id)
            .where(Roll.short_code == code)
        ).one_or_none()
        if held is None:
            return code
        roll, ends_at = held
        if clock.now() > ends_at + timing.closes_after:
            roll.short_code = None
            db.session.flush()
            return code
    raise ConflictError("现在没有空闲的数字码，请稍后再试，或者用屏幕上的签到码。")
