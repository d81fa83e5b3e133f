"""Marks on a roll by its hosts, and taking them back."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from portal import clock
from portal.attendance import hooks, queries
from portal.attendance.models import (
    AttendanceEntry,
    AttendanceMark,
    AttendanceStatus,
    Method,
    Roll,
)
from portal.attendance.rules import Timing, standing
from portal.attendance.services.opening import open_roll
from portal.attendance.services.sealing import seal_correction
from portal.attendance.services.writing import Leaving, write_mark, write_marks
from portal.audit import services as audit
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import services as signups


class RollConfirmedError(ConflictError):
    """The roll is confirmed: only corrections with a reason are made."""


@dataclass(frozen=True)
class Marked:
    """What a request to mark came to; `mark` None: it said what was already so."""

    roll: Roll
    entry: AttendanceEntry
    mark: AttendanceMark | None


def mark(
    *,
    event: Event,
    person_id: int,
    status: AttendanceStatus,
    actor: Person,
    timing: Timing,
    reason: str = "",
    client_id: str | None = None,
) -> Marked:
    """Mark one person on the roll.

    The same `client_id` again is the same mark. What was already so stays so. Before the
    opening time nobody has come yet, and before the start nobody is absent. Once the roll is
    confirmed a mark is a correction and needs a reason (InvalidInputError on `reason`).
    """
    roll = open_roll(event=event, actor=actor)
    entry = queries.entry(event.id, person_id)
    if client_id and (done := queries.find_mark(event.id, client_id)) is not None:
        if done.entry_id != entry.id:
            raise ConflictError("这次操作的编号已经用过，请刷新名册再试。")
        return Marked(roll, entry, done)
    is_open = timing.is_open(event.starts_at, clock.now())
    reached = standing(status, now=entry.status, is_listed=entry.is_listed, is_open=is_open)
    if reached is None:
        raise ConflictError(f"{entry.name}不在应到名单上，只能登记为列席或来宾，到场与否。")
    wanted, has_come = reached
    if roll.confirmed_at is None:
        _check_time(event, wanted, has_come=has_come, timing=timing)
    if (wanted, has_come) == (entry.status, entry.has_come):
        return Marked(roll, entry, None)
    if roll.confirmed_at is not None:
        if wanted is AttendanceStatus.EXPECTED:
            raise ConflictError("名册已经确认，不能再改回未到；没有来的请更正为缺席或请假。")
        if not reason:
            raise InvalidInputError("名册已经确认，更正要写明理由。", field="reason")
    made = write_mark(
        roll,
        entry,
        status=wanted,
        has_come=has_come,
        method=_method(roll, event),
        actor=actor,
        reason=reason,
        client_id=client_id,
    )
    if made.is_correction:
        seal_correction(roll, entry)
    audit.record(
        "attendance.corrected" if made.is_correction else "attendance.marked",
        entry,
        actor=actor,
        event=event.id,
        **{"from": made.from_status, "to": wanted, "come": has_come, "reason": reason},
    )
    if made.is_correction:
        for told in hooks.settled:
            told(event, roll.revision, actor, is_correction=True)
    return Marked(roll, entry, made)


def _check_time(event: Event, wanted: AttendanceStatus, *, has_come: bool, timing: Timing) -> None:
    now = clock.now()
    if has_come and not timing.is_open(event.starts_at, now):
        minutes = int(timing.opens_before.total_seconds() // 60)
        raise ConflictError(
            f"活动开始前 {minutes} 分钟起才能登记到场；请假、免参加现在就可以登记。"
        )
    if wanted is AttendanceStatus.ABSENT and now < event.starts_at:
        raise ConflictError("活动还没有开始，不能登记为缺席。")


def _method(roll: Roll, event: Event) -> Method:
    if roll.confirmed_at is not None:
        return Method.CORRECTION
    return Method.LATER if clock.now() > event.ends_at else Method.TICK


def mark_rest_present(
    *, event: Event, exceptions: Collection[int], up_to: int, actor: Person, timing: Timing
) -> int:
    """Mark everybody present of whom nothing was said yet, except these persons.

    Only entries up to number `up_to`, the last one the host has seen: nobody is counted as
    present whose name was not on that page. Returns how many were marked.
    """
    roll = open_roll(event=event, actor=actor)
    _check_unconfirmed(roll)
    _check_time(event, AttendanceStatus.PRESENT, has_come=True, timing=timing)
    rest = [
        entry
        for entry in queries.open_entries(event.id)
        if entry.id <= up_to and entry.person_id not in exceptions
    ]
    if not rest:
        return 0
    write_marks(
        roll,
        rest,
        status=AttendanceStatus.PRESENT,
        has_come=True,
        method=Method.LATER if clock.now() > event.ends_at else Method.ALL_PRESENT,
        actor=actor,
        batch=secrets.token_hex(16),
    )
    audit.record(
        "attendance.rest_present",
        roll,
        actor=actor,
        event=event.id,
        people=len(rest),
        except_people=sorted(exceptions),
    )
    return len(rest)


def undo(*, event: Event, mark_id: int, actor: Person) -> int:
    """Take back a mark, or all marks of one act, that are still the last word on somebody.

    Returns how many people are as they were before. Raises ConflictError when the roll is
    confirmed, or when somebody has marked the person again since.
    """
    roll = open_roll(event=event, actor=actor)
    _check_unconfirmed(roll)
    first = queries.mark(event.id, mark_id)
    marks = [] if first.method is Method.UNDO else queries.marks_together(first)
    if not marks:
        raise ConflictError("这一步已经撤销过，或者之后又有人改动，请直接在名册上改。")
    batch = secrets.token_hex(16) if len(marks) > 1 else None
    for made in marks:
        entry = made.entry
        arrived_at = made.from_arrived_at
        # What a mark has not touched stays as it is.
        was_touched = made.from_left_at != made.to_left_at
        write_mark(
            roll,
            entry,
            status=made.from_status or entry.status,
            has_come=made.from_has_come,
            method=Method.UNDO,
            actor=actor,
            batch=batch,
            leaving=Leaving.as_before(made.from_left_at) if was_touched else None,
        )
        entry.arrived_at = arrived_at
        if made.method is Method.MERGED and made.from_has_come and not made.to_has_come:
            signups.restore_walk_in(event=event, person_id=entry.person_id, actor=actor)
    audit.record(
        "attendance.undone", roll, actor=actor, event=event.id, mark=mark_id, people=len(marks)
    )
    return len(marks)


def _check_unconfirmed(roll: Roll) -> None:
    if roll.confirmed_at is not None:
        raise RollConfirmedError("名册已经确认，只能逐人更正并写明理由。")
