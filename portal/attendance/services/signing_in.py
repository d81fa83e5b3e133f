"""Signing in by oneself with the code on the wall: provisional like every other mark."""

from datetime import datetime, timedelta

from portal import clock
from portal.attendance import codes, drawing, queries
from portal.attendance.models import AttendanceStatus, CodeFailure, Method, Roll
from portal.attendance.rules import Timing
from portal.attendance.services.marking import Marked
from portal.attendance.services.opening import add_walk_in, open_roll
from portal.attendance.services.signing_out import sign_out_by_code
from portal.attendance.services.wall import count_wrong_short_code
from portal.attendance.services.writing import write_mark
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, ForbiddenError, NotFoundError, PortalError
from portal.events.models import Audience, Event, EventState
from portal.people.models import Person
from portal.signups import services as signups

# Ten wrong codes in ten minutes, and one waits (`codes` says how little a guess can do).
WRONG_CODES = 10
WRONG_CODES_WITHIN = timedelta(minutes=10)
_WRONG = "签到码不对。请对照现场屏幕上的字母和数字再输一次。"


class TooManyWrongCodesError(PortalError):
    """Somebody is guessing, or the screen is too far away: wait a while."""


def event_of_code(
    *, typed: str, person: Person, presented_at: datetime, timing: Timing, seconds: int
) -> Event:
    """Return the event whose code was presented, valid at the moment it was presented.

    Raises NotFoundError for what is no code, ConflictError for one that is over or too
    early, ForbiddenError for a person who is not expected there.
    """
    check_patience(person)
    if codes.short(typed):
        return _event_of_short_code(typed, person, presented_at, timing)
    parsed = codes.parse(typed)
    roll = queries.sources(parsed[0]).roll if parsed else None
    if parsed is None or roll is None:
        raise NotFoundError(_WRONG)
    event_id, proof = parsed
    verdict = codes.judge(roll.code_secret, event_id, proof, presented_at, seconds=seconds)
    if verdict is codes.Verdict.WRONG:
        raise NotFoundError(_WRONG)
    event = roll.event
    if verdict is codes.Verdict.EXPIRED:
        raise ConflictError("这个签到码已经更换。请看现场屏幕上的新码，再扫一次或输一次。")
    _check_open(event, roll, presented_at, timing)
    entry = queries.find_entry(event_id, person.id)
    if entry is None and event.audience is not Audience.OPEN:
        raise ForbiddenError(f"您不在“{event.title}”的名册上。请告诉现场工作人员，由他们登记。")
    return event


def _event_of_short_code(
    typed: str, person: Person, presented_at: datetime, timing: Timing
) -> Event:
    """Return the event on whose wall these digits stand, for those alone who are expected.

    To anybody else a right guess is a wrong one: nobody finds out a code for others.
    """
    event_id = find_event_id(typed)
    roll = queries.sources(event_id).roll if event_id else None
    is_expected = roll is not None and (
        roll.event.audience is Audience.OPEN
        or queries.find_entry(roll.event_id, person.id) is not None
    )
    if roll is None or not is_expected:
        raise NotFoundError("数字码不对，或者您不在那次活动的名册上。请对照现场屏幕再输一次。")
    _check_open(roll.event, roll, presented_at, timing)
    return roll.event


def find_event_id(typed: str) -> int | None:
    """Return the number of the event that a code would belong to, right or not."""
    if short := codes.short(typed):
        return queries.find_event_of_short_code(short)
    parsed = codes.parse(typed)
    return parsed[0] if parsed else None


def check_patience(person: Person) -> None:
    """Refuse to look at more codes from somebody who has presented ten wrong ones."""
    since = clock.now() - WRONG_CODES_WITHIN
    if queries.wrong_codes(person, since=since) >= WRONG_CODES:
        raise TooManyWrongCodesError("输错的次数太多，请过十分钟再试，或者请现场工作人员登记。")


def note_wrong_code(*, typed: str, person: Person) -> None:
    """Remember that a code of this person opened nothing."""
    db.session.add(CodeFailure(person_id=person.id, at=clock.now()))
    if codes.short(typed):
        count_wrong_short_code(person=person)
    db.session.flush()


def _check_open(event: Event, roll: Roll, moment: datetime, timing: Timing) -> None:
    if roll.confirmed_at is not None:
        raise ConflictError(f"“{event.title}”的名册已经确认，签到结束了。有出入请告诉主办方。")
    if not timing.is_open(event.starts_at, moment):
        raise ConflictError(f"“{event.title}”的签到还没有开始，请稍后再来。")
    if event.state is not EventState.PUBLISHED or not timing.takes_codes(
        event.starts_at, event.ends_at, moment
    ):
        raise ConflictError(f"“{event.title}”的签到已经结束。有出入请告诉主办方。")


def check_in(
    *, event: Event, person: Person, presented_at: datetime, timing: Timing, browser: str = ""
) -> Marked:
    """Sign the person in: present, or late by the time the code was presented.

    `browser` is the number of the phone (`tickets.browser_of`).

    Who has come already stays as is, or leaves where people sign out. Who is not on the list of an
    open event is a walk-in.
    """
    roll = open_roll(event=event, actor=person)
    _check_open(event, roll, presented_at, timing)
    entry = queries.find_entry(event.id, person.id)
    if entry is None:
        if event.audience is not Audience.OPEN:
            raise ForbiddenError(f"您不在“{event.title}”的名册上，请现场工作人员登记。")
        return _walk_in(event, person)
    if entry.has_come:
        return sign_out_by_code(
            roll=roll, entry=entry, person=person, presented_at=presented_at, browser=browser
        )
    status = entry.status
    if entry.is_listed:
        status = timing.by_own_act(event.starts_at, presented_at)
    made = write_mark(
        roll,
        entry,
        status=status,
        has_come=True,
        method=Method.CODE,
        actor=person,
        at=presented_at,
        browser=browser,
    )
    audit.record("attendance.signed_in", entry, actor=person, event=event.id, to=status)
    return Marked(roll, entry, made)


def _walk_in(event: Event, person: Person) -> Marked:
    signups.register_walk_in(event=event, person=person, actor=person)
    roll = open_roll(event=event, actor=person)  # lets in whom the sign-up room registered
    entry = queries.find_entry(event.id, person.id)
    if entry is None:
        columns = drawing.at_the_door(event, [person.id])[person.id]
        entry = add_walk_in(roll, columns, method=Method.CODE, actor=person)
    elif not entry.has_come:  # waited for a place: the list was drawn anew with it
        status = AttendanceStatus.PRESENT if entry.is_listed else entry.status
        write_mark(roll, entry, status=status, has_come=True, method=Method.CODE, actor=person)
    audit.record("attendance.walked_in", entry, actor=person, event=event.id)
    return Marked(roll, entry, None)
