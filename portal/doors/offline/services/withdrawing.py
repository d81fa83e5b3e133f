"""Taking back what was ticked by mistake, after it was sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from portal import clock
from portal.attendance import policies
from portal.attendance import services as rolls
from portal.attendance.models import REFUSED, AttendanceScan, AttendanceStatus, Roll
from portal.database import db
from portal.doors.offline import queries
from portal.doors.offline.models import DoorWithdrawal, Taken
from portal.errors import ConflictError
from portal.events.models import Event
from portal.people.models import Person


class Withdrawal(NamedTuple):
    """A check-in, by its `client_id`, that was a mistake."""

    client_id: str
    at: datetime


class Withdrawn(NamedTuple):
    """What came of it, and how the person stands now."""

    client_id: str
    outcome: Taken
    status: AttendanceStatus | None
    has_come: bool
    left_at: datetime | None = None


def withdraw(
    *, event: Event, sent: Sequence[Withdrawal], actor: Person, device: str
) -> list[Withdrawn]:
    """Take check-ins back, so that they count as never made; return an answer to each.

    Whom another door has seen too, or somebody has marked since, stays as that says (`KEPT`):
    the result is the same whichever of the two comes first. The same again gets the same
    answer. Once the roll is confirmed nothing is taken back (`CLOSED`).
    """
    roll = rolls.open_roll(event=event, actor=actor) if policies.has_roll(event) else None
    ids = [one.client_id for one in sent]
    answered = queries.withdrawals(event.id, ids)
    scans = queries.scans(event.id, ids)
    for one in sent:
        if one.client_id in answered:
            continue
        scan = scans.get(one.client_id)
        outcome = _taken(event, roll, scan, actor)
        answered[one.client_id] = outcome
        if outcome in {Taken.WITHDRAWN, Taken.KEPT}:
            db.session.add(
                DoorWithdrawal(
                    event_id=event.id,
                    client_id=one.client_id,
                    outcome=outcome,
                    at=one.at,
                    received_at=clock.now(),
                    device=device,
                    received_by_id=actor.id,
                )
            )
            db.session.flush()
    return [_told(one.client_id, answered[one.client_id], scans.get(one.client_id)) for one in sent]


def _taken(event: Event, roll: Roll | None, scan: AttendanceScan | None, actor: Person) -> Taken:
    if scan is None:
        return Taken.UNKNOWN
    if scan.person_id is None or scan.outcome in REFUSED:
        return Taken.WITHDRAWN  # it has counted nobody
    if roll is None or roll.confirmed_at is not None:
        return Taken.CLOSED
    entry = queries.find_entry(event.id, scan.person_id)
    if entry is None or not entry.has_come:
        return Taken.WITHDRAWN
    mark = queries.find_mark_made_by(scan, entry)
    if mark is None:
        return Taken.KEPT
    # Who was seen leaving has been seen coming elsewhere.
    has_left = mark.from_has_come and mark.from_left_at != mark.to_left_at
    if not has_left and queries.was_seen_elsewhere(scan):
        return Taken.KEPT
    try:
        rolls.undo(event=event, mark_id=mark.id, actor=actor)
    except ConflictError:  # somebody has said something else since
        return Taken.KEPT
    return Taken.WITHDRAWN


def _told(client_id: str, outcome: Taken, scan: AttendanceScan | None) -> Withdrawn:
    person_id = scan.person_id if scan else None
    entry = queries.find_entry(scan.event_id, person_id) if scan and person_id else None
    if entry is None:
        return Withdrawn(client_id, outcome, None, has_come=False)
    return Withdrawn(client_id, outcome, entry.status, entry.has_come, entry.left_at)
