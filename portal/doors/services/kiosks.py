"""Kiosks: left at the door by a host, judged at every touch, left again with a PIN alone."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

from portal import clock
from portal.attendance import services as attendance
from portal.attendance.models import Method
from portal.attendance.rules import Timing
from portal.attendance.services import CheckIn, Result
from portal.audit import services as audit
from portal.database import db
from portal.doors import policies, queries
from portal.doors.models import Kiosk
from portal.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from portal.events.models import Event
from portal.people.models import AccountState, Person
from portal.people.queries import token_hash
from portal.people.services import passwords

PIN_LENGTHS = range(4, 9)
# Five wrong PINs, and the kiosk takes none for ten minutes; a host ends it from elsewhere.
WRONG_PINS = 5
WRONG_PINS_WAIT = timedelta(minutes=10)
# A kiosk that was forgotten ends so long after the event.
ENDS_AFTER = timedelta(hours=2)


def hash_of_pin(pin: str) -> str:
    """Return what is kept of a PIN; raise InvalidInputError for one that everybody guesses.

    Takes its time: call it before the transaction that writes.
    """
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
        raise InvalidInputError("PIN 要 4 到 8 位数字。", field="pin")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, -1}:
        raise InvalidInputError("这样的 PIN 一猜就中，请换一个，例如不相连的数字。", field="pin")
    return passwords.hash_password(pin)


def start_kiosk(
    *,
    event: Event,
    name: str,
    pin_hash: str,
    masks_names: bool,
    takes_tails: bool,
    actor: Person,
) -> tuple[Kiosk, str]:
    """Start a kiosk for an event; return it and the token that its browser will show.

    Raises ConflictError once the roll is confirmed.
    """
    roll = attendance.open_roll(event=event, actor=actor)
    if roll.confirmed_at is not None:
        raise ConflictError("名册已经确认，不能再开自助签到。")
    now = clock.now()
    token = secrets.token_urlsafe(32)
    made = Kiosk(
        event_id=event.id,
        name=name,
        token_hash=token_hash(token),
        pin_hash=pin_hash,
        masks_names=masks_names,
        takes_tails=takes_tails,
        started_at=now,
        started_by_id=actor.id,
        expires_at=max(now, event.ends_at) + ENDS_AFTER,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("kiosk.started", made, actor=actor, event=event.id, name=name)
    return made, token


def live_kiosk(token: str, *, event_id: int) -> Kiosk | None:
    """Return the kiosk that this browser is for this event; None if it is none any more."""
    if not token:
        return None
    found = queries.find_kiosk(token_hash(token))
    now = clock.now()
    if found is None or found[0].event_id != event_id or not found[0].is_live_at(now):
        return None
    kiosk, account = found
    has_account = account.state_at(now, clock.today()) in {AccountState.OPEN, AccountState.LOCKED}
    if not has_account or not policies.may_keep_doors(kiosk.started_by, kiosk.event):
        return None
    return kiosk


def sign_in_at(*, kiosk: Kiosk, person_id: int, timing: Timing) -> Result:
    """Sign somebody in who stands on the roll; raise NotFoundError for anybody else.

    Who is not on it goes to the staff: a kiosk lets nobody in.
    """
    if queries.find_named(kiosk.event_id, person_id) is None:
        raise NotFoundError("名册上没有这个人，请找旁边的工作人员登记。")
    item = CheckIn(str(uuid4()), person_id, clock.now(), Method.KIOSK)
    (result,) = attendance.record(
        event=kiosk.event,
        items=[item],
        actor=kiosk.started_by,
        timing=timing,
        device=kiosk.name,
    )
    return result


def check_pin_patience(kiosk: Kiosk) -> None:
    """Raise ForbiddenError while the kiosk takes no PIN because of wrong ones."""
    if kiosk.pin_failures < WRONG_PINS or kiosk.pin_failed_at is None:
        return
    if clock.now() < kiosk.pin_failed_at + WRONG_PINS_WAIT:
        raise ForbiddenError(
            "PIN 输错的次数太多，十分钟内不能再试。主办方可以在“门口”页面上结束这台自助签到机。"
        )


def note_wrong_pin(*, kiosk: Kiosk) -> int:
    """Count a wrong PIN; return how many may still be tried before the wait."""
    now = clock.now()
    is_over = kiosk.pin_failed_at is not None and now >= kiosk.pin_failed_at + WRONG_PINS_WAIT
    kiosk.pin_failures = 1 if is_over else kiosk.pin_failures + 1
    kiosk.pin_failed_at = now
    db.session.flush()
    audit.record(
        "kiosk.wrong_pin", kiosk, actor=kiosk.started_by, event=kiosk.event_id, name=kiosk.name
    )
    return max(0, WRONG_PINS - kiosk.pin_failures)


def end_kiosk(*, kiosk: Kiosk, actor: Person) -> None:
    """End a kiosk: its browser shows no name any more; one that is over stays so."""
    if kiosk.ended_at is not None:
        return
    kiosk.ended_at = clock.now()
    db.session.flush()
    audit.record("kiosk.ended", kiosk, actor=actor, event=kiosk.event_id, name=kiosk.name)


def shown_to_tell_apart(people: Sequence[queries.Named], *, masks_names: bool) -> set[int]:
    """Return whose phone tail has to be shown, so that everybody knows which row is theirs."""
    return {
        one.person_id for one in people if one.phone_tail and (masks_names or one.namesakes > 1)
    }
