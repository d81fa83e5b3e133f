"""The invited answer no; yes is signing up."""

from sqlalchemy import delete

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.events.models import Audience, Event
from portal.people.models import Person
from portal.signups import policies, queries, seats
from portal.signups.answer_models import InvitationRefusal
from portal.signups.errors import SignupRefusedError
from portal.signups.models import LIVE


def refuse_invitation(*, event: Event, person: Person, reason: str) -> None:
    """Say that one cannot come; again only changes the reason.

    Raises SignupRefusedError for who is not invited, is signed up, or after sign-up has closed.
    """
    standing, sent = seats.look(
        event, lambda: (queries.standing(event, person), queries.find_stand_in(event.id, person))
    )
    if event.audience is not Audience.INVITED or not standing.is_admitted:
        raise SignupRefusedError("您不在这次活动的邀请名单上。")
    if standing.mine is not None and standing.mine.status in LIVE:
        raise SignupRefusedError("您已报名；不能来的话，请取消报名。")
    if sent is not None:
        raise SignupRefusedError(f"您已请{sent.person.name}替会；都不来的话，请先改回本人再答复。")
    if not policies.takes_signups(event, clock.now()):
        raise SignupRefusedError("报名已经截止，请直接联系主办方。")
    row = queries.find_refusal(event.id, person) or InvitationRefusal(
        event_id=event.id, person_id=person.id
    )
    row.reason, row.answered_at = reason, clock.now()
    db.session.add(row)
    db.session.flush()
    audit.record("signup.refuse_invitation", event, actor=person, person_id=person.id)


def take_refusals_back(event: Event, person_ids: list[int]) -> None:
    """Whoever is signed up comes after all."""
    if event.audience is Audience.INVITED:
        db.session.execute(
            delete(InvitationRefusal).where(
                InvitationRefusal.event_id == event.id,
                InvitationRefusal.person_id.in_(person_ids),
            )
        )
