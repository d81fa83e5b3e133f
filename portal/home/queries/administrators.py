"""What waits for the three administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.audit.models import AuditEntry, AuditHead
from portal.database import db
from portal.people.models import (
    Account,
    Person,
    RoleGrant,
)


@dataclass(frozen=True)
class Chain:
    """How long the audit chain is, and when its last link was added."""

    length: int
    last_at: datetime | None


def accounts_waiting(*, limit: int) -> Sequence[Account]:
    """Return the accounts that nobody has confirmed, longest waiting first."""
    return db.session.scalars(
        select(Account)
        .where(Account.confirmed_at.is_(None), Account.is_active)
        .order_by(Account.created_at, Account.id)
        .limit(limit)
        .options(joinedload(Account.person))
    ).all()


def accounts_locked(*, limit: int) -> Sequence[Account]:
    """Return the accounts that too many failures keep shut now."""
    return db.session.scalars(
        select(Account)
        .where(Account.locked_until > clock.now(), Account.is_active)
        .order_by(Account.locked_until)
        .limit(limit)
        .options(joinedload(Account.person))
    ).all()


def accounts_expiring(*, within: timedelta, limit: int) -> Sequence[Account]:
    """Return the accounts whose last day is near or over, soonest first."""
    return db.session.scalars(
        select(Account)
        .where(
            Account.expires_on.is_not(None),
            Account.expires_on <= clock.today() + within,
            Account.is_active,
        )
        .order_by(Account.expires_on)
        .limit(limit)
        .options(joinedload(Account.person))
    ).all()


def grants_ending(*, within: timedelta, limit: int) -> Sequence[tuple[str, RoleGrant]]:
    """Return name and grant where a role ends soon, soonest first."""
    today = clock.today()
    rows = db.session.execute(
        select(Person.name, RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.valid_to >= today, RoleGrant.valid_to <= today + within)
        .order_by(RoleGrant.valid_to)
        .limit(limit)
        .options(joinedload(RoleGrant.organisation))
    )
    return [(name, grant) for name, grant in rows]


def chain() -> Chain:
    """Return the state of the audit chain as its head says it; nothing is verified here."""
    row = db.session.execute(
        select(AuditHead.last_id, AuditEntry.at).outerjoin(
            AuditEntry, AuditEntry.id == AuditHead.last_id
        )
    ).one()
    return Chain(*row)
