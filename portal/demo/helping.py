"""What people of the demo have said besides: whom they sign up, and that they cannot come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.database import db
from portal.demo import organisations as places
from portal.demo.world import World
from portal.events.models import Audience, Event, EventState
from portal.people.models import Account, Person
from portal.signups import policies, queries
from portal.signups import services as signups


def help_family(world: World) -> None:
    """Let the first member of 汕头路 sign up two of the same community without an account."""
    known = {person.id for person in world.persons.values()}
    others = [one for one in world.below(places.SHANTOU) if one.id not in known]
    for person, relation in zip(others, ("母亲", "邻居"), strict=False):
        signups.grant_help(
            person=person,
            helper=world.persons["member1"],
            relation=relation,
            actor=world.persons["secretary"],
        )


def answer_invitations(now: datetime) -> None:
    """Let one who has not answered say that he cannot come, and another send a colleague."""
    coming = select(Event).where(
        Event.audience == Audience.INVITED,
        Event.state == EventState.PUBLISHED,
        Event.starts_at > now,
    )
    for event in db.session.scalars(coming.order_by(Event.starts_at)):
        silent = [one for one in queries.invited_to(event.id) if one.answer == "none"]
        if silent and policies.takes_signups(event, now):
            person = db.session.get_one(Person, silent[0].person_id)
            signups.refuse_invitation(event=event, person=person, reason="当天出差")
            _send_somebody(event, silent[1:])


def _send_somebody(event: Event, silent: Sequence[queries.Invited]) -> None:
    """Let the first who has colleagues send one of them; who answers on the home stays asked."""
    for one in silent:
        if one.person_id in _asked_at_home():
            continue
        invited = db.session.get_one(Person, one.person_id)
        colleagues = queries.colleagues(event.id, invited)
        if not colleagues:
            continue
        (person,) = queries.chosen_people([colleagues[-1].id])
        signups.send_stand_in(event=event, invited=invited, person=person, post="", actor=invited)
        return


def _asked_at_home() -> set[int]:
    """Return who keeps an invitation to answer, so that the home shows one: member1."""
    wanted = select(Account.person_id).where(Account.username == "member1")
    return set(db.session.scalars(wanted))
