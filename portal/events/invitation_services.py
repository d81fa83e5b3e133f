"""Inviting people by name, and taking them off the list."""

from collections.abc import Collection

from sqlalchemy import insert, select

from portal import clock
from portal.database import db
from portal.events import telling
from portal.events.invitation_queries import within_reach
from portal.events.models import Event, EventInvitation
from portal.events.services import save
from portal.events.states import Move, after
from portal.people.models import Person


def invite(*, event: Event, person_ids: Collection[int], actor: Person) -> int:
    """Invite people of the actor's part of the tree; return how many were not on the list yet."""
    after(event.state, Move.EDIT)
    there = select(EventInvitation.person_id).where(EventInvitation.event_id == event.id)
    wanted = within_reach(actor).where(Person.id.in_(person_ids), Person.id.not_in(there))
    fresh = [person.id for person in db.session.scalars(wanted)]
    if fresh:
        now = clock.now()
        rows = [
            {
                "event_id": event.id,
                "person_id": person_id,
                "invited_by_id": actor.id,
                "invited_at": now,
            }
            for person_id in fresh
        ]
        db.session.execute(insert(EventInvitation), rows)
        save(event, actor, "event.invite", people=fresh)
        telling.call(event=event, actor=actor)
    return len(fresh)


def withdraw(*, event: Event, person_id: int, actor: Person) -> None:
    """Take a person off the list of the invited; a sign-up that was made stays."""
    after(event.state, Move.EDIT)
    found = db.session.scalar(
        select(EventInvitation).where(
            EventInvitation.event_id == event.id, EventInvitation.person_id == person_id
        )
    )
    if found is not None:
        db.session.delete(found)
        save(event, actor, "event.uninvite", person=person_id)
