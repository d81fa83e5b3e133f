"""Telling people of their place: of each step once, however often it is pressed."""

from collections.abc import Sequence

from portal import clock
from portal.events.models import Event
from portal.events.telling import said
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.messages.services import Occasion, Told
from portal.signups import queries
from portal.signups.answer_models import StandIn
from portal.signups.models import Signup, SignupStatus
from portal.signups.policies import takes_signups
from portal.signups.rules import said as at

_NO_NEED = "您不用再操作；不能来的话，请尽早取消，名额会让给后面的人。"


def moved_up(event: Event, signups: Sequence[Signup]) -> None:
    """Tell those who have a place now; a sign-up moves up once, so its number is the key."""
    if signups:
        _tell(
            event,
            [signup.person_id for signup in signups],
            subject=f"候补已转为报名成功：{event.title}",
            body=_NO_NEED,
            key=f"place:{signups[0].id}",
        )


def offered(event: Event, signups: Sequence[Signup]) -> None:
    """Ask those for whom a place is held, and who signed them up: without account none hears."""
    for signup in signups:
        if signup.offer_ends_at is None:
            continue
        until = at(signup.offer_ends_at)
        _tell(
            event,
            {signup.person_id, signup.signed_up_by_id},
            subject=f"候补轮到了，请在{until}前确认：{event.title}",
            body=f"名额留到{until}。请打开活动页面，确认参加或者谢绝；到时没有确认就算放弃。",
            key=f"offer:{signup.id}:{int(signup.offer_ends_at.timestamp())}",
        )


def approved(event: Event, signups: Sequence[Signup]) -> None:
    """Tell those whom the host has let in whether they have a place or wait."""
    for signup in signups:
        has_place = signup.status is SignupStatus.CONFIRMED
        _tell(
            event,
            [signup.person_id],
            subject=f"报名审核通过{'' if has_place else '，正在候补'}：{event.title}",
            body=_NO_NEED
            if has_place
            else "名额暂时满了，已按报名的先后排进候补，轮到时再告诉您。",
            key=f"approved:{signup.id}",
        )


def declined(event: Event, signup: Signup, reason: str) -> None:
    """Tell somebody whom the host has not let in."""
    _tell(
        event,
        [signup.person_id],
        subject=f"报名没有通过审核：{event.title}",
        body=f"原因：{reason}",
        key=f"declined:{signup.id}",
    )


def lost(event: Event, signup: Signup, why: str) -> None:
    """Tell somebody whose place or position is gone without his doing."""
    _tell(
        event,
        [signup.person_id],
        subject=f"您的报名已取消：{event.title}",
        body=why,
        key=f"lost:{signup.id}",
    )


def sent(event: Event, row: StandIn, invited: str) -> None:
    """Tell somebody for whom to come instead."""
    _tell(
        event,
        [row.person_id],
        subject=f"请您替{invited}参加：{event.title}",
        body="名单上已改为您，请按时参加；不能去的话，请在活动页取消并告诉对方。",
        key=f"stand-in:{row.id}",
    )


def remind_to_answer(event: Event) -> Told:
    """Ask those who have not answered the invitation once more; nobody once it is too late.

    Called, asked once more, the day before: three, as for everybody. An answer is what is
    overdue from the invited, as the roll is from its host.
    """
    now = clock.now()
    if not takes_signups(event, now):
        return Told()
    return messages.remind(
        people=queries.silent(event.id, now),
        about=f"event:{event.id}",
        occasion=Occasion.OVERDUE,
        subject=f"请答复邀请：{event.title}",
        body=f"{said(event)}\n请在{at(event.signup_closes())}前答复：参加、不能来，或者请人替会。",
        link=f"/events/{event.id}",
    )


def not_agreed(event: Event, row: StandIn, reason: str) -> None:
    """Tell the invited that the host has not agreed to whom they sent."""
    _tell(
        event,
        [row.invited_id],
        subject=f"主办方没有同意替会，请重新答复：{event.title}",
        body=f"原因：{reason}",
        key=f"stand-in-refused:{row.id}",
    )


def stand_in_left(event: Event, row: StandIn) -> None:
    """Tell the invited that whom they sent does not come."""
    _tell(
        event,
        [row.invited_id],
        subject=f"{row.person.name}不能替会，请重新答复：{event.title}",
        body="名额已经让出。请本人参加，或者另派人，或者答复不能来。",
        key=f"stand-in-left:{row.id}",
    )


def _tell(
    event: Event, people: Sequence[int] | set[int], *, subject: str, body: str, key: str
) -> Told:
    return messages.tell(
        people=people,
        kind=MessageKind.PLACE,
        subject=subject,
        body=f"{said(event)}\n{body}",
        link=f"/events/{event.id}",
        key=f"event:{event.id}:{key}",
    )
