"""The order of the queue is changed by a host alone, and never without a reason."""

from portal.audit import services as audit
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import queries, seats
from portal.signups.errors import SignupRefusedError
from portal.signups.models import Signup, SignupStatus
from portal.signups.services.reasons import require_reason
from portal.signups.services.rows import log_move
from portal.signups.services.settling import settle

_IN_QUEUE = SignupStatus.WAITLISTED


def prefer(*, event: Event, signup: Signup, is_first: bool, reason: str, actor: Person) -> None:
    """Let somebody who waits go before the others, or in order of arrival again.

    Those who go together move together. Raises InvalidInputError without a reason,
    SignupRefusedError if the person does not wait or stands so already.
    """
    require_reason(reason)
    _require_waiting(event, signup)
    wanted = 1 if is_first else 0
    if signup.precedence == wanted:
        raise SignupRefusedError("已经是这样排的，没有做改动。")
    what = "主办方让其优先" if is_first else "恢复按报名先后"
    for one in queries.party(signup):
        if one.status is not _IN_QUEUE or one.is_offered:
            continue
        one.precedence = wanted
        log_move(one, _IN_QUEUE, reason=f"{what}：{reason}", actor=actor)
        audit.record(
            "signup.prefer",
            one,
            actor=actor,
            event_id=event.id,
            person_id=one.person_id,
            reason=reason,
        )
    db.session.flush()
    settle(event=event, actor=actor, cause="候补次序调整后")


def part(*, event: Event, signup: Signup, reason: str, actor: Person) -> None:
    """Let those who wait together wait each alone; raise as `prefer`."""
    require_reason(reason)
    _require_waiting(event, signup)
    if signup.party_id is None:
        raise SignupRefusedError("没有和别人一起参加，没有做改动。")
    for one in queries.party(signup):
        one.party_id = None
        log_move(one, one.status, reason=f"不再要求一起参加：{reason}", actor=actor)
        audit.record(
            "signup.part",
            one,
            actor=actor,
            event_id=event.id,
            person_id=one.person_id,
            reason=reason,
        )
    db.session.flush()
    settle(event=event, actor=actor, cause="不再要求一起参加后")


def _require_waiting(event: Event, signup: Signup) -> None:
    seats.look(event, lambda: db.session.refresh(signup, ["status", "offer_ends_at", "party_id"]))
    if signup.status is not _IN_QUEUE or signup.is_offered:
        raise SignupRefusedError("这个人已经不在候补中，没有做改动。")
