"""Asking for leave, oneself or by telephone; thinking better of it."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance import services as rolls
from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.attendance.rules import Timing
from portal.audit import services as audit
from portal.database import db
from portal.events.models import Event
from portal.leaves import policies, queries
from portal.leaves.errors import LeaveRefusedError
from portal.leaves.models import LeaveKind, LeaveRequest, LeaveState
from portal.leaves.services.deciding import clear, settle
from portal.people.models import Person

OVER = "这次活动现在不能请假：还没有发布、已经取消或延期，或者结束超过一周。"


def ask(*, event: Event, person: Person, kind: LeaveKind, reason: str) -> LeaveRequest:
    """Ask for leave from one event; somebody else decides (DOMAIN 2.5).

    At or after the start the request is marked so. Raises LeaveRefusedError for who is not
    expected, has come, need not come, or has asked already.
    """
    return _written(event=event, person=person, kind=kind, reason=reason, actor=person)


def enter(
    *,
    event: Event,
    person: Person,
    kind: LeaveKind,
    reason: str,
    proof_seen: bool,
    actor: Person,
    timing: Timing,
) -> LeaveRequest:
    """Write down a leave that was asked for by telephone, and grant it at once.

    A request of the person's own that still waits is the one that is granted. Raises
    LeaveRefusedError as `ask`, and for one's own leave.
    """
    if person.id == actor.id:
        raise LeaveRefusedError("自己的请假请在活动页提出，由别人审批。")
    request = queries.live_request(event, person)
    if request is None or request.state is not LeaveState.PENDING:
        request = _written(event=event, person=person, kind=kind, reason=reason, actor=actor)
    settle(request, event=event, actor=actor, proof_seen=proof_seen, timing=timing)
    return request


def withdraw(*, request: LeaveRequest, actor: Person, timing: Timing) -> None:
    """Take one's own request back: one is expected again.

    Raises LeaveRefusedError when it was decided on and the event has begun.
    """
    if not policies.may_withdraw(actor, request, request.event, clock.now()):
        raise LeaveRefusedError("这份请假不能再撤回；要改请联系审批人。")
    clear(request, actor=actor, note="本人撤回", timing=timing)


def _written(
    *, event: Event, person: Person, kind: LeaveKind, reason: str, actor: Person
) -> LeaveRequest:
    now = clock.now()
    if not policies.takes_requests(event, now):
        raise LeaveRefusedError(OVER)
    rolls.open_roll(event=event, actor=actor)
    name = person.name
    _check(attendance.find_entry(event.id, person.id), name, is_own=person.id == actor.id)
    request = LeaveRequest(
        event=event,
        person=person,
        kind=kind,
        reason=reason,
        state=LeaveState.PENDING,
        is_after_start=now >= event.starts_at,
        requested_at=now,
        entered_by_id=actor.id,
    )
    db.session.add(request)
    try:
        db.session.flush()
    except IntegrityError as error:
        # The index `uq_leave_request_live`: there is one that waits or was granted.
        raise LeaveRefusedError(f"{name}已经请过假了，不用再请。") from error
    audit.record(
        "leave.requested",
        request,
        actor=actor,
        event=event.id,
        person=person.id,
        kind=kind.value,
        after_start=request.is_after_start,
    )
    return request


def _check(entry: AttendanceEntry | None, name: str, *, is_own: bool) -> None:
    who = "您" if is_own else name
    if entry is None or not entry.is_listed:
        raise LeaveRefusedError(f"{who}不在这次活动的应到名单上，不用请假。")
    if entry.status is AttendanceStatus.EXEMPT:
        raise LeaveRefusedError(f"{who}免参加组织生活，不用请假。")
    if entry.has_come:
        raise LeaveRefusedError(f"名册上{who}已经到场，不能再请假；记错了请先更正名册。")
