"""Rows of the list and lines of its log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.database import db
from portal.errors import ConflictError
from portal.events.models import Event
from portal.people.models import Person
from portal.rows import put
from portal.signups.models import Signup, SignupMove, SignupOrigin, SignupStatus


def new_row(
    *,
    event: Event,
    person: Person,
    actor: Person,
    origin: SignupOrigin,
    status: SignupStatus = SignupStatus.WAITLISTED,
    party_id: int | None = None,
) -> Signup:
    """Return a sign-up that is not written yet."""
    now = clock.now()
    return Signup(
        event_id=event.id,
        person_id=person.id,
        status=status,
        origin=origin,
        signed_up_by_id=actor.id,
        created_at=now,
        confirmed_at=now if status is SignupStatus.CONFIRMED else None,
        cancel_reason="",
        precedence=0,
        party_id=party_id,
    )


def write(rows: Sequence[Signup]) -> None:
    """Write people into the list; raise ConflictError if the database knows better."""
    db.session.flush()
    try:
        for row in rows:
            put(row)
    except IntegrityError as error:
        # The index `uq_signup_live`: the same person came in by another way this very moment.
        raise ConflictError("有人刚刚已经报名，没有重复报名，请刷新后再看。") from error


def log_move(
    signup: Signup,
    before: SignupStatus | None,
    *,
    reason: str,
    actor: Person | None,
    at: datetime | None = None,
) -> None:
    """Write into the log where the sign-up has moved, and why in one sentence."""
    put(
        SignupMove(
            event_id=signup.event_id,
            signup_id=signup.id,
            from_status=before,
            to_status=signup.status,
            reason=reason[:LONGEST_SENTENCE],
            moved_by_id=actor.id if actor else None,
            at=at or clock.now(),
        )
    )


LONGEST_SENTENCE = 200
