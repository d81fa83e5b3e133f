"""Moving an event from state to state: publish, postpone, call off, end, record, archive."""

from datetime import datetime

from portal import clock
from portal.errors import ConflictError, InvalidInputError
from portal.events import telling, telling_keepers
from portal.events.details import LONGEST_REASON, check_times
from portal.events.models import Event, EventState
from portal.events.services import index, save
from portal.events.states import Move, after
from portal.messages.services import Told
from portal.people.models import Person


def publish(*, event: Event, actor: Person, tells: bool = True) -> Told:
    """Post the event where those it is meant for look; return how many were told.

    One that was postponed needs a new time first. One that has begun may be published too:
    what was held on paper is entered later.
    """
    state = after(event.state, Move.PUBLISH)
    if event.state is EventState.POSTPONED and event.starts_at == event.moved_from_at:
        raise ConflictError("这次活动延期后还没有定下新的时间，请先定时间再发布。")
    was = telling.standing(event)
    event.state = state
    event.published_at = event.published_at or clock.now()
    save(event, actor, "event.publish")
    if not tells:
        return Told()
    telling_keepers.follow(event=event, was=was, actor=actor)
    if was.state is EventState.POSTPONED:
        return telling.follow(event=event, was=was, actor=actor)
    return telling.call(event=event, actor=actor)


def postpone(
    *,
    event: Event,
    reason: str,
    actor: Person,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Told:
    """Move the event to a new time, or to a time still to be fixed; say why to all concerned.

    Without `ends_at` it lasts as long as before. A sign-up deadline moves along.
    """
    state = after(event.state, Move.POSTPONE)
    _check_reason(reason)
    was, stood = event.starts_at, telling.standing(event)
    if event.state is EventState.PUBLISHED:
        event.moved_from_at = was
    if starts_at is None:
        event.state = state
    else:
        ends_at = ends_at or starts_at + (event.ends_at - was)
        check_times(starts_at, ends_at)
        if starts_at <= clock.now():
            raise InvalidInputError("新的开始时间要在现在之后。", field="starts_at")
        if starts_at == was and event.state is EventState.PUBLISHED:
            raise InvalidInputError("新的开始时间与原来相同。", field="starts_at")
        event.state = after(state, Move.PUBLISH)
        event.starts_at, event.ends_at = starts_at, ends_at
        if event.signup_closes_at is not None:
            event.signup_closes_at = min(event.signup_closes_at + (starts_at - was), ends_at)
        if event.signup_opens_at is not None:
            event.signup_opens_at = min(event.signup_opens_at, clock.now())
        if starts_at == event.moved_from_at:
            event.moved_from_at = None
    event.state_reason = reason
    save(event, actor, "event.postpone", reason=reason, was=was, now=starts_at)
    index(event)
    telling_keepers.follow(event=event, was=stood, actor=actor)
    return telling.follow(event=event, was=stood, actor=actor)


def cancel(*, event: Event, reason: str, actor: Person, tells: bool = True) -> Told:
    """Call the event off for good; tell all concerned."""
    state = after(event.state, Move.CANCEL)
    _check_reason(reason)
    was = telling.standing(event)
    event.state, event.state_reason = state, reason
    save(event, actor, "event.cancel", reason=reason)
    if not tells:
        return Told()
    telling_keepers.follow(event=event, was=was, actor=actor)
    return telling.follow(event=event, was=was, actor=actor)


def end(*, event: Event, actor: Person) -> None:
    """Say that it is over, before the planned end or after; it must have begun."""
    state = after(event.state, Move.END)
    _check_begun(event)
    event.state = state
    save(event, actor, "event.end")


def record(*, event: Event, actor: Person) -> None:
    """Settle the event: its roll has been confirmed. Ends it first if nobody has."""
    _check_begun(event)
    if event.state is EventState.PUBLISHED:
        event.state = after(event.state, Move.END)
    event.state = after(event.state, Move.RECORD)
    save(event, actor, "event.record")


def archive(*, event: Event, actor: Person) -> None:
    """Put the event with its confirmed record away."""
    event.state = after(event.state, Move.ARCHIVE)
    save(event, actor, "event.archive")


def _check_begun(event: Event) -> None:
    if event.state is EventState.PUBLISHED and clock.now() < event.starts_at:
        raise ConflictError("活动还没有开始，不能结束；如果不办了，请用“取消”。")


def _check_reason(reason: str) -> None:
    if not reason:
        raise InvalidInputError("请写明原因，参加的人会看到。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInputError(f"原因最多 {LONGEST_REASON} 个字。", field="reason")
