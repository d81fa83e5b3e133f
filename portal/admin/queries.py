"""Questions of the system and the security administrator about accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import contains_eager, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import (
    Account,
    AccountState,
    LoginSession,
    Membership,
    Person,
    Role,
    RoleGrant,
)
from portal.people.queries import begins_with, matches, written_username

UNUSED = "unused"
UNUSED_DAYS = 90
MOST_FOUND = 20


@dataclass(frozen=True)
class WantedAccounts:
    """What a list of accounts was asked for; "" and None ask for everybody."""

    typed: str = ""
    state: str = ""
    role: Role | None = None


def accounts(wanted: WantedAccounts) -> Select[Account]:
    """Select accounts with their persons and branches, by user name."""
    return _found(wanted).order_by(Account.username)


def accounts_by_person(wanted: WantedAccounts) -> Select[Account]:
    """Select accounts with their persons and grants: those that wait first, then by name."""
    return _found(wanted).order_by(Account.confirmed_at.isnot(None), Person.pinyin_key, Account.id)


def account(account_id: int) -> Account:
    """Return one account with person, branches and grants; raise NotFoundError."""
    found = db.session.scalar(
        select(Account)
        .join(Account.person)
        .where(Account.id == account_id)
        .options(*_with_person())
    )
    if found is None:
        raise NotFoundError("没有找到这个账号。")
    return found


def open_sessions(account_id: int) -> Sequence[LoginSession]:
    """Return the account's sessions that nobody has ended, the newest first."""
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.id.desc())
        .limit(MOST_FOUND)
    ).all()


def persons_to_give_accounts(typed: str) -> Sequence[tuple[Person, int | None]]:
    """Return persons found by name, pinyin or phone, each with the id of an account they have."""
    if not typed:
        return []
    found = db.session.execute(
        select(Person, Account.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(matches(typed))
        .order_by(Person.pinyin_key, Person.id)
        .limit(MOST_FOUND)
        .options(selectinload(Person.memberships).joinedload(Membership.organisation))
    )
    return [(person, account_id) for person, account_id in found]


def grant(account: Account, grant_id: int) -> RoleGrant:
    """Return one of the account's person's grants; raise NotFoundError."""
    found = next((grant for grant in account.person.grants if grant.id == grant_id), None)
    if found is None:
        raise NotFoundError("没有找到这项授权。")
    return found


def _found(wanted: WantedAccounts) -> Select[Account]:
    statement = select(Account).join(Account.person).options(*_with_person())
    if wanted.typed:
        by_username = begins_with(Account.username, written_username(wanted.typed))
        statement = statement.where(or_(by_username, matches(wanted.typed)))
    if wanted.state:
        statement = statement.where(_is_in_state(wanted.state))
    if wanted.role is not None:
        statement = statement.where(_holds(wanted.role))
    return statement


def _with_person() -> list[ORMOption]:
    to_person = contains_eager(Account.person)
    return [
        to_person.selectinload(Person.memberships).joinedload(Membership.organisation),
        to_person.selectinload(Person.grants).joinedload(RoleGrant.organisation),
    ]


def _is_in_state(state: str) -> ColumnElement[bool]:
    """Return the condition that `Account.state_at` says this word now."""
    now, today = clock.now(), clock.today()
    if state == UNUSED:
        since = now - timedelta(days=UNUSED_DAYS)
        last_seen = or_(
            Account.last_login_at < since,
            and_(Account.last_login_at.is_(None), Account.created_at < since),
        )
        return and_(Account.is_active, last_seen)
    is_over = and_(Account.expires_on.isnot(None), Account.expires_on < today)
    is_locked = and_(Account.locked_until.isnot(None), Account.locked_until > now)
    usable = and_(Account.is_active, ~is_over, ~is_locked)
    conditions: dict[str, ColumnElement[bool]] = {
        AccountState.INACTIVE: ~Account.is_active,
        AccountState.EXPIRED: and_(Account.is_active, is_over),
        AccountState.LOCKED: and_(Account.is_active, ~is_over, is_locked),
        AccountState.WAITING: and_(usable, Account.confirmed_at.is_(None)),
        AccountState.OPEN: and_(usable, Account.confirmed_at.isnot(None)),
    }
    return conditions[state]


def _holds(role: Role) -> ColumnElement[bool]:
    return exists().where(
        RoleGrant.person_id == Account.person_id,
        RoleGrant.role == role,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= clock.today()),
    )
