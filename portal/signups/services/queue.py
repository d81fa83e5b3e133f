"""The queue: one row a person, its log, and moving up.

Every step holds the event's seats (`seats.look`) before it counts, and writes its reason into
the log. The queue is the order of arrival and nothing else.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.people.models import Person
from portal.signups import policies, queries, seats
from portal.signups.errors import SignupRefusedError
from portal.signups.models import Signup, SignupMove, SignupOrigin, SignupStatus


def promote(*, event: Event, actor: Person | None, cause: str) -> list[Signup]:
    """Move up exactly as many as there are free places, in order of arrival.

    The one service of every path that frees places. After sign-up has closed nobody is moved
    up by itself (see `promote_by_host`): a place that comes as a surprise is an empty seat.
    """
    return move_up(event=event, actor=actor, cause=cause, when=policies.moves_up_by_itself)


def promote_by_host(*, event: Event, actor: Person) -> list[Signup]:
    """The same when the host asks for it after the deadline, until the event begins.

    Raises SignupRefusedError if it has begun, no place is free, or nobody waits.
    """
    cause = "主办方在截止后递补"
    moved = move_up(
        event=event, actor=actor, cause=cause, when=policies.may_be_moved_up, moved_by=actor
    )
    if not moved:
        raise SignupRefusedError("没有递补：没有空余名额，或者没有人候补，或者活动已经开始。")
    return moved


def move_up(
    *,
    event: Event,
    actor: Person | None,
    cause: str,
    when: Callable[[Event, datetime], bool],
    moved_by: Person | None = None,
) -> list[Signup]:
    """Give the free places to the head of the waiting list, if `when` allows it now.

    `actor` is whoever did what freed them; `moved_by` None says that it moved by itself.
    """
    counts = seats.look(event, lambda: queries.counts([event.id])[event.id])
    now = clock.now()
    if not when(event, now):
        return []
    moved = list(queries.first_waiting(event.id, most=counts.free(event.capacity)))
    for position, signup in enumerate(moved, start=1):
        signup.status = SignupStatus.CONFIRMED
        signup.confirmed_at = now
        reason = f"{cause}，按报名先后递补，原候补第 {position} 位"
        log_move(signup, SignupStatus.WAITLISTED, reason=reason, actor=moved_by, at=now)
        audit.record(
            "signup.promote",
            signup,
            actor=actor,
            event_id=event.id,
            person_id=signup.person_id,
        )
    db.session.flush()
    if moved:
        _tell(event, moved)
    return moved


def _tell(event: Event, moved: list[Signup]) -> None:
    """Tell those who have a place now; a sign-up moves up once, so its number is the key."""
    local = clock.local(event.starts_at)
    messages.tell(
        people=[signup.person_id for signup in moved],
        kind=MessageKind.PLACE,
        subject=f"候补已转为报名成功：{event.title}",
        body=f"{local.month}月{local.day}日 {local.hour}:{local:%M}，{event.place}\n您不用再操作；"
        "不能来的话，请在活动开始前取消，名额会让给后面的人。",
        link=f"/events/{event.id}",
        key=f"event:{event.id}:place:{moved[0].id}",
    )


def check_capacity(event: Event, capacity: int | None) -> None:
    """Raise InvalidInputError if more people have a place than there would be places."""
    if capacity is None:
        return
    seats.hold(event)
    confirmed = queries.counts([event.id])[event.id].confirmed
    if capacity < confirmed:
        raise InvalidInputError(
            f"已有 {confirmed} 人报名成功，名额不能少于 {confirmed}。", field="capacity"
        )


def follow_change(event: Event, *, actor: Person) -> list[Signup]:
    """Move the waiting list up into places that a change of the event has made."""
    limit = f"名额共 {event.capacity} 个" if event.capacity else "不限名额"
    return promote(event=event, actor=actor, cause=f"活动调整后{limit}")


def add_row(
    *, event: Event, person: Person, actor: Person, origin: SignupOrigin, status: SignupStatus
) -> Signup:
    """Write a person into the list; raise ConflictError if the database knows better."""
    now = clock.now()
    signup = Signup(
        event_id=event.id,
        person_id=person.id,
        status=status,
        origin=origin,
        signed_up_by_id=actor.id,
        created_at=now,
        confirmed_at=now if status is SignupStatus.CONFIRMED else None,
    )
    db.session.add(signup)
    try:
        db.session.flush()
    except IntegrityError as error:
        # The index `uq_signup_live`: the same person came in by another way this very moment.
        raise ConflictError(f"{person.name}已经报名，不用重复报名。") from error
    return signup


def log_move(
    signup: Signup,
    before: SignupStatus | None,
    *,
    reason: str,
    actor: Person | None,
    at: datetime | None = None,
) -> None:
    """Write into the log where the sign-up has moved, and why in one sentence."""
    db.session.add(
        SignupMove(
            event_id=signup.event_id,
            signup_id=signup.id,
            from_status=before,
            to_status=signup.status,
            reason=reason,
            moved_by_id=actor.id if actor else None,
            at=at or clock.now(),
        )
    )
