"""What the host decides before confirming: who is right, who is whom, how many were there."""

import secrets
from datetime import UTC, datetime

from portal import clock
from portal.attendance import queries
from portal.attendance.models import (
    OWN_ACTS,
    AttendanceEntry,
    AttendanceMark,
    AttendanceStatus,
    HeadCount,
    Method,
    Roll,
)
from portal.attendance.rules import Timing
from portal.attendance.services.marking import RollConfirmedError
from portal.attendance.services.opening import open_roll
from portal.attendance.services.writing import Leaving, write_mark
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import services as signups

MOST_HEADS = 100_000
_NEVER = datetime.min.replace(tzinfo=UTC)


def decide(
    *, event: Event, person_id: int, is_here: bool, actor: Person, timing: Timing
) -> AttendanceEntry:
    """Say who is right where a door has seen somebody who was said not to be here.

    Both stay in the log. Raises ConflictError where there is nothing to decide any more.
    """
    roll = _open(event, actor)
    found = queries.to_reconcile(event, roll, closes_after=timing.closes_after)
    of_person = (one for one in found.contradictions if one.line.person_id == person_id)
    contradiction = next(of_person, None)
    if contradiction is None:
        raise ConflictError("这一条已经核对过，或者名册刚刚有变化，请再看一遍。")
    entry = queries.entry(event.id, person_id)
    first = contradiction.seen[0]
    status = contradiction.away_status
    if is_here:
        status = entry.status
        if entry.is_listed and not entry.has_come:
            status = _status_at(first.method, event, first.counted_at, timing)
    write_mark(
        roll,
        entry,
        status=status,
        has_come=is_here,
        method=Method.CHECKED,
        actor=actor,
        at=first.counted_at,
        reason="两处登记不一致，核对后认定到了" if is_here else "两处登记不一致，核对后认定没有到",
    )
    audit.record("attendance.checked", entry, actor=actor, event=event.id, to=status, come=is_here)
    return entry


def merge_walk_in(
    *, event: Event, walk_in_id: int, into_id: int, actor: Person, timing: Timing
) -> AttendanceMark:
    """Let a walk-in be somebody of the roster who was not recognised at the door.

    The presence goes over with its time, the registration at the door is taken back, and both
    rows keep their log. `undo` of the mark that is returned takes it back.
    """
    roll = _open(event, actor)
    walk_in, entry = queries.entry(event.id, walk_in_id), queries.entry(event.id, into_id)
    if not walk_in.is_walk_in or not walk_in.has_come or entry.is_walk_in:
        raise ConflictError("只能把现场登记的人并入原来就在名册上的人，请再看一遍名册。")
    batch = secrets.token_hex(16)
    arrived_at, method = walk_in.arrived_at, walk_in.method
    last_gone = max(Leaving.of(walk_in), Leaving.of(entry), key=lambda one: one.left_at or _NEVER)
    write_mark(
        roll,
        walk_in,
        status=walk_in.status,
        has_come=False,
        method=Method.MERGED,
        actor=actor,
        reason=f"就是名册上的{entry.name}，并入",
        batch=batch,
    )
    status = entry.status
    if entry.is_listed and not entry.has_come:
        status = _status_at(method, event, arrived_at, timing)
    earliest = min(filter(None, (entry.arrived_at, arrived_at)), default=None)
    made = write_mark(
        roll,
        entry,
        status=status,
        has_come=True,
        method=Method.MERGED,
        actor=actor,
        at=arrived_at,
        reason=f"现场登记的{walk_in.name}就是本人，并入",
        batch=batch,
        leaving=last_gone,
    )
    entry.arrived_at = earliest
    signups.take_back_walk_in(event=event, person_id=walk_in_id, into=entry.name, actor=actor)
    audit.record(
        "attendance.merged", entry, actor=actor, event=event.id, walk_in=walk_in_id, into=into_id
    )
    return made


def count_heads(*, event: Event, people: int, actor: Person) -> HeadCount:
    """Keep how many people the host counted in the room, beside those on the roll."""
    if not 0 <= people <= MOST_HEADS:
        raise InvalidInputError("请填写现场清点的人数，是零或者正整数。", field="people")
    _open(event, actor)
    numbers = queries.numbers(event.id)
    count = HeadCount(
        event_id=event.id,
        people=people,
        on_roll=numbers.present + numbers.others_come,
        counted_by_id=actor.id,
        counted_at=clock.now(),
    )
    db.session.add(count)
    db.session.flush()
    audit.record(
        "attendance.heads_counted",
        count,
        actor=actor,
        event=event.id,
        people=people,
        on_roll=count.on_roll,
    )
    return count


def _open(event: Event, actor: Person) -> Roll:
    roll = open_roll(event=event, actor=actor)
    if roll.confirmed_at is not None:
        raise RollConfirmedError("名册已经确认，只能逐人更正并写明理由。")
    return roll


def _status_at(
    method: Method | None, event: Event, moment: datetime | None, timing: Timing
) -> AttendanceStatus:
    """Return present, or late where the person's own act came too late."""
    if method in OWN_ACTS and moment is not None:
        return timing.by_own_act(event.starts_at, moment)
    return AttendanceStatus.PRESENT
