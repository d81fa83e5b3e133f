"""Granting leave, refusing it, taking it back: the roll follows."""

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance import services as rolls
from portal.attendance.models import LEAVE, AttendanceStatus
from portal.attendance.rules import Timing
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.leaves.errors import LeaveRefusedError
from portal.leaves.models import LeaveRequest, LeaveState
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.people.models import Person
from portal.signups import policies as signup_policies
from portal.signups import queries as signup_queries
from portal.signups import services as signups
from portal.signups.models import SignupStatus

_ACTS = {
    LeaveState.GRANTED: "leave.granted",
    LeaveState.REFUSED: "leave.refused",
    LeaveState.WITHDRAWN: "leave.withdrawn",
}
DECIDED = "这份请假已经处理过了。"


def grant(*, request: LeaveRequest, proof_seen: bool, actor: Person, timing: Timing) -> None:
    """Grant a request that waits; the roll says so at once, a place becomes free.

    Raises LeaveRefusedError when it waits no more or the person has come meanwhile.
    """
    settle(request, event=request.event, actor=actor, proof_seen=proof_seen, timing=timing)


def settle(
    request: LeaveRequest, *, event: Event, actor: Person, proof_seen: bool, timing: Timing
) -> None:
    """Grant the request and put it on the roll."""
    _hold(request, LeaveState.PENDING)
    request.proof_seen = proof_seen
    _decide(request, LeaveState.GRANTED, actor=actor, note="")
    rolls.open_roll(event=event, actor=actor)
    entry = attendance.find_entry(event.id, request.person_id)
    if entry is None or not entry.is_listed:
        raise LeaveRefusedError(f"{request.person.name}已经不在应到名单上，不用请假。")
    if entry.has_come:
        raise LeaveRefusedError(f"名册上{entry.name}已经到场，不能准假；记错了请先更正名册。")
    if entry.status is not request.kind.status:
        rolls.mark(
            event=event,
            person_id=request.person_id,
            status=request.kind.status,
            actor=actor,
            timing=timing,
            reason=f"{request.kind.label}获准",
        )
    _give_place_back(request, event, actor)
    when = "事后请假" if request.is_after_start else "请假"
    _tell(request, f"{when}已批准：{event.title}", f"{actor.name}已批准您的{request.kind.label}。")


def refuse(*, request: LeaveRequest, note: str, actor: Person) -> None:
    """Refuse a request that waits; the person is told why (InvalidInputError without a word)."""
    if not note:
        raise InvalidInputError("请写明不批准的理由，本人会看到。", field="note")
    _hold(request, LeaveState.PENDING)
    _decide(request, LeaveState.REFUSED, actor=actor, note=note)
    _tell(request, f"请假没有批准：{request.event.title}", f"{actor.name}：{note}")


def take_back(*, request: LeaveRequest, note: str, actor: Person, timing: Timing) -> None:
    """Take a granted leave back, with a reason that the person is told."""
    if not note:
        raise InvalidInputError("请写明撤销的理由，本人会看到。", field="note")
    clear(request, actor=actor, note=note, timing=timing)
    _tell(request, f"准假已撤销：{request.event.title}", f"{actor.name}：{note}")


def clear(request: LeaveRequest, *, actor: Person, note: str, timing: Timing) -> None:
    """Let the request hold no longer; on the roll the person is expected, or absent, again."""
    was = request.state
    if was not in {LeaveState.PENDING, LeaveState.GRANTED}:
        raise LeaveRefusedError(DECIDED)
    _hold(request, was)
    _decide(request, LeaveState.WITHDRAWN, actor=actor, note=note)
    if was is LeaveState.PENDING:
        return
    event = request.event
    roll = rolls.open_roll(event=event, actor=actor)
    entry = attendance.find_entry(event.id, request.person_id)
    if entry is None or entry.status not in LEAVE:
        return
    confirmed = roll.confirmed_at is not None
    rolls.mark(
        event=event,
        person_id=request.person_id,
        status=AttendanceStatus.ABSENT if confirmed else AttendanceStatus.EXPECTED,
        actor=actor,
        timing=timing,
        reason=f"准假撤销：{note}"[:120],
    )


def _hold(request: LeaveRequest, state: LeaveState) -> None:
    """Hold the row: of two who decide at once the second learns that it is done."""
    db.session.refresh(request, ["state"], with_for_update=True)
    if request.state is not state:
        raise LeaveRefusedError(DECIDED)


def _decide(request: LeaveRequest, state: LeaveState, *, actor: Person, note: str) -> None:
    before, request.state = request.state, state
    request.decided_by_id, request.decided_at = actor.id, clock.now()
    request.decision_note = note
    db.session.flush()
    audit.record(
        _ACTS[state],
        request,
        actor=actor,
        event=request.event_id,
        person=request.person_id,
        note=note,
        **{"from": before.value},
    )


def _give_place_back(request: LeaveRequest, event: Event, actor: Person) -> None:
    """Whoever will not come needs no seat: it goes to the head of the waiting list."""
    if event.capacity is None:
        return
    signup = signup_queries.signup_of(event, request.person)
    if signup is None or signup.status is not SignupStatus.CONFIRMED:
        return
    if signup_policies.can_be_cancelled(signup, event, clock.now()):
        signups.cancel(event=event, signup=signup, actor=actor, reason="请假获准")


def _tell(request: LeaveRequest, subject: str, body: str) -> None:
    messages.tell(
        people=[request.person_id],
        kind=MessageKind.REVIEW,
        subject=subject,
        body=body,
        link=f"/events/{request.event_id}",
        key=f"leave:{request.id}:{request.state.value}",
    )
