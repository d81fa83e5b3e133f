"""What the invited have answered: yes by signing up, no with a reason, or nothing yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.database import db
from portal.events.models import Audience, Event, EventInvitation, EventState
from portal.people.models import Membership, MembershipKind, Organisation, Person
from portal.people.readers import Somebody
from portal.signups.answer_models import InvitationRefusal, StandIn, StandInState
from portal.signups.models import LIVE, Signup, SignupStatus
from portal.signups.queries.standing_in import excused

# Who has not answered is asked once more so long before it is too late.
REMINDED_BEFORE = timedelta(days=2)
# Whoever was invited since then has just heard of it.
JUST_INVITED = timedelta(hours=12)


@dataclass(frozen=True)
class Invited:
    """One of the invited: the state of the sign-up, or why there is none."""

    person_id: int
    name: str
    unit: str
    status: SignupStatus | None
    is_refused: bool
    reason: str
    # Who comes instead: the row, the name, the post, and how that person's sign-up stands.
    stand_in_id: int | None = None
    stand_in: str = ""
    stand_in_post: str = ""
    stand_in_status: SignupStatus | None = None

    @property
    def answer(self) -> str:
        """yes, no, somebody else comes, or nothing yet."""
        if self.status:
            return "yes"
        if self.stand_in_status:
            return "stand-in"
        return "no" if self.is_refused else "none"


def invited_to(event_id: int) -> list[Invited]:
    """Return everybody invited by name, in the order of lists, with what was answered."""
    sent, theirs = aliased(Person), aliased(Signup)
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            func.coalesce(Organisation.short_name, Person.work_unit),
            Signup.status,
            InvitationRefusal.id,
            InvitationRefusal.reason,
            StandIn.id,
            sent.name,
            StandIn.post,
            theirs.status,
        )
        .join(EventInvitation, EventInvitation.person_id == Person.id)
        .outerjoin(
            Signup,
            and_(
                Signup.event_id == EventInvitation.event_id,
                Signup.person_id == Person.id,
                Signup.status.in_(LIVE),
            ),
        )
        .outerjoin(
            InvitationRefusal,
            and_(
                InvitationRefusal.event_id == EventInvitation.event_id,
                InvitationRefusal.person_id == Person.id,
            ),
        )
        .outerjoin(
            StandIn,
            and_(
                StandIn.event_id == EventInvitation.event_id,
                StandIn.invited_id == Person.id,
                StandIn.state == StandInState.STANDING,
            ),
        )
        .outerjoin(sent, sent.id == StandIn.person_id)
        .outerjoin(
            theirs,
            and_(
                theirs.event_id == StandIn.event_id,
                theirs.person_id == StandIn.person_id,
                theirs.status.in_(LIVE),
            ),
        )
        .outerjoin(
            Membership,
            and_(
                Membership.person_id == Person.id,
                Membership.kind == MembershipKind.PRIMARY,
                Membership.valid_to.is_(None),
            ),
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(EventInvitation.event_id == event_id)
        .order_by(Person.stroke_key, Person.id)
    )
    return [
        Invited(
            *(row[0], row[1], row[2] or "", row[3], row[4] is not None, row[5] or ""),
            *(row[6], row[7] or "", row[8] or "", row[9]),
        )
        for row in rows
    ]


def events_awaiting_answers() -> Sequence[int]:
    """Return the events by invitation whose time to answer ends within two days."""
    now = clock.now()
    closes_at = func.coalesce(Event.signup_closes_at, Event.starts_at)
    return db.session.scalars(
        select(Event.id)
        .where(
            Event.audience == Audience.INVITED,
            Event.state == EventState.PUBLISHED,
            Event.starts_at > now,
            closes_at > now,
            closes_at <= now + REMINDED_BEFORE,
        )
        .order_by(Event.starts_at, Event.id)
    ).all()


def silent(event_id: int, moment: datetime) -> Select[int]:
    """Select the invited who have answered nothing; not whoever was invited half a day ago."""
    answered = select(Signup.person_id).where(Signup.event_id == event_id)
    return select(EventInvitation.person_id).where(
        EventInvitation.event_id == event_id,
        EventInvitation.invited_at <= moment - JUST_INVITED,
        EventInvitation.person_id.not_in(answered),
        EventInvitation.person_id.not_in(excused(event_id)),
    )


def find_refusal(event_id: int, person: Somebody) -> InvitationRefusal | None:
    """Return that the person cannot come, if that was answered."""
    return db.session.scalar(
        select(InvitationRefusal).where(
            InvitationRefusal.event_id == event_id, InvitationRefusal.person_id == person.id
        )
    )
