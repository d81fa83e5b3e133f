"""What the invited have answered: yes by signing up, no with a reason, or nothing yet."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from portal.database import db
from portal.events.models import EventInvitation
from portal.people.models import Membership, MembershipKind, Organisation, Person
from portal.people.readers import Somebody
from portal.signups.answer_models import InvitationRefusal
from portal.signups.models import LIVE, Signup, SignupStatus


@dataclass(frozen=True)
class Invited:
    """One of the invited: the state of the sign-up, or why there is none."""

    person_id: int
    name: str
    unit: str
    status: SignupStatus | None
    is_refused: bool
    reason: str

    @property
    def answer(self) -> str:
        """yes, no, or nothing yet."""
        return "yes" if self.status else "no" if self.is_refused else "none"


def invited_to(event_id: int) -> list[Invited]:
    """Return everybody invited by name, in the order of lists, with what was answered."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Organisation.short_name,
            Signup.status,
            InvitationRefusal.id,
            InvitationRefusal.reason,
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
        Invited(row[0], row[1], row[2] or "", row[3], row[4] is not None, row[5] or "")
        for row in rows
    ]


def find_refusal(event_id: int, person: Somebody) -> InvitationRefusal | None:
    """Return that the person cannot come, if that was answered."""
    return db.session.scalar(
        select(InvitationRefusal).where(
            InvitationRefusal.event_id == event_id, InvitationRefusal.person_id == person.id
        )
    )
