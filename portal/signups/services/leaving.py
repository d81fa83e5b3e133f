"""Giving a place back, oneself or by those who run the event."""

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event, EventState
from portal.people.models import Person
from portal.signups import policies, seats
from portal.signups.errors import SignupRefusedError
from portal.signups.models import LIVE, Signup, SignupStatus
from portal.signups.services.queue import log_move, promote

LONGEST_REASON = 120


def cancel(*, event: Event, signup: Signup, actor: Person, reason: str = "") -> Signup:
    """Take the sign-up back; a freed place goes to the head of the waiting list.

    Oneself needs no reason, everybody else does (InvalidInputError). Raises
    SignupRefusedError once it is cancelled already or the event has begun.
    """
    seats.look(event, lambda: db.session.refresh(signup, ["status"]))
    now = clock.now()
    if signup.status not in LIVE:
        raise SignupRefusedError("这条报名此前已经取消，没有再做改动。")
    if event.state is EventState.CANCELLED:
        raise SignupRefusedError("活动已取消，不用再取消报名。")
    if not policies.can_be_cancelled(signup, event, now):
        raise SignupRefusedError("活动已经开始，不能再取消报名；不能到场的，请联系主办方办理请假。")
    _check_reason(reason, is_needed=signup.person_id != actor.id)
    before, had_place = signup.status, signup.status is SignupStatus.CONFIRMED
    signup.status = SignupStatus.CANCELLED
    signup.cancelled_at = now
    signup.cancel_reason = reason
    by_self = signup.person_id == actor.id
    what = "本人取消" if by_self else "由工作人员移出"
    if now >= policies.closes_at(event):
        what += "（已过报名截止时间）"
    log_move(signup, before, reason=f"{what}：{reason}" if reason else what, actor=actor)
    audit.record(
        "signup.cancel",
        signup,
        actor=actor,
        event_id=event.id,
        person_id=signup.person_id,
        reason=reason,
    )
    if had_place:
        promote(event=event, actor=actor, cause="有人取消报名" if by_self else "有人被移出")
    return signup


def _check_reason(reason: str, *, is_needed: bool) -> None:
    if is_needed and not reason:
        raise InvalidInputError("请写明原因，本人和记录里都会看到。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInputError(f"原因最多 {LONGEST_REASON} 个字。", field="reason")
