"""Who comes instead of whom (替会), whom one may send, and who need not come any more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select, union
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Audience, Event, EventInvitation
from portal.people.models import Membership, Person, PersonKind, Post
from portal.people.queries import matches
from portal.people.readers import Somebody
from portal.signups.answer_models import InvitationRefusal, StandIn, StandInState
from portal.signups.models import LIVE, Signup
from portal.signups.queries.audience import holds_on

MOST_COLLEAGUES = 60


@dataclass(frozen=True)
class Answered:
    """What one person has answered to an invitation, and whom the person stands in for."""

    refusal: str | None = None
    stand_in: str = ""
    # Of the last who was to stand in, if the host has not agreed: the name, and why.
    turned_down: str = ""
    why: str = ""
    stands_in_for: str = ""


def answered_by(event_id: int, person: Somebody) -> Answered:
    """Return what the person has answered to the invitation, in one question."""
    mine, theirs = aliased(StandIn), aliased(StandIn)
    sent, sender = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(
            InvitationRefusal.reason,
            mine.state,
            sent.name,
            mine.reason,
            is_standing(mine),
            sender.name,
        )
        .select_from(Person)
        .outerjoin(
            InvitationRefusal,
            and_(InvitationRefusal.event_id == event_id, InvitationRefusal.person_id == Person.id),
        )
        .outerjoin(mine, and_(mine.event_id == event_id, mine.invited_id == Person.id))
        .outerjoin(sent, sent.id == mine.person_id)
        .outerjoin(
            theirs,
            and_(theirs.event_id == event_id, theirs.person_id == Person.id, is_standing(theirs)),
        )
        .outerjoin(sender, sender.id == theirs.invited_id)
        .where(Person.id == person.id)
        .order_by(mine.id.desc())
        .limit(1)
    )
    refusal, state, name, why, stands, sender_name = rows.one()
    turned_down = state is StandInState.REFUSED
    return Answered(
        refusal=refusal,
        stand_in=name if stands else "",
        turned_down=name if turned_down else "",
        why=why if turned_down else "",
        stands_in_for=sender_name or "",
    )


def is_standing(row: Any = StandIn) -> ColumnElement[bool]:
    """Return the condition that somebody comes instead: named, and still on the list."""
    return and_(
        row.state == StandInState.STANDING,
        exists().where(
            Signup.event_id == row.event_id,
            Signup.person_id == row.person_id,
            Signup.status.in_(LIVE),
        ),
    )


def find_stand_in(event_id: int, invited: Somebody) -> StandIn | None:
    """Return who comes instead of the invited person, with the person, if anybody does."""
    return db.session.scalar(
        select(StandIn)
        .where(StandIn.event_id == event_id, StandIn.invited_id == invited.id, is_standing())
        .options(joinedload(StandIn.person), joinedload(StandIn.invited))
    )


def find_stood_in_for(event_id: int, person_id: int) -> StandIn | None:
    """Return for whom the person comes, if for anybody."""
    return db.session.scalar(
        select(StandIn)
        .where(
            StandIn.event_id == event_id,
            StandIn.person_id == person_id,
            StandIn.state == StandInState.STANDING,
        )
        .options(joinedload(StandIn.person), joinedload(StandIn.invited))
    )


def sent_others(event: Event, person_ids: Collection[int]) -> set[int]:
    """Return those of these invited people instead of whom somebody else comes."""
    if event.audience is not Audience.INVITED:
        return set()
    return set(
        db.session.scalars(
            select(StandIn.invited_id).where(
                StandIn.event_id == event.id, StandIn.invited_id.in_(person_ids), is_standing()
            )
        )
    )


def stand_in(event_id: int, stand_in_id: int) -> StandIn:
    """Return one of those who come instead, with both persons; raise NotFoundError."""
    found = db.session.scalar(
        select(StandIn)
        .where(StandIn.id == stand_in_id, StandIn.event_id == event_id)
        .options(joinedload(StandIn.person), joinedload(StandIn.invited))
    )
    if found is None:
        raise NotFoundError("没有找到这条替会。")
    return found


def left_over(event_id: int, invited: Somebody, person: Somebody) -> Sequence[StandIn]:
    """Return rows that seem to stand of either person, but whose stand-in left the list."""
    return db.session.scalars(
        select(StandIn).where(
            StandIn.event_id == event_id,
            or_(StandIn.invited_id == invited.id, StandIn.person_id == person.id),
            StandIn.state == StandInState.STANDING,
            ~is_standing(),
        )
    ).all()


def colleagues(event_id: int, person: Somebody, typed: str = "") -> Sequence[Person]:
    """Return who may stand in for the person: of the same branch or the same office.

    Not whoever is invited or on the list already. Sixty at most; more are found by name.
    """
    busy = union(
        select(EventInvitation.person_id).where(EventInvitation.event_id == event_id),
        select(Signup.person_id).where(Signup.event_id == event_id, Signup.status.in_(LIVE)),
    )
    wanted = _of_the_same_unit(person).where(Person.id.not_in(busy))
    if typed:
        wanted = wanted.where(matches(typed))
    return db.session.scalars(
        wanted.order_by(Person.stroke_key, Person.id).limit(MOST_COLLEAGUES)
    ).all()


def find_colleague(person: Somebody, person_id: int) -> Person | None:
    """Return somebody of the person's own unit; None for all others."""
    return db.session.scalar(_of_the_same_unit(person).where(Person.id == person_id))


def _of_the_same_unit(person: Somebody) -> Select[Person]:
    """Select the others of the branches and offices to which the person belongs today."""
    today = clock.today()
    mine = union(
        select(Membership.organisation_id).where(
            Membership.person_id == person.id, *holds_on(today)
        ),
        select(Post.organisation_id).where(Post.person_id == person.id, *_post_holds()),
    )
    theirs = union(
        select(Membership.person_id).where(Membership.organisation_id.in_(mine), *holds_on(today)),
        select(Post.person_id).where(Post.organisation_id.in_(mine), *_post_holds()),
    )
    return select(Person).where(
        Person.id.in_(theirs), Person.id != person.id, Person.kind == PersonKind.MEMBER
    )


def _post_holds() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    today = clock.today()
    return (
        or_(Post.valid_from.is_(None), Post.valid_from <= today),
        or_(Post.valid_to.is_(None), Post.valid_to >= today),
    )


def stood_in_for_at(event_id: int, moment: datetime) -> dict[int, tuple[int, str, str]]:
    """Return, by invited person, who came instead at that moment: id, name of the invited, post."""
    invited = aliased(Person)
    held = and_(
        Signup.event_id == StandIn.event_id,
        Signup.person_id == StandIn.person_id,
        Signup.created_at <= moment,
        or_(Signup.status.in_(LIVE), Signup.cancelled_at > moment),
    )
    rows = db.session.execute(
        select(StandIn.invited_id, StandIn.person_id, invited.name, StandIn.post)
        .join(invited, invited.id == StandIn.invited_id)
        .where(
            StandIn.event_id == event_id,
            StandIn.named_at <= moment,
            or_(StandIn.state == StandInState.STANDING, StandIn.ended_at > moment),
            exists().where(held),
        )
        .order_by(StandIn.id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def excused(event_id: int) -> CompoundSelect[int]:
    """Select the invited who need no reminder: who has said no, or sent somebody else."""
    return (
        select(InvitationRefusal.person_id)
        .where(InvitationRefusal.event_id == event_id)
        .union(select(StandIn.invited_id).where(StandIn.event_id == event_id, is_standing()))
    )
