"""The invited send somebody else (替会): the place goes over, and the host may refuse."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Audience, Event
from portal.people.models import Participation, Person
from portal.people.naming import name_fault, written_name
from portal.people.services.persons import Facts, create_person
from portal.signups import policies, queries, seats, telling
from portal.signups.answer_models import StandIn, StandInState
from portal.signups.errors import SignupRefusedError
from portal.signups.models import LIVE, Signup, SignupOrigin, SignupStatus
from portal.signups.services.entering import enter, path_of
from portal.signups.services.leaving import cancel
from portal.signups.services.reasons import require_reason
from portal.signups.services.refusing import take_refusals_back
from portal.signups.services.rows import log_move, new_row, write
from portal.signups.services.settling import Candidate


def bring_guest(*, event: Event, name: str, unit: str, post: str, actor: Person) -> Person:
    """Enter somebody from outside the roster who is to stand in; a name suffices.

    Raises InvalidInputError for a name that is none.
    """
    name = written_name(name).name
    fault = name_fault(name)
    if fault is not None:
        raise InvalidInputError(f"{fault}。", field="name")
    guest = create_person(
        facts=Facts(name=name, work_unit=unit, post=post),
        organisation=event.host,
        participation=Participation.GUEST,
        since=clock.today(),
        actor=actor,
    )
    return queries.chosen_people([guest.id])[0]


def send_stand_in(
    *, event: Event, invited: Person, person: Person, post: str, actor: Person
) -> StandIn:
    """Let `person` (memberships loaded) come instead of the invited, in the same place.

    A place that the invited has goes over without anybody of the queue coming between; else
    the stand-in gets one, or waits, as anybody who signs up. Raises SignupRefusedError for who
    is not invited, waits or sends somebody already, and for a stand-in who is on the list.
    """
    (standing, line), held, live, admitted = seats.look(
        event,
        lambda: (
            queries.my_line(event, invited),
            queries.signup_of(event, invited),
            queries.live_signups(event.id, [person.id]),
            queries.admitted(event, [person.id]),
        ),
    )
    mine = held if held is not None and held.status in LIVE else None
    if event.audience is not Audience.INVITED or not standing.is_admitted:
        raise SignupRefusedError("您不在这次活动的邀请名单上。")
    if not policies.takes_signups(event, clock.now()):
        raise SignupRefusedError("报名已经截止，请直接联系主办方。")
    if mine is not None and mine.status is not SignupStatus.CONFIRMED:
        raise SignupRefusedError("您还在等候名额，现在不能请人替会；有了名额再派人。")
    if queries.find_stand_in(event.id, invited) is not None:
        raise SignupRefusedError("您已请人替会；要换人，请先改回本人参加。")
    if live or admitted:
        raise SignupRefusedError(f"{person.name}本人也在这次活动的名单上，请另派别人。")
    for row in queries.left_over(event.id, invited, person):
        end(row, actor=actor)
    take_refusals_back(event, [invited.id])
    signup = new_row(event=event, person=person, actor=actor, origin=SignupOrigin.ON_BEHALF)
    if mine is None:
        enter(event, line, [Candidate(signup, path_of(person))], actor)
    else:
        _hand_over(event, mine, signup, f"由{person.name}替会", f"替{invited.name}参会", actor)
    made = StandIn(
        event_id=event.id,
        invited_id=invited.id,
        person_id=person.id,
        post=post,
        state=StandInState.STANDING,
        named_by_id=actor.id,
        named_at=clock.now(),
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:  # uq_stand_in_for, uq_stand_in_person
        raise ConflictError("刚刚已经派了人，没有重复登记，请刷新后再看。") from error
    audit.record("signup.stand_in", event, actor=actor, invited=invited.id, person_id=person.id)
    telling.sent(event, made, invited.name)
    return made


def come_oneself(*, event: Event, invited: Person, actor: Person) -> None:
    """Take back that somebody else comes: the invited has the place, or nobody.

    Raises SignupRefusedError once the event has begun, and where nobody was sent.
    """
    row, signup = seats.look(event, lambda: _with_signup(event, invited))
    if row is None or signup is None:
        raise SignupRefusedError("您没有请人替会，不用改。")
    if not policies.can_be_cancelled(signup, event, clock.now()):
        raise SignupRefusedError("活动已经开始，不能再改；有变化请告诉主办方。")
    end(row, actor=actor)
    if signup.status is SignupStatus.CONFIRMED:
        mine = new_row(event=event, person=invited, actor=actor, origin=SignupOrigin.SELF)
        _hand_over(event, signup, mine, f"改由{invited.name}本人参加", "改由本人参加", actor)
        telling.lost(event, signup, f"改由{invited.name}本人参加，您不用再去。")
    else:
        cancel(event=event, signup=signup, actor=actor, reason="改由本人参加")
    audit.record(
        "signup.stand_in_ended", event, actor=actor, invited=invited.id, person_id=row.person_id
    )


def refuse_stand_in(*, event: Event, row: StandIn, reason: str, actor: Person) -> None:
    """Do not agree to a stand-in, with a reason: the place is free, the invited answers anew.

    Raises InvalidInputError without a reason, SignupRefusedError once it does not stand.
    """
    require_reason(reason)
    live = seats.look(event, lambda: queries.live_signups(event.id, [row.person_id]))
    db.session.refresh(row, ["state"])
    signup = live.get(row.person_id)
    if row.state is not StandInState.STANDING or signup is None:
        raise SignupRefusedError("这条替会此前已经改动，没有再处理。")
    end(row, actor=actor, state=StandInState.REFUSED, reason=reason)
    cancel(event=event, signup=signup, actor=actor, reason=f"主办方未同意替会：{reason}"[:120])
    audit.record(
        "signup.stand_in_refused",
        event,
        actor=actor,
        invited=row.invited_id,
        person_id=row.person_id,
        reason=reason,
    )
    telling.not_agreed(event, row, reason)


def end(
    row: StandIn,
    *,
    actor: Person,
    state: StandInState = StandInState.WITHDRAWN,
    reason: str = "",
) -> None:
    """Note that somebody does not come instead any more."""
    row.state, row.reason = state, reason
    row.ended_at, row.ended_by_id = clock.now(), actor.id
    db.session.flush()


def _with_signup(event: Event, invited: Person) -> tuple[StandIn | None, Signup | None]:
    row = queries.find_stand_in(event.id, invited)
    if row is None:
        return None, None
    return row, queries.live_signups(event.id, [row.person_id]).get(row.person_id)


def _hand_over(
    event: Event, before: Signup, after: Signup, why_gone: str, why_here: str, actor: Person
) -> None:
    """Give a place from one to the other: it is never free in between. The seats are held."""
    now = clock.now()
    before.status, before.cancelled_at = SignupStatus.CANCELLED, now
    before.cancel_reason = why_gone
    log_move(before, SignupStatus.CONFIRMED, reason=why_gone, actor=actor)
    after.status, after.confirmed_at = SignupStatus.CONFIRMED, now
    write([after])
    log_move(after, None, reason=f"{why_here}，接替同一个名额", actor=actor)
    for signup, act in ((before, "signup.cancel"), (after, "signup.create")):
        audit.record(
            act, signup, actor=actor, event_id=event.id, person_id=signup.person_id, why=why_here
        )
