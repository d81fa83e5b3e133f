"""Tokens of devices: made once and shown once, judged at every request, taken back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from portal import clock
from portal.audit import services as audit
from portal.database import brief_write, db
from portal.doors import policies, queries
from portal.doors.models import DoorToken
from portal.errors import ForbiddenError, InvalidInputError, NotFoundError
from portal.events.models import Event
from portal.people.models import AccountState, Organisation, Person
from portal.people.queries import token_hash

# Whoever finds one in a file knows what it is, and so do programs that look for secrets.
_PREFIX = "door_"
# `last_used_at` is written at most so often.
USED_EVERY = timedelta(minutes=1)
LONGEST_LIFE = timedelta(days=366)


@dataclass(frozen=True)
class Door:
    """A device that was let in: its token, and the event it speaks for."""

    token: DoorToken
    event: Event


def make_token(
    *,
    name: str,
    about: Event | Organisation,
    may_read: bool,
    may_write: bool,
    expires_at: datetime,
    actor: Person,
) -> tuple[DoorToken, str]:
    """Make a token for an event, or for all events of an organisation; return it and its text.

    The text is never seen again. An organisation's tokens never read rosters: those who make
    them see no business data. Raises InvalidInputError for one that would be over already,
    that lasts more than a year, or that may do nothing.
    """
    now = clock.now()
    if not now < expires_at <= now + LONGEST_LIFE:
        raise InvalidInputError("到期时间要在现在以后，最长一年。", field="expires_at")
    is_standing = isinstance(about, Organisation)
    may_read = may_read and not is_standing
    if not (may_read or may_write):
        raise InvalidInputError("请至少选择一项权限。", field="may_read")
    text = _PREFIX + secrets.token_urlsafe(32)
    made = DoorToken(
        event_id=None if is_standing else about.id,
        organisation_id=about.id if is_standing else None,
        name=name,
        token_hash=token_hash(text),
        may_read=may_read,
        may_write=may_write,
        made_at=now,
        made_by_id=actor.id,
        expires_at=expires_at,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "door.token_made",
        made,
        actor=actor,
        name=name,
        event=made.event_id,
        organisation=made.organisation_id,
    )
    return made, text


def revoke_token(*, token: DoorToken, actor: Person) -> None:
    """Take a token back at once; one that was taken back before stays so."""
    if token.revoked_at is not None:
        return
    token.revoked_at, token.revoked_by_id = clock.now(), actor.id
    db.session.flush()
    audit.record("door.token_revoked", token, actor=actor, name=token.name)


def let_in(*, presented_hash: str, event_id: int) -> Door | None:
    """Return the device and its event; None for a token that does not speak any more.

    Raises ForbiddenError for a token of another event, or whose maker may not set up this
    door any more, NotFoundError for an event that a standing door is not for.
    """
    found = queries.find_token(presented_hash)
    now = clock.now()
    if found is None or not found[0].is_live_at(now):
        return None
    token, account = found
    if token.event_id not in {None, event_id}:
        raise ForbiddenError("这个令牌是为另一次活动做的，不能用于这次活动。")
    event = queries.event_of_door(event_id)
    if event is None or (
        token.event_id is None and not policies.is_over(token.organisation, event)
    ):
        raise NotFoundError("没有这次活动，或者这个令牌管不到它。")
    has_account = account.state_at(now, clock.today()) in {AccountState.OPEN, AccountState.LOCKED}
    if not has_account or not policies.speaks_for(token, event):
        raise ForbiddenError("制作这个令牌的人已经没有相应的权限，请重新制作。")
    return Door(token, event)


def note_use(*, token_id: int, last_used_at: datetime | None) -> None:
    """Note that a token is in use, once a minute; raise OperationalError rather than wait."""
    now = clock.now()
    if last_used_at is not None and now - last_used_at < USED_EVERY:
        return
    with brief_write() as connection:
        connection.execute(
            update(DoorToken).where(DoorToken.id == token_id).values(last_used_at=now)
        )
