"""Answering an offer: the person, who signed the person up, or the host after a call."""

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.events.models import Event, EventState
from portal.people.models import Person
from portal.signups import policies, queries, seats
from portal.signups.errors import SignupRefusedError
from portal.signups.models import Signup, SignupStatus
from portal.signups.services.rows import log_move
from portal.signups.services.settling import settle

_IN_QUEUE = SignupStatus.WAITLISTED


def accept(*, event: Event, signup: Signup, actor: Person) -> list[Signup]:
    """Take the place that is held; those who go together take theirs with one answer.

    Raises SignupRefusedError if no place is held any more.
    """
    _require_open(event, signup)
    now = clock.now()
    party = [one for one in queries.party(signup) if one.is_offered]
    for one in party:
        one.status = SignupStatus.CONFIRMED
        one.confirmed_at = now
        one.offer_ends_at = None
        log_move(one, _IN_QUEUE, reason=f"候补轮到，{_who(actor, one)}确认参加", actor=actor)
        audit.record("signup.accept", one, actor=actor, event_id=event.id, person_id=one.person_id)
    db.session.flush()
    return party


def turn_down(*, event: Event, signup: Signup, actor: Person) -> None:
    """Give the held place up; it goes to the next. Raises SignupRefusedError as `accept`."""
    _require_open(event, signup)
    signup.status = SignupStatus.CANCELLED
    signup.offer_ends_at = None
    signup.cancelled_at = clock.now()
    signup.cancel_reason = "谢绝了名额"
    log_move(signup, _IN_QUEUE, reason=f"候补轮到，{_who(actor, signup)}谢绝了名额", actor=actor)
    audit.record(
        "signup.turn_down", signup, actor=actor, event_id=event.id, person_id=signup.person_id
    )
    db.session.flush()
    settle(event=event, actor=actor, cause="有人谢绝了名额")


def _require_open(event: Event, signup: Signup) -> None:
    seats.look(event, lambda: db.session.refresh(signup, ["status", "offer_ends_at"]))
    if not signup.is_offered:
        raise SignupRefusedError("现在没有等您答复的名额，没有做改动。")
    if event.state is not EventState.PUBLISHED:
        raise SignupRefusedError("活动已延期或者取消，不用再答复。")
    if not policies.offer_is_open(signup, event, clock.now()):
        raise SignupRefusedError("答复的时间已过，名额让给了下一位；还想参加可以重新报名。")


def _who(actor: Person, signup: Signup) -> str:
    return "本人" if actor.id == signup.person_id else f"{actor.name}代为"
