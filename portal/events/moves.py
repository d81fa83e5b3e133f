"""Moving an event from state to state: publish, postpone, call off, end, record, archive."""

from collections.abc import Sequence
from datetime import datetime

from portal import clock
from portal.errors import ConflictError, InvalidInputError
from portal.events import telling, telling_keepers
from portal.events.details import LONGEST_REASON, check_times
from portal.events.models import Event, EventState
from portal.events.services import index, save
from portal.events.sessions import queries as sessions
from portal.events.sessions import rules
from portal.events.states import Move, after
from portal.messages.services import Told
from portal.people.models import Person


def publish(*, event: Event, actor: Person, tells: bool = True) -> Told:
    """Post the event where those it is meant for look; return how many were told.

    One that was postponed needs a new time first. One that has begun may be published too:
    what was held on paper is entered later. The sessions of an event are posted with it; one
    that is added later is posted by itself, once the whole is.
    """
    state = after(event.state, Move.PUBLISH)
    parts = _sessions(event)
    for one in parts or [event]:
        if one.state is EventState.POSTPONED and one.starts_at == one.moved_from_at:
            raise ConflictError("这次活动延期后还没有定下新的时间，请先定时间再发布。")
    whole = sessions.whole_of(event) if event.part_of_id is not None else None
    if whole is not None and whole.state is not EventState.PUBLISHED:
        raise ConflictError("整个活动还没有发布，请先发布整个活动，各场会一起发布。")
    was = telling.standing(event)
    event.state = state
    event.published_at = event.published_at or clock.now()
    save(event, actor, "event.publish")
    for one in parts:
        if one.state in {EventState.DRAFT, EventState.POSTPONED}:
            stood = telling.standing(one)
            publish(event=one, actor=actor, tells=False)
            telling_keepers.follow(event=one, was=stood, actor=actor)
    if not tells:
        return Told()
    if not parts:
        telling_keepers.follow(event=event, was=was, actor=actor)
    if was.state is EventState.POSTPONED:
        return telling.follow(event=event, was=was, actor=actor)
    if whole is not None:
        return telling.announce(session=event, actor=actor)
    return telling.call(event=event, actor=actor, parts=parts)


def postpone(
    *,
    event: Event,
    reason: str,
    actor: Person,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    tells: bool = True,
) -> Told:
    """Move the event to a new time, or to a time still to be fixed; say why to all concerned.

    Without `ends_at` it lasts as long as before. A sign-up deadline moves along. Of an event
    with sessions the next one is moved there, the later ones by as much.
    """
    state = after(event.state, Move.POSTPONE)
    _check_reason(reason)
    if event.session_count:
        return _postpone_whole(event, reason, actor, starts_at)
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
    if not tells:
        return Told()
    _whole_follows(event, actor)
    return telling.follow(event=event, was=stood, actor=actor)


def _postpone_whole(event: Event, reason: str, actor: Person, starts_at: datetime | None) -> Told:
    """Move all sessions that have not begun: to another time together, or to none yet."""
    parts = _sessions(event)
    coming = rules.to_come(parts, clock.now())
    if not coming:
        raise ConflictError("各场都已经开始，不能再延期。")
    was, stood = event.starts_at, telling.standing(event)
    shift = starts_at - coming[0].starts_at if starts_at else None
    for one in coming:
        if one.state is EventState.DRAFT:
            if shift is not None:
                one.starts_at, one.ends_at = one.starts_at + shift, one.ends_at + shift
            continue
        new = one.starts_at + shift if shift is not None else None
        postpone(event=one, reason=reason, actor=actor, starts_at=new, tells=False)
    if event.state is EventState.PUBLISHED:
        event.moved_from_at = was
    state = after(event.state, Move.POSTPONE)
    event.state = state if shift is None else after(state, Move.PUBLISH)
    rules.respan(event, parts)
    if shift is not None and event.signup_closes_at is not None and was > clock.now():
        event.signup_closes_at = min(event.signup_closes_at + shift, event.ends_at)
    if event.starts_at == event.moved_from_at and event.state is EventState.PUBLISHED:
        event.moved_from_at = None
    event.state_reason = reason
    save(event, actor, "event.postpone", reason=reason, was=was, now=starts_at)
    index(event)
    return telling.follow(event=event, was=stood, actor=actor)


def cancel(*, event: Event, reason: str, actor: Person, tells: bool = True) -> Told:
    """Call the event off for good; tell all concerned."""
    state = after(event.state, Move.CANCEL)
    _check_reason(reason)
    was = telling.standing(event)
    event.state, event.state_reason = state, reason
    save(event, actor, "event.cancel", reason=reason)
    for one in rules.to_come(_sessions(event), clock.now()):
        if one.state is not EventState.DRAFT:
            stood = telling.standing(one)
            cancel(event=one, reason=reason, actor=actor, tells=False)
            telling_keepers.follow(event=one, was=stood, actor=actor)
    if not tells:
        return Told()
    _whole_follows(event, actor)
    telling_keepers.follow(event=event, was=was, actor=actor)
    return telling.follow(event=event, was=was, actor=actor)


def end(*, event: Event, actor: Person) -> None:
    """Say that it is over, before the planned end or after; it must have begun."""
    state = after(event.state, Move.END)
    if event.session_count:
        raise ConflictError("这次活动分场进行，请逐场结束、逐场确认名册。")
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
    _whole_follows(event, actor)


def archive(*, event: Event, actor: Person) -> None:
    """Put the event with its confirmed record away."""
    event.state = after(event.state, Move.ARCHIVE)
    save(event, actor, "event.archive")
    for one in _sessions(event):
        if one.state is EventState.RECORDED:
            archive(event=one, actor=actor)


def _sessions(event: Event) -> Sequence[Event]:
    return sessions.sessions_of(event.id, lock=True) if event.session_count else ()


def _whole_follows(session: Event, actor: Person) -> None:
    """Let the whole last from its first session to its last; all recorded, it is recorded."""
    if session.part_of_id is None:
        return
    whole = sessions.whole_of(session, lock=True)
    parts = sessions.sessions_of(whole.id)
    rules.respan(whole, parts)
    save(whole, actor, "event.sessions_changed", sessions=whole.session_count)
    may_record = whole.state in {EventState.PUBLISHED, EventState.ENDED}
    if may_record and rules.are_settled(parts):
        record(event=whole, actor=actor)


def _check_begun(event: Event) -> None:
    if event.state is EventState.PUBLISHED and clock.now() < event.starts_at:
        raise ConflictError("活动还没有开始，不能结束；如果不办了，请用“取消”。")


def _check_reason(reason: str) -> None:
    if not reason:
        raise InvalidInputError("请写明原因，参加的人会看到。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInputError(f"原因最多 {LONGEST_REASON} 个字。", field="reason")
