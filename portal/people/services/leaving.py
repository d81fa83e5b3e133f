"""Whoever leaves no longer acts there: grants end with the relation, the account with the last.

A duty over an organisation in which somebody never had a relation, an officer's for instance,
stays as long as there is any relation left. The three administrators belong to no organisation;
the security administrator alone takes them out of their office.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.people.models import Account, Membership, Organisation, RoleGrant
from portal.people.models.account import ADMINISTRATORS

REASON = "离开所在组织"


@dataclass(frozen=True)
class Departure:
    """Somebody's relation to an organisation (its path) that has ended."""

    person_id: int
    path: str


def end_what_was_left(
    departures: Collection[Departure], *, day: date, actor: audit.Acting | None
) -> list[RoleGrant]:
    """End what hung on relations that hold no more from `day` on; return the grants that end.

    Asked when the relations have been closed and flushed. What lies behind stays as it was:
    a departure noted late ends everything today.
    """
    if not departures:
        return []
    left: defaultdict[int, list[str]] = defaultdict(list)
    for departure in departures:
        left[departure.person_id].append(departure.path)
    staying = _paths_from(day, left)
    last_day = max(day, clock.today()) - timedelta(days=1)
    ended = [
        grant
        for grant in _grants_after(last_day, left)
        if _has_left(grant, left[grant.person_id], staying[grant.person_id])
    ]
    for grant in ended:
        _end_grant(grant, last_day, actor)
    _end_accounts([person_id for person_id in left if not staying[person_id]], last_day, actor)
    db.session.flush()
    return ended


def _has_left(grant: RoleGrant, left: Collection[str], staying: Collection[str]) -> bool:
    if grant.organisation is None:
        return False
    over = grant.organisation.path
    if any(path.startswith(over) for path in staying):
        return False
    return not staying or any(path.startswith(over) for path in left)


def _paths_from(day: date, people: Collection[int]) -> defaultdict[int, list[str]]:
    """Return the organisations to which the people have a relation on that day or later."""
    rows = db.session.execute(
        select(Membership.person_id, Organisation.path)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id.in_(people),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
        )
    )
    paths: defaultdict[int, list[str]] = defaultdict(list)
    for person_id, path in rows:
        paths[person_id].append(path)
    return paths


def _grants_after(last_day: date, people: Collection[int]) -> Collection[RoleGrant]:
    return db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.person_id.in_(people), _goes_on(last_day))
        .order_by(RoleGrant.id)
        .options(joinedload(RoleGrant.organisation))
    ).all()


def _goes_on(last_day: date) -> ColumnElement[bool]:
    return or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > last_day)


def _end_grant(grant: RoleGrant, last_day: date, actor: audit.Acting | None) -> None:
    grant.valid_to = last_day
    audit.record(
        "role.withdrawn",
        grant,
        actor=actor,
        person_id=grant.person_id,
        role=grant.role.label,
        reason=REASON,
        valid_to=last_day,
    )


def _end_accounts(people: Collection[int], last_day: date, actor: audit.Acting | None) -> None:
    if not people:
        return
    administrators = select(RoleGrant.person_id).where(
        and_(RoleGrant.role.in_(ADMINISTRATORS), _goes_on(last_day))
    )
    accounts = db.session.scalars(
        select(Account)
        .where(
            Account.person_id.in_(people),
            Account.person_id.not_in(administrators),
            or_(Account.expires_on.is_(None), Account.expires_on > last_day),
        )
        .with_for_update()
    )
    for account in accounts.all():
        audit.record(
            "account.expiry_set",
            account,
            actor=actor,
            before=account.expires_on,
            after=last_day,
            reason=REASON,
        )
        account.expires_on = last_day
