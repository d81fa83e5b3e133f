"""Questions about organisations, persons and accounts."""

import hashlib
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.people import hooks
from portal.people.models import (
    Account,
    LoginSession,
    Membership,
    MembershipKind,
    Organisation,
    Person,
    PersonKey,
    RoleGrant,
)
from portal.people.naming import typed_key
from portal.people.readers import Duty, Reader, SignedIn, Somewhere, Unit
from portal.statements import Ready
from portal.told import Told

# Where the columns of the reader, and of a grant, begin in the line of a session.
_OF_SESSION, _OF_READER = 12, 14

# The character after every other: closes the range of keys that start with a prefix.
_LAST = "\U0010ffff"


_ACTOR = Told(Person, is_first=True)
_GRANT = Told(RoleGrant, is_first=True, organisation=Told(Organisation))
_GRANTED = _GRANT.related["organisation"].table
_ACTING = Ready(
    select(*_ACTOR.columns, *_GRANT.columns)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(_GRANTED, _GRANTED.id == RoleGrant.organisation_id)
    .where(Person.id == bindparam("person_id"))
    .order_by(RoleGrant.id)
)
_ACCOUNT = (
    select(Account)
    .where(Account.id == bindparam("account_id"))
    .options(
        joinedload(Account.person).joinedload(Person.grants).joinedload(RoleGrant.organisation)
    )
)


@lru_cache(maxsize=8)
def _signed_in(unread: tuple[hooks.Unread, ...]) -> Ready:
    """Build, once, the one question of every request: a line for each grant of the reader.

    The columns stand as SignedIn, Reader, Duty and Unit have them.
    """
    numbers: ColumnElement[int] = literal(0)
    for number_of in unread:
        numbers = numbers + number_of(LoginSession.__table__.c.account_id)
    session = (
        LoginSession.id,
        LoginSession.created_at,
        LoginSession.last_seen_at,
        LoginSession.ended_at,
        Account.id,
        Account.username,
        Account.is_active,
        Account.expires_on,
        Account.must_change_password,
        Account.password_changed_at,
        Account.confirmed_at,
        numbers,
    )
    unit = (Organisation.id, Organisation.name, Organisation.short_name, Organisation.path)
    return Ready(
        select(*session, Person.id, Person.name)
        .add_columns(RoleGrant.role, RoleGrant.valid_from, RoleGrant.valid_to, *unit)
        .join(Account, Account.id == LoginSession.account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(LoginSession.token_hash == bindparam("token_hash"))
        .order_by(RoleGrant.id)
    )


def token_hash(token: str) -> str:
    """Return what is kept of a session token: its SHA-256, hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_signed_in(token: str) -> SignedIn | None:
    """Return the session and its reader in plain values: what every page asks first."""
    wanted = _signed_in(tuple(hooks.unread))
    rows = wanted.rows({"token_hash": token_hash(token)})
    if not rows:
        return None
    grants = tuple(_duty(row[_OF_READER:]) for row in rows if row[_OF_READER] is not None)
    reader_id, name = rows[0][_OF_SESSION:_OF_READER]
    return SignedIn._make((*rows[0][:_OF_SESSION], Reader(reader_id, name, grants)))


def _duty(columns: Sequence[Any]) -> Duty:
    role, valid_from, valid_to, *unit = columns
    return Duty(role, None if unit[0] is None else Unit(*unit), valid_from, valid_to)


def find_acting(person_id: int) -> Person | None:
    """Return the person as an entity with grants and their organisations, to say who acts."""
    rows = _ACTING.rows({"person_id": person_id})
    if not rows:
        return None
    found = _ACTOR.attached(tuple(rows[0][: _ACTOR.width]))
    grants = [tuple(row[_ACTOR.width :]) for row in rows]
    own = [_GRANT.attached(grant) for grant in grants if grant[_GRANT.id_at] is not None]
    set_committed_value(found, "grants", own)
    return found


def find_account(account_id: int) -> Account | None:
    """Return the account as an entity with its person, grants and their organisations."""
    return db.session.scalars(_ACCOUNT, {"account_id": account_id}).unique().one_or_none()


def written_username(typed: str) -> str:
    """Return a user name in its one spelling: half-width, small letters, no space around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()[:40]


def ids_named(name: str) -> Sequence[int]:
    """Return the persons who bear exactly this name, or whose account has it as user name."""
    by_username = select(Account.person_id).where(Account.username == written_username(name))
    return db.session.scalars(
        select(Person.id).where(or_(Person.name == name, Person.id.in_(by_username)))
    ).all()


def organisation(organisation_id: int) -> Organisation:
    """Return one organisation; raise NotFoundError."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFoundError("没有找到这个组织。")
    return found


def organisations(within: Collection[Somewhere] | None = None) -> Sequence[Organisation]:
    """Return organisations open today in tree order; only those in `within`'s subtrees."""
    today = clock.today()
    wanted = select(Organisation).where(
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today)
    )
    if within is not None:
        wanted = wanted.where(in_subtrees(within))
    return db.session.scalars(wanted.order_by(Organisation.path)).all()


def in_subtrees(roots: Collection[Somewhere]) -> ColumnElement[bool]:
    """Return the condition that an organisation lies in one of the subtrees."""
    if not roots:
        return Organisation.id.is_(None)
    return or_(*(begins_with(Organisation.path, root.path) for root in roots))


def begins_with(column: ColumnElement[str] | object, prefix: str) -> ColumnElement[bool]:
    """Return the condition that a bytewise-sorted column starts with `prefix`: an index range."""
    typed: ColumnElement[str] = column  # type: ignore[assignment]
    return and_(typed >= prefix, typed < prefix + _LAST)


def members_on(day: date, roots: Collection[Somewhere]) -> Select[Person]:
    """Return the persons whose primary branch lies in the subtrees on that day."""
    return (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.kind == MembershipKind.PRIMARY,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
            in_subtrees(roots),
        )
    )


def matches(typed: str) -> ColumnElement[bool]:
    """Return the condition that a person is found by name, pinyin, initials or phone tail."""
    key = begins_with(PersonKey.key, typed_key(typed))
    return Person.id.in_(select(PersonKey.person_id).where(key))


def person(person_id: int) -> Person:
    """Return one person with memberships and posts; raise NotFoundError."""
    found = db.session.scalar(
        select(Person)
        .where(Person.id == person_id)
        .options(
            selectinload(Person.memberships).joinedload(Membership.organisation),
            selectinload(Person.posts),
        )
    )
    if found is None:
        raise NotFoundError("没有找到这个人。")
    return found
