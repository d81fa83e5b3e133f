"""Many who came without a place, registered in one act: what a door has sent."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, select, update

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person
from portal.signups import queries, seats
from portal.signups.models import LIVE, Signup, SignupMove, SignupOrigin, SignupStatus


def register_arrivals(*, event: Event, people: Collection[int], actor: Person) -> set[int]:
    """Put these persons on the list, over capacity too; return those who had waited for a place.

    As `register_walk_in`, in as many statements for five hundred as for one. Whoever has a
    place keeps it. The caller has asked `policies.takes_walk_ins`, and writes the audit entry.
    """
    confirmed, live = seats.look(event, lambda: _standing(event, people))
    now = clock.now()
    moves: list[dict[str, Any]] = []

    def move(signup_id: int, before: SignupStatus | None, words: str) -> None:
        number = confirmed + len(moves) + 1
        is_over = event.capacity is not None and number > event.capacity
        over = f"，超出名额（{number}/{event.capacity}）" if is_over else ""
        moves.append(
            {
                "event_id": event.id,
                "signup_id": signup_id,
                "from_status": before,
                "to_status": SignupStatus.CONFIRMED,
                "reason": words + over,
                "moved_by_id": actor.id,
                "at": now,
            }
        )

    waiting = {
        person_id: (signup_id, status)
        for person_id, (signup_id, status) in live.items()
        if status is not SignupStatus.CONFIRMED
    }
    if waiting:
        db.session.execute(
            update(Signup)
            .where(Signup.id.in_([signup_id for signup_id, _ in waiting.values()]))
            .values(status=SignupStatus.CONFIRMED, confirmed_at=now, offer_ends_at=None)
            .execution_options(synchronize_session="fetch")
        )
        for signup_id, before in waiting.values():
            move(signup_id, before, f"本人到场，由{before.label}转为已报名")
    rows = [
        {
            "event_id": event.id,
            "person_id": person_id,
            "status": SignupStatus.CONFIRMED,
            "origin": SignupOrigin.WALK_IN,
            "signed_up_by_id": actor.id,
            "created_at": now,
            "confirmed_at": now,
        }
        for person_id in people
        if person_id not in live
    ]
    if rows:
        for signup_id in db.session.scalars(insert(Signup).returning(Signup.id), rows).all():
            move(signup_id, None, "现场登记")
    if moves:
        db.session.execute(insert(SignupMove), moves)
    return set(waiting)


def _standing(
    event: Event, people: Collection[int]
) -> tuple[int, dict[int, tuple[int, SignupStatus]]]:
    rows = db.session.execute(
        select(Signup.person_id, Signup.id, Signup.status).where(
            Signup.event_id == event.id, Signup.person_id.in_(people), Signup.status.in_(LIVE)
        )
    )
    live = {person_id: (signup_id, status) for person_id, signup_id, status in rows}
    return queries.counts([event.id])[event.id].confirmed, live
