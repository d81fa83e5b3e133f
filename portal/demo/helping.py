"""What people of the demo have said besides: whom they sign up, and that they cannot come."""

from datetime import datetime

from sqlalchemy import select

from portal.database import db
from portal.demo import organisations as places
from portal.demo.world import World
from portal.events.models import Audience, Event, EventState
from portal.people.models import Person
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
    """Let one of those who are invited and have not signed up answer that he cannot come."""
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
