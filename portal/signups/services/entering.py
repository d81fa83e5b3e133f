"""Signing up: oneself, and others on their behalf."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event, EventState
from portal.people.models import MembershipKind, Person
from portal.signups import policies, queries, seats
from portal.signups.allotment import could_ever_fit
from portal.signups.errors import (
    AlreadySignedUpError,
    AnswerRefusedError,
    NotAdmittedError,
    SignupRefusedError,
)
from portal.signups.models import LIVE, Signup, SignupOrigin, SignupParty, SignupStatus
from portal.signups.queries import Line
from portal.signups.questions import Given, Question, after_choices, answers_to
from portal.signups.services.questioning import write_answers
from portal.signups.services.refusing import take_refusals_back
from portal.signups.services.rows import log_move, new_row, write
from portal.signups.services.settling import Candidate, take_in

# Why nobody signs up in a state; all others are after the end.
_OFF = {
    EventState.DRAFT: "活动还没有发布，现在不能报名。",
    EventState.POSTPONED: "活动延期，新的时间确定后再报名。",
    EventState.CANCELLED: "活动已取消，不能报名。",
}
# How one stands on the list already, behind "您已报名".
_ALREADY = {
    SignupStatus.WAITLISTED: "，正在候补",
    SignupStatus.PENDING: "，正等主办方审核",
}
_ROOM_LEFT = "名额有空余"


class Outcome(StrEnum):
    """What came of signing somebody up on their behalf."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    PENDING = "pending"
    ALREADY = "already"
    STOOD_IN = "stood_in"
    NOT_MEANT = "not_meant"
    NOT_ALLOWED = "not_allowed"

    @property
    def label(self) -> str:
        """Chinese words for the report."""
        return {
            "confirmed": "报名成功",
            "waitlisted": "已排入候补",
            "pending": "待主办方审核",
            "already": "此前已报名",
            "stood_in": "已请人替会",
            "not_meant": "不在本次活动范围",
            "not_allowed": "不在您负责的范围",
        }[self.value]

    @property
    def is_entered(self) -> bool:
        """Whether the person stands on the list through it."""
        return self in {Outcome.CONFIRMED, Outcome.WAITLISTED, Outcome.PENDING}


def sign_up(
    *,
    event: Event,
    person: Person,
    actor: Person,
    origin: SignupOrigin = SignupOrigin.SELF,
    typed: Mapping[str, str] | None = None,
) -> Signup:
    """Give the person a place, or the last position of the waiting list, or ask the host.

    `typed` are the answers to the questions of the event, by name of field; InvalidInputError
    names the one that is missing, or whose choice is full.

    Raises SignupRefusedError: outside the time of signing up, on the list already, not meant,
    or turned down by the host before.
    """
    standing, line, sent, questions = seats.look(event, lambda: _asked(event, person))
    mine = standing.mine
    if mine is not None and mine.status in LIVE:
        raise AlreadySignedUpError(f"您已报名{_ALREADY.get(mine.status, '')}，不用重复报名。")
    _require_open(event)
    if not standing.is_admitted:
        raise NotAdmittedError(
            f"本次活动面向{event.audience.label}，您不在其中，如有疑问请联系主办方。"
        )
    if sent:
        raise SignupRefusedError("您已请人替会；要本人参加，请先改回本人。")
    if mine is not None and mine.status is SignupStatus.DECLINED:
        raise SignupRefusedError("您的报名没有通过审核，不能再次报名；有疑问请联系主办方。")
    signup = new_row(event=event, person=person, actor=actor, origin=origin)
    given = answers_to(questions, typed or {}, held={})
    opening = "取消后重新报名：" if mine is not None else ""
    enter(event, line, [Candidate(signup, standing.path, opening=opening)], actor)
    if given:
        write_answers(signup, given)
    return signup


def sign_up_many(
    *,
    event: Event,
    people: Sequence[Person],
    actor: Person,
    together: bool = False,
    answers: Mapping[int, Mapping[str, str]] | None = None,
) -> list[tuple[Person, Outcome]]:
    """Sign up each of the people (memberships loaded); return what came of each.

    Who is refused never stands in the way of the others. `together` lets those who are new
    to the list get places together or wait together. `answers` are what was typed, by person
    and name of field; None leaves the questions to those signed up.

    Raises SignupRefusedError if the event takes no sign-ups now, InvalidInputError if so many
    could never come together, AnswerRefusedError for an answer that cannot be taken.
    """
    ids = [person.id for person in people]
    line, live, admitted, helped, sent, questions = seats.look(
        event,
        lambda: (
            queries.line(event),
            queries.live_signups(event.id, ids),
            queries.admitted(event, ids),
            queries.helped_among(actor, ids),
            queries.sent_others(event, ids),
            queries.questions_of(event.id) if answers is not None else [],
        ),
    )
    _require_open(event)
    report: dict[int, Outcome] = {}
    arrivals = []
    for person in people:
        is_helper = person.id in helped
        if not policies.may_sign_up_for(actor, person.memberships, is_helper=is_helper):
            report[person.id] = Outcome.NOT_ALLOWED
        elif person.id in live:
            report[person.id] = Outcome.ALREADY
        elif person.id in sent:
            report[person.id] = Outcome.STOOD_IN
        elif person.id not in admitted:
            report[person.id] = Outcome.NOT_MEANT
        else:
            origin = SignupOrigin.ON_BEHALF
            signup = new_row(event=event, person=person, actor=actor, origin=origin)
            arrivals.append(Candidate(signup, path_of(person)))
    if together and len(arrivals) > 1:
        _join(event, line, arrivals, actor)
    if arrivals:
        given = _answered(questions, [one.signup.person_id for one in arrivals], answers or {})
        enter(event, line, arrivals, actor)
        for one in arrivals:
            if given.get(one.signup.person_id):
                write_answers(one.signup, given[one.signup.person_id])
    report |= {one.signup.person_id: Outcome(one.signup.status.value) for one in arrivals}
    return [(person, report[person.id]) for person in people]


def _answered(
    questions: list[Question], people: Sequence[int], answers: Mapping[int, Mapping[str, str]]
) -> dict[int, list[Given]]:
    """Return what was answered for each, one after the other: a last choice is taken once."""
    given = {}
    for person_id in people:
        try:
            given[person_id] = answers_to(questions, answers.get(person_id, {}), held={})
        except InvalidInputError as error:
            raise AnswerRefusedError(error, person_id) from error
        questions = after_choices(questions, given[person_id])
    return given


def _asked(event: Event, person: Person) -> tuple[queries.Standing, Line, set[int], list[Question]]:
    """Ask all that decides on a sign-up while the seats are held, the choices that are left too."""
    standing, line = queries.my_line(event, person)
    questions = queries.questions_of(event.id) if standing.has_questions else []
    return standing, line, queries.sent_others(event, [person.id]), questions


def path_of(person: Person) -> str:
    """Return the path of the person's own branch; memberships are loaded."""
    return next(
        (
            membership.organisation.path
            for membership in person.memberships
            if membership.kind is MembershipKind.PRIMARY and membership.valid_to is None
        ),
        "",
    )


def _join(event: Event, line: Line, arrivals: Sequence[Candidate], actor: Person) -> None:
    """Let them go together; raise InvalidInputError if so many could never come together."""
    now = clock.now()
    waiters = [line.waiter(number, one.signup, one.path) for number, one in enumerate(arrivals)]
    if not could_ever_fit(line.room(event, now), waiters):
        raise InvalidInputError(
            f"{len(arrivals)} 人一起参加，超过了名额或者单位的限额，请分开报名。"
            "还没有为任何人报名。",
            field="together",
        )
    party = SignupParty(event_id=event.id, made_by_id=actor.id, made_at=now)
    db.session.add(party)
    db.session.flush()
    for one in arrivals:
        one.signup.party_id = party.id


def _require_open(event: Event) -> None:
    if event.part_of_id is not None:
        raise SignupRefusedError("这是其中的一场，不单独报名；请在整个活动的页面上报名。")
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


def enter(event: Event, line: Line, arrivals: Sequence[Candidate], actor: Person) -> None:
    """Put people on the list, the seats held; whom the host signs up need no approval.

    A place that is free while others wait is theirs: nobody overtakes the queue.
    """
    take_refusals_back(event, [one.signup.person_id for one in arrivals])
    if line.rules.needs_approval and not policies.may_manage(actor, event):
        _ask_host(event, arrivals, actor)
        return
    take_in(event=event, line=line, actor=actor, cause=_ROOM_LEFT, arrivals=arrivals)


def _ask_host(event: Event, arrivals: Sequence[Candidate], actor: Person) -> None:
    for one in arrivals:
        one.signup.status = SignupStatus.PENDING
    write([one.signup for one in arrivals])
    for one in arrivals:
        reason = f"{one.opening}等主办方审核，审核前不占名额"
        log_move(one.signup, None, reason=reason, actor=actor)
        audit.record(
            "signup.create",
            one.signup,
            actor=actor,
            event_id=event.id,
            person_id=one.signup.person_id,
            status=one.signup.status.value,
        )
