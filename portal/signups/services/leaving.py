"""Giving a place back, oneself or by those who run the event."""

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.events.models import Audience, Event, EventState
from portal.people.models import Person
from portal.signups import policies, queries, seats, telling
from portal.signups.answer_models import StandInState
from portal.signups.errors import SignupRefusedError
from portal.signups.models import LIVE, Signup, SignupStatus
from portal.signups.rules import rules_of, said
from portal.signups.services.reasons import require_reason
from portal.signups.services.rows import log_move
from portal.signups.services.settling import settle


def cancel(*, event: Event, signup: Signup, actor: Person, reason: str = "") -> Signup:
    """Take the sign-up back; a freed place goes to the head of the waiting list.

    Oneself needs no reason, everybody else does (InvalidInputError). Raises
    SignupRefusedError once it is cancelled already or the event has begun, and for all but
    the hosts once the deadline to cancel is over.
    """
    seats.look(event, lambda: db.session.refresh(signup, ["status", "offer_ends_at"]))
    now = clock.now()
    if signup.status not in LIVE:
        raise SignupRefusedError("这条报名此前已经取消，没有再做改动。")
    if event.state is EventState.CANCELLED:
        raise SignupRefusedError("活动已取消，不用再取消报名。")
    if not policies.can_be_cancelled(signup, event, now):
        raise SignupRefusedError("活动已经开始，不能再取消报名；不能到场的，请联系主办方办理请假。")
    _check_deadline(event, signup, actor)
    by_self = signup.person_id == actor.id
    require_reason(reason, is_needed=not by_self)
    before, had_place = signup.status, signup.status is SignupStatus.CONFIRMED or signup.is_offered
    signup.status = SignupStatus.CANCELLED
    signup.offer_ends_at = None
    signup.cancelled_at = now
    signup.cancel_reason = reason
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
    _leave_invited(event, signup, actor)
    if not by_self:
        telling.lost(event, signup, f"由{actor.name}取消。原因：{reason}")
    # Whoever waited may have been of a group that fits now.
    cause = ("有人取消报名" if by_self else "有人被移出") if had_place else "有人退出候补"
    settle(event=event, actor=actor, cause=cause)
    return signup


def _leave_invited(event: Event, signup: Signup, actor: Person) -> None:
    """Whoever came instead of somebody does so no more; who sent the person is told."""
    if event.audience is not Audience.INVITED:
        return
    row = queries.find_stood_in_for(event.id, signup.person_id)
    if row is None:
        return
    row.state, row.ended_at, row.ended_by_id = StandInState.WITHDRAWN, clock.now(), actor.id
    if actor.id != row.invited_id:
        telling.stand_in_left(event, row)


def _check_deadline(event: Event, signup: Signup, actor: Person) -> None:
    """Refuse whoever is no host once the deadline to cancel is over, and say what to do."""
    rules = rules_of(queries.find_rules(event.id))
    if policies.can_be_cancelled_alone(signup, rules, event, clock.now()):
        return
    if not policies.may_manage(actor, event):
        contact = f"（{event.contact}）" if event.contact else ""
        raise SignupRefusedError(
            f"取消报名已在{said(rules.cancel_closes_at(event))}截止，不能自己取消；"
            f"来不了的，请向主办方请假或者打电话说明{contact}。"
        )
