"""The one service of every path that frees places or brings people to the queue.

Each step holds the event's seats (`seats.look`) before it counts. Who gets a place says
`allotment`; here it is written, with its reason in the log.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event, EventState
from portal.people.models import Person
from portal.signups import policies, queries, seats, telling
from portal.signups.allotment import Allotment, Place, allot
from portal.signups.errors import SignupRefusedError
from portal.signups.models import Signup, SignupStatus
from portal.signups.queries import Line
from portal.signups.rules import Rules, said
from portal.signups.services.rows import log_move, write
from portal.workdays.queries import calendar_from
from portal.workdays.working_time import after_working_time

_IN_QUEUE = SignupStatus.WAITLISTED


@dataclass(frozen=True)
class Candidate:
    """Somebody who wants a place: who waits, who is new, or was let in by the host just now."""

    signup: Signup
    path: str
    before: SignupStatus | None = None
    # How the sentence begins that is written into the log of an arrival.
    opening: str = ""

    @property
    def is_new(self) -> bool:
        """Whether he stands nowhere yet; whoever is let in stands where he signed up."""
        return self.before is None

    @property
    def has_waited(self) -> bool:
        """Whether he stood in the queue before; the others arrive."""
        return self.before is SignupStatus.WAITLISTED


def settle(*, event: Event, actor: Person | None, cause: str) -> list[Signup]:
    """Move up exactly as many as fit, by the rule of `allotment`; return who moved.

    After sign-up has closed nobody is moved up by itself (see `promote_by_host`): a place
    that comes as a surprise is an empty seat. Offers whose time is over end first.
    """
    return _settle(event, actor, cause, when=policies.moves_up_by_itself)


def promote_by_host(*, event: Event, actor: Person) -> list[Signup]:
    """The same when the host asks for it after the deadline, until the event begins.

    Raises SignupRefusedError if it has begun, no place is free, or nobody waits.
    """
    cause = "主办方在截止后递补"
    moved = _settle(event, actor, cause, when=policies.may_be_moved_up, moved_by=actor)
    if not moved:
        raise SignupRefusedError("没有递补：没有空余名额，或者没有人候补，或者活动已经开始。")
    return moved


def _settle(
    event: Event,
    actor: Person | None,
    cause: str,
    *,
    when: Callable[[Event, datetime], bool],
    moved_by: Person | None = None,
) -> list[Signup]:
    """Let `actor`, whoever freed the places, be in the audit; `moved_by` None is by itself."""
    line = seats.look(event, lambda: queries.line(event))
    if line.counts.offered and end_overdue_offers(event):
        line = queries.line(event)
    if not line.queue or not when(event, clock.now()):
        return []
    return take_in(event=event, line=line, actor=actor, cause=cause, moved_by=moved_by)


def take_in(
    *,
    event: Event,
    line: Line,
    actor: Person | None,
    cause: str,
    arrivals: Sequence[Candidate] = (),
    moved_by: Person | None = None,
) -> list[Signup]:
    """Give the places of a line to who waits and who arrives; return who moved up.

    `line` was read under the seats' lock. New arrivals stand at the end, those let in by the
    host where they signed up.
    """
    candidates = _in_order(line, arrivals)
    queue = [line.waiter(number, one.signup, one.path) for number, one in enumerate(candidates)]
    found = allot(line.room(event, clock.now()), queue)
    placed = [candidates[number] for number in found.places]
    moved = [one.signup for one in placed if one.has_waited]
    _stand(candidates, found, len(moved), line, event)
    write([one.signup for one in arrivals if one.is_new])
    _note(candidates, found, line, event, actor=actor, cause=cause, moved_by=moved_by)
    db.session.flush()
    telling.moved_up(event, [one for one in moved if one.status is SignupStatus.CONFIRMED])
    telling.offered(event, [one for one in moved if one.is_offered])
    return moved


def _in_order(line: Line, arrivals: Sequence[Candidate]) -> list[Candidate]:
    """Return who waits and who arrives: by precedence, then by arrival; the new are last."""
    waiting = [Candidate(signup, path, _IN_QUEUE) for signup, path in line.queue]

    def place(one: Candidate) -> tuple[int, bool, int]:
        return -one.signup.precedence, one.is_new, 0 if one.is_new else one.signup.id

    return sorted([*waiting, *arrivals], key=place)


def _stand(
    candidates: Sequence[Candidate], found: Allotment, moved: int, line: Line, event: Event
) -> None:
    """Let everybody stand where the allotment says; those who move up may be asked first."""
    now = clock.now()
    offer_ends_at = _offer_ends_at(event, line.rules, now) if moved else None
    for number, one in enumerate(candidates):
        if number not in found.places:
            one.signup.status = SignupStatus.WAITLISTED
        elif one.has_waited and offer_ends_at is not None:
            one.signup.offer_ends_at = offer_ends_at
        else:
            one.signup.status = SignupStatus.CONFIRMED
            one.signup.confirmed_at = now


def _offer_ends_at(event: Event, rules: Rules, now: datetime) -> datetime | None:
    """Return until when an offer made now may be answered; None where nobody is asked."""
    if rules.offer_hours is None:
        return None
    calendar = calendar_from(clock.local(now).date())
    in_working_time = after_working_time(now, timedelta(hours=rules.offer_hours), calendar)
    return min(in_working_time, rules.offers_end_at(event, now))


def _note(
    candidates: Sequence[Candidate],
    found: Allotment,
    line: Line,
    event: Event,
    *,
    actor: Person | None,
    cause: str,
    moved_by: Person | None,
) -> None:
    """Write log and audit: those who moved first, then those who arrived."""
    taken, now = line.counts.taken, clock.now()
    for number, place in found.places.items():
        one, taken = candidates[number], taken + 1
        if one.has_waited:
            reason = f"{cause}，{place.why}"
            _note_moved(one.signup, reason, event, actor=actor, moved_by=moved_by, at=now)
        else:
            _note_arrived(one, _entry(one, place, taken, event), event, actor)
    moved = sum(1 for number in found.places if candidates[number].has_waited)
    waiting = line.counts.waitlisted - moved
    for number, why in found.waits.items():
        one = candidates[number]
        if one.has_waited:
            continue
        waiting += 1
        where = f"排在候补第 {waiting} 位" if one.is_new else "排进候补"
        _note_arrived(one, f"{one.opening}报名时{why}，按报名先后{where}", event, actor)


def _entry(one: Candidate, place: Place, taken: int, event: Event) -> str:
    limit = f"共 {event.capacity} 个名额" if event.capacity else "不限名额"
    return f"{one.opening}第 {taken} 位报名，{limit}{place.besides}"


def _note_moved(
    signup: Signup,
    reason: str,
    event: Event,
    *,
    actor: Person | None,
    moved_by: Person | None,
    at: datetime,
) -> None:
    asked = f"；请本人在{said(signup.offer_ends_at)}前确认" if signup.offer_ends_at else ""
    log_move(signup, _IN_QUEUE, reason=f"{reason}{asked}", actor=moved_by, at=at)
    audit.record(
        "signup.offer" if asked else "signup.promote",
        signup,
        actor=actor,
        event_id=event.id,
        person_id=signup.person_id,
    )


def _note_arrived(one: Candidate, reason: str, event: Event, actor: Person | None) -> None:
    log_move(one.signup, one.before, reason=reason, actor=actor)
    audit.record(
        "signup.create" if one.before is None else "signup.approve",
        one.signup,
        actor=actor,
        event_id=event.id,
        person_id=one.signup.person_id,
        status=one.signup.status.value,
    )


def end_overdue_offers(event: Event) -> int:
    """End the offers that were not answered in time: they count as given up; return how many.

    An event that is put off asks nobody: its offers are taken back (`follow_change`).
    """
    if event.state is not EventState.PUBLISHED:
        return 0
    now = clock.now()
    over = queries.overdue_offers(event, now)
    for signup in over:
        why = "候补轮到后没有在限期内确认，算作放弃"
        signup.status = SignupStatus.CANCELLED
        signup.offer_ends_at = None
        signup.cancelled_at = now
        signup.cancel_reason = "没有在限期内确认"
        log_move(signup, _IN_QUEUE, reason=why, actor=None)
        audit.record(
            "signup.expire", signup, actor=None, event_id=event.id, person_id=signup.person_id
        )
        telling.lost(event, signup, f"{why}，名额让给了下一位；还想参加可以重新报名。")
    db.session.flush()
    return len(over)


def _take_offers_back(event: Event) -> None:
    """Let those who were asked wait where they stood: nobody knows the new date yet."""
    for signup in queries.open_offers(event.id):
        signup.offer_ends_at = None
        reason = "活动延期，不再等本人确认，保留原来的候补位次"
        log_move(signup, _IN_QUEUE, reason=reason, actor=None)
    db.session.flush()


def tend(*, event: Event) -> list[Signup]:
    """Do what the clock has brought: offers over, kept places free, groups waited for no more."""
    return settle(event=event, actor=None, cause="到了规则里的时间")


def check_capacity(event: Event, capacity: int | None) -> None:
    """Raise InvalidInputError if more people have a place than there would be places.

    A place that is held for an open offer is one; so are those kept for units.
    """
    if capacity is None:
        return
    seats.hold(event)
    counts = queries.counts([event.id])[event.id]
    if capacity < counts.taken:
        held = f"、{counts.offered} 人待确认" if counts.offered else ""
        raise InvalidInputError(
            f"已有 {counts.confirmed} 人报名成功{held}，名额不能少于 {counts.taken}。",
            field="capacity",
        )
    kept = sum(quota.floor for quota in queries.quotas(event.id))
    if capacity < kept:
        raise InvalidInputError(
            f"报名规则为各单位共保留 {kept} 个名额，名额不能少于 {kept}。", field="capacity"
        )


def follow_change(event: Event, *, actor: Person) -> list[Signup]:
    """Move the waiting list up into places that a change of the event has made."""
    if event.state is EventState.POSTPONED:
        _take_offers_back(event)
    limit = f"名额共 {event.capacity} 个" if event.capacity else "不限名额"
    return settle(event=event, actor=actor, cause=f"活动调整后{limit}")
