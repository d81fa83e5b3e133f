"""The host lets people in, or does not, with a reason."""

from collections.abc import Sequence

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import policies, queries, seats, telling
from portal.signups.errors import SignupRefusedError
from portal.signups.models import Signup, SignupStatus
from portal.signups.queries import Line
from portal.signups.services.reasons import require_reason
from portal.signups.services.rows import log_move
from portal.signups.services.settling import Candidate, settle, take_in


def approve(*, event: Event, ids: Sequence[int], actor: Person) -> list[Signup]:
    """Let those of these sign-ups in that are still pending; return them as they stand now.

    They get places or wait in the order in which they signed up, also after the deadline:
    the host is there to decide. Raises SignupRefusedError once the event has begun or is off,
    and if none of them is pending any more.
    """
    line, waiting = _held(event, ids)
    now = clock.now()
    if not policies.may_be_moved_up(event, now):
        raise SignupRefusedError("活动已经开始、延期或者取消，不能再审核报名。")
    if not waiting:
        raise SignupRefusedError("这些报名已经审核过，或者本人已经取消，没有再做改动。")
    paths = queries.paths([signup.person_id for signup in waiting])
    arrivals = [
        Candidate(signup, paths.get(signup.person_id, ""), SignupStatus.PENDING, "审核通过，")
        for signup in waiting
    ]
    cause = "名额有空余"
    take_in(event=event, line=line, actor=actor, cause=cause, arrivals=arrivals)
    telling.approved(event, waiting)
    return waiting


def decline(*, event: Event, ids: Sequence[int], reason: str, actor: Person) -> list[Signup]:
    """Do not let these people in, or take an approval back; a freed place goes on.

    Raises InvalidInputError without a reason, SignupRefusedError if none of them stands on
    the list any more or the event has begun.
    """
    require_reason(reason)
    found = seats.look(event, lambda: queries.live_by_id(event.id, ids))
    if not policies.may_be_moved_up(event, clock.now()):
        raise SignupRefusedError("活动已经开始、延期或者取消，不能再审核报名。")
    if not found:
        raise SignupRefusedError("这些报名已经审核过，或者本人已经取消，没有再做改动。")
    for signup in found:
        before = signup.status
        what = "审核未通过" if before is SignupStatus.PENDING else "撤回审核"
        signup.status = SignupStatus.DECLINED
        signup.offer_ends_at = None
        signup.cancelled_at = clock.now()
        signup.cancel_reason = reason
        log_move(signup, before, reason=f"{what}：{reason}", actor=actor)
        audit.record(
            "signup.decline",
            signup,
            actor=actor,
            event_id=event.id,
            person_id=signup.person_id,
            reason=reason,
        )
        telling.declined(event, signup, reason)
    db.session.flush()
    settle(event=event, actor=actor, cause="有人的报名没有通过审核")
    return list(found)


def _held(event: Event, ids: Sequence[int]) -> tuple[Line, list[Signup]]:
    """Return the line, and those of these who still await the host, under the seats' lock."""
    line, found = seats.look(
        event, lambda: (queries.line(event), queries.live_by_id(event.id, ids))
    )
    return line, [signup for signup in found if signup.status is SignupStatus.PENDING]
