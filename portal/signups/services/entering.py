"""Signing up: oneself, and others on their behalf."""

from collections.abc import Sequence
from enum import StrEnum

from portal import clock
from portal.audit import services as audit
from portal.events.models import Event, EventState
from portal.people.models import Person
from portal.signups import policies, queries, seats
from portal.signups.errors import AlreadySignedUpError, NotAdmittedError, SignupRefusedError
from portal.signups.models import LIVE, Signup, SignupOrigin, SignupStatus
from portal.signups.queries import Counts
from portal.signups.services.queue import add_row, log_move, promote

# Why nobody signs up in a state; all others are after the end.
_OFF = {
    EventState.DRAFT: "活动还没有发布，现在不能报名。",
    EventState.POSTPONED: "活动延期，新的时间确定后再报名。",
    EventState.CANCELLED: "活动已取消，不能报名。",
}


class Outcome(StrEnum):
    """What came of signing somebody up on their behalf."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    ALREADY = "already"
    NOT_MEANT = "not_meant"
    NOT_ALLOWED = "not_allowed"

    @property
    def label(self) -> str:
        """Chinese words for the report."""
        return {
            "confirmed": "报名成功",
            "waitlisted": "已排入候补",
            "already": "此前已报名",
            "not_meant": "不在本次活动范围",
            "not_allowed": "不在您负责的范围",
        }[self.value]


def sign_up(
    *, event: Event, person: Person, actor: Person, origin: SignupOrigin = SignupOrigin.SELF
) -> Signup:
    """Give the person a place, or the last position of the waiting list when it is full.

    Raises SignupRefusedError: outside the time of signing up, on the list already, not meant.
    """
    standing = seats.look(event, lambda: queries.standing(event, person))
    if standing.mine is not None and standing.mine.status in LIVE:
        waiting = "，正在候补" if standing.mine.status is SignupStatus.WAITLISTED else ""
        raise AlreadySignedUpError(f"您已报名{waiting}，不用重复报名。")
    _require_open(event)
    if not standing.is_admitted:
        raise NotAdmittedError(
            f"本次活动面向{event.audience.label}，您不在其中，如有疑问请联系主办方。"
        )
    return _enter(
        event=event,
        person=person,
        actor=actor,
        origin=origin,
        counts=standing.counts,
        returns=standing.mine is not None,
    )[0]


def sign_up_many(
    *, event: Event, people: Sequence[Person], actor: Person
) -> list[tuple[Person, Outcome]]:
    """Sign up each of the people (memberships loaded); return what came of each.

    Who is refused never stands in the way of the others. Raises SignupRefusedError if the
    event takes no sign-ups now.
    """
    ids = [person.id for person in people]
    counts, live, admitted = seats.look(
        event,
        lambda: (
            queries.counts([event.id])[event.id],
            queries.live_signups(event.id, ids),
            queries.admitted(event, ids),
        ),
    )
    _require_open(event)
    report = []
    for person in people:
        outcome = Outcome.ALREADY
        if not policies.may_answer_for(actor, person.memberships):
            outcome = Outcome.NOT_ALLOWED
        elif person.id not in live and person.id not in admitted:
            outcome = Outcome.NOT_MEANT
        elif person.id not in live:
            signup, counts = _enter(
                event=event,
                person=person,
                actor=actor,
                origin=SignupOrigin.ON_BEHALF,
                counts=counts,
            )
            live[person.id] = signup
            outcome = Outcome(signup.status.value)
        report.append((person, outcome))
    return report


def _require_open(event: Event) -> None:
    now = clock.now()
    if policies.takes_signups(event, now):
        return
    if event.state is not EventState.PUBLISHED:
        raise SignupRefusedError(_OFF.get(event.state, "活动已经结束，不能再报名。"))
    if now < policies.closes_at(event):
        raise SignupRefusedError("报名还没有开始，请到开放时间后再来。")
    if now < event.starts_at:
        raise SignupRefusedError("报名已截止。确需参加的，请联系主办方。")
    raise SignupRefusedError("活动已经开始，不能再报名；到场后可请工作人员现场登记。")


def _enter(
    *,
    event: Event,
    person: Person,
    actor: Person,
    origin: SignupOrigin,
    counts: Counts,
    returns: bool = False,
) -> tuple[Signup, Counts]:
    """Put the person on the list; return the sign-up and the counts after it.

    A place that is free while others wait is theirs: nobody overtakes the queue.
    """
    if counts.waitlisted and counts.free(event.capacity) != 0:
        moved = len(promote(event=event, actor=actor, cause="名额有空余"))
        counts = Counts(counts.confirmed + moved, counts.waitlisted - moved)
    if counts.free(event.capacity) == 0:
        status = SignupStatus.WAITLISTED
        counts = Counts(counts.confirmed, counts.waitlisted + 1)
        full = f"报名时名额已满（{counts.confirmed}/{event.capacity}）"
        reason = f"{full}，按报名先后排在候补第 {counts.waitlisted} 位"
    else:
        status = SignupStatus.CONFIRMED
        counts = Counts(counts.confirmed + 1, counts.waitlisted)
        limit = f"共 {event.capacity} 个名额" if event.capacity else "不限名额"
        reason = f"第 {counts.confirmed} 位报名，{limit}"
    if returns:
        reason = f"取消后重新报名：{reason}"
    signup = add_row(event=event, person=person, actor=actor, origin=origin, status=status)
    log_move(signup, None, reason=reason, actor=actor)
    audit.record(
        "signup.create",
        signup,
        actor=actor,
        event_id=event.id,
        person_id=person.id,
        status=status.value,
    )
    return signup, counts
