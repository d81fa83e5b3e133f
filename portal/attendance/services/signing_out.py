"""Signing out (签退): whether an event asks for it, when somebody left, who left early."""

from collections import defaultdict
from datetime import datetime

from portal import clock
from portal.attendance import hooks, queries
from portal.attendance.merging import Seen, last_seen, leaving
from portal.attendance.models import (
    AttendanceEntry,
    AttendanceStatus,
    Direction,
    Method,
    Roll,
)
from portal.attendance.services.marking import Marked, RollConfirmedError
from portal.attendance.services.opening import open_roll
from portal.attendance.services.sealing import seal_correction
from portal.attendance.services.writing import Leaving, write_mark
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.people.models import Person

LONGEST_GRACE, LONGEST_STAY = 240, 480
NOT_ASKED = "这次活动没有开启签退。"


def ask_to_sign_out(
    *, event: Event, signs_out: bool, early_grace: int, minimum_stay: int, actor: Person
) -> Roll:
    """Say whether people sign out, from when who left is too early, and after what stay.

    What doors have seen until then is looked at again, so that it does not matter when the
    host thinks of it. Raises RollConfirmedError once the roll is confirmed.
    """
    if not 0 <= early_grace <= LONGEST_GRACE:
        raise InvalidInputError(f"宽限在 0 到 {LONGEST_GRACE} 分钟之间。", field="early_grace")
    if not 1 <= minimum_stay <= LONGEST_STAY:
        raise InvalidInputError(f"最短停留在 1 到 {LONGEST_STAY} 分钟之间。", field="minimum_stay")
    roll = _open(event, actor)
    roll.signs_out, roll.early_grace, roll.minimum_stay = signs_out, early_grace, minimum_stay
    roll.revision += 1
    if signs_out:
        _look_again(roll)
    db.session.flush()
    audit.record(
        "attendance.signing_out_set",
        roll,
        actor=actor,
        event=event.id,
        signs_out=signs_out,
        early_grace=early_grace,
        minimum_stay=minimum_stay,
    )
    return roll


def _look_again(roll: Roll) -> None:
    """Let every time of leaving follow from what doors have seen, except those given by hand."""
    assert roll.stay is not None  # noqa: S101  people sign out
    seen: dict[int, list[Seen]] = defaultdict(list)
    for person_id, at, method, direction in queries.sightings(roll.event_id):
        seen[person_id].append(Seen(at, method, None, direction=direction))
    for entry in queries.entries_who_came(roll.event_id):
        if entry.left_by_hand:
            continue
        latest = None
        if entry.last_seen_at is not None:
            latest = entry.last_seen_at, entry.last_seen_as
        for one in seen[entry.person_id]:
            if entry.away_at is None or one.at > entry.away_at:
                latest = last_seen(latest, one)
        at, way = latest or (None, None)
        entry.last_seen_at, entry.last_seen_as = at, way
        left_at = leaving(entry.arrived_at, at, way, roll.stay)
        if left_at != entry.left_at:
            entry.left_at, entry.revision = left_at, roll.revision


def sign_out(
    *,
    event: Event,
    person_id: int,
    left_at: datetime | None,
    actor: Person,
    reason: str = "",
    client_id: str | None = None,
) -> Marked:
    """Say when somebody left, or (None) that the person has not left after all.

    It stands, whatever doors see. The same `client_id` again is the same mark. Once the roll
    is confirmed it is a correction and needs a reason.
    """
    roll = open_roll(event=event, actor=actor)
    entry = queries.entry(event.id, person_id)
    if client_id and (done := queries.find_mark(event.id, client_id)) is not None:
        if done.entry_id != entry.id:
            raise ConflictError("这次操作的编号已经用过，请刷新名册再试。")
        return Marked(roll, entry, done)
    if not roll.signs_out:
        raise ConflictError(NOT_ASKED)
    if not entry.has_come:
        raise ConflictError(f"{entry.name}还没有登记到场，不能登记离开。")
    _check_time(entry, left_at)
    if left_at == entry.left_at and entry.left_by_hand:
        return Marked(roll, entry, None)
    if roll.confirmed_at is not None and not reason:
        raise InvalidInputError("名册已经确认，更正要写明理由。", field="reason")
    is_correction = roll.confirmed_at is not None
    made = write_mark(
        roll,
        entry,
        status=entry.status,
        has_come=True,
        method=Method.CORRECTION if is_correction else Method.LEAVING,
        actor=actor,
        reason=reason,
        client_id=client_id,
        leaving=Leaving.of(entry)._replace(left_at=left_at, by_hand=True),
    )
    if is_correction:
        seal_correction(roll, entry)
    audit.record(
        "attendance.corrected" if is_correction else "attendance.left",
        entry,
        actor=actor,
        event=event.id,
        left_at=left_at,
        reason=reason,
    )
    if is_correction:
        for told in hooks.settled:
            told(event, roll.revision, actor, is_correction=True)
    return Marked(roll, entry, made)


def _check_time(entry: AttendanceEntry, left_at: datetime | None) -> None:
    if left_at is None:
        return
    if left_at > clock.now():
        raise InvalidInputError("离开的时间不能在现在以后。", field="left_at")
    arrived_at = entry.arrived_at
    if arrived_at is not None and left_at < arrived_at.replace(second=0, microsecond=0):
        arrived = clock.local(arrived_at)
        raise InvalidInputError(
            f"离开的时间不能早于到场的时间（{arrived:%H:%M}）。", field="left_at"
        )


def judge_leaving(
    *, event: Event, person_id: int, is_early: bool, actor: Person
) -> AttendanceEntry:
    """Say of somebody who left before the end: left early, or simply present.

    It is asked again only if the time of leaving changes. Raises ConflictError where there is
    nothing to decide any more.
    """
    roll = _open(event, actor)
    found = queries.leavings_to_judge(event, roll)
    line = next((one for one in found if one.person_id == person_id), None)
    if line is None:
        raise ConflictError("这一条已经核对过，或者名册刚刚有变化，请再看一遍。")
    entry = queries.entry(event.id, person_id)
    status = AttendanceStatus.LEFT_EARLY if is_early else entry.status
    write_mark(
        roll,
        entry,
        status=status,
        has_come=True,
        method=Method.LEAVING,
        actor=actor,
        reason="提前离开，核对后记早退" if is_early else "提前离开，核对后仍按到场计",
    )
    audit.record("attendance.leaving_judged", entry, actor=actor, event=event.id, is_early=is_early)
    return entry


def sign_out_by_code(
    *, roll: Roll, entry: AttendanceEntry, person: Person, presented_at: datetime, browser: str
) -> Marked:
    """Let somebody leave who presents the code again after the minimum stay; else nothing."""
    if not may_leave_at(roll, entry, presented_at):
        return Marked(roll, entry, None)
    made = write_mark(
        roll,
        entry,
        status=entry.status,
        has_come=True,
        method=Method.CODE,
        actor=person,
        browser=browser,
        leaving=Leaving(presented_at, last_seen_at=presented_at, last_seen_as=Direction.OUT),
    )
    audit.record(
        "attendance.signed_out", entry, actor=person, event=roll.event_id, left_at=presented_at
    )
    return Marked(roll, entry, made)


def may_leave_at(roll: Roll, entry: AttendanceEntry, moment: datetime) -> bool:
    """Return whether seeing somebody at that moment who is here means that they leave."""
    if roll.stay is None or not entry.has_come or entry.left_by_hand:
        return False
    if entry.last_seen_at is not None and moment <= entry.last_seen_at:
        return False
    return entry.arrived_at is not None and moment - entry.arrived_at >= roll.stay


def _open(event: Event, actor: Person) -> Roll:
    roll = open_roll(event=event, actor=actor)
    if roll.confirmed_at is not None:
        raise RollConfirmedError("名册已经确认，只能逐人更正并写明理由。")
    return roll
