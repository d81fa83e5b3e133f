"""Which token a device speaks with, and what its maker may do today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.doors.models import DoorToken
from portal.errors import NotFoundError
from portal.people.models import Account, Person, RoleGrant


def is_live(token_hash: str, moment: datetime) -> bool:
    """Return whether a device speaks with a live token: the first, cheap question."""
    asked = {"token_hash": token_hash, "moment": moment}
    return db.session.scalar(_IS_LIVE, asked) is not None


def find_token(token_hash: str) -> tuple[DoorToken, Account] | None:
    """Return the token with its organisation, and its maker's account, grants and all."""
    found = db.session.execute(_WHOLE, {"token_hash": token_hash}).unique().one_or_none()
    return (found[0], found[1]) if found else None


def tokens_of(event_id: int) -> Sequence[DoorToken]:
    """Return the tokens of an event, the newest first."""
    return db.session.scalars(
        select(DoorToken)
        .where(DoorToken.event_id == event_id)
        .options(joinedload(DoorToken.made_by))
        .order_by(DoorToken.id.desc())
    ).all()


def standing_tokens() -> Select[Any]:
    """Select the tokens that stand for organisations, the newest first."""
    return (
        select(DoorToken)
        .where(DoorToken.organisation_id.is_not(None))
        .options(joinedload(DoorToken.made_by), joinedload(DoorToken.organisation))
        .order_by(DoorToken.id.desc())
    )


def token(token_id: int, *, event_id: int | None) -> DoorToken:
    """Return a token of this event, or with None one that stands; raise NotFoundError."""
    found = db.session.scalar(
        select(DoorToken).where(DoorToken.id == token_id, DoorToken.event_id == event_id)
    )
    if found is None:
        raise NotFoundError("没有找到这个设备令牌。")
    return found


_HASH = bindparam("token_hash", type_=DoorToken.token_hash.type)
# Asked at every request of a device: built once.
_IS_LIVE = select(DoorToken.id).where(
    DoorToken.token_hash == _HASH,
    DoorToken.revoked_at.is_(None),
    DoorToken.expires_at > bindparam("moment"),
)
_WHOLE = (
    select(DoorToken, Account)
    .join(Account, Account.person_id == DoorToken.made_by_id)
    .where(DoorToken.token_hash == _HASH)
    .options(
        joinedload(DoorToken.organisation),
        joinedload(DoorToken.made_by).joinedload(Person.grants).joinedload(RoleGrant.organisation),
    )
    .execution_options(populate_existing=True)
)
