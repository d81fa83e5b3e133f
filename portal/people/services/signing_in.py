"""Signing in: who knows the password is let in; whoever guesses is locked out.

Two steps. `attempt` reads what it needs and lets argon2 take its time, with no transaction
open. `decide` is called inside the write transaction, looks again at what may have changed
meanwhile, and alone decides: of a hundred guesses sent at once, five count and the others
find the account locked. Whatever the reason, the refusal is the same and takes as long.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.people import queries
from portal.people.models import Account, LoginFailure, Person
from portal.people.services.passwords import PasswordRules, matches


@dataclass(frozen=True)
class LockRules:
    """How many failures lock, and for how long (GB/T 22239-2019; DOMAIN 3.1 b)."""

    failures: int = 5
    # An address is shared by a whole office: it is locked when it fails on this many user
    # names, so that one forgetful person does not shut out the house. 0 = never.
    address_usernames: int = 5
    minutes: int = 30

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "LockRules":
        """Return the rules as this installation has set them."""
        return cls(
            failures=settings["PORTAL_LOCK_FAILURES"],
            address_usernames=settings["PORTAL_LOCK_ADDRESS_USERNAMES"],
            minutes=settings["PORTAL_LOCK_MINUTES"],
        )

    @property
    def window(self) -> timedelta:
        """How far back failures count, and how long a lock lasts."""
        return timedelta(minutes=self.minutes)

    @property
    def refusal(self) -> str:
        """The one sentence for every refusal."""
        return (
            "用户名或密码不正确，或者账号暂时不能登录。"
            f"连续 {self.failures} 次失败后锁定 {self.minutes} 分钟。"
        )


class Refusal(StrEnum):
    """Why somebody was not let in: for the auditor, never for the page."""

    UNKNOWN = "没有这个用户名"
    PASSWORD = "密码不正确"  # noqa: S105  a reason, not a password
    LOCKED = "账号已锁定"
    ADDRESS_LOCKED = "地址已锁定"
    INACTIVE = "账号已停用"
    EXPIRED = "账号已到期"
    ONE_TIME_OVER = "一次性密码已过期"


# What a guesser did wrong; the other refusals are not failures of whoever typed.
_GUESSES = frozenset({Refusal.UNKNOWN, Refusal.PASSWORD})


@dataclass(frozen=True)
class Attempt:
    """What was tried, and whether the password belonged to the hash read at that time."""

    username: str
    address: str
    password_hash: str | None
    matches: bool


@dataclass(frozen=True)
class Entry:
    """An account that was let in, and what it is told about the time before."""

    account: Account
    last_login_at: datetime | None
    last_login_address: str
    failures_since: int


def attempt(*, username: str, password: str, address: str) -> Attempt:
    """Compare the password, with no transaction open; an unknown name takes as long."""
    name = queries.written_username(username)
    password_hash = db.session.scalar(select(Account.password_hash).where(Account.username == name))
    db.session.rollback()
    return Attempt(name, address[:60], password_hash, matches(password, password_hash))


def decide(tried: Attempt, *, locks: LockRules, passwords: PasswordRules) -> Entry | None:
    """Let the account in, or note why not and return None; call in a write transaction."""
    account = db.session.scalar(
        select(Account)
        .where(Account.username == tried.username)
        .options(joinedload(Account.person).selectinload(Person.grants))
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    why = _refusal(tried, account, locks, passwords)
    if why is not None or account is None:
        _refuse(tried, account, why or Refusal.UNKNOWN, locks)
        return None
    entry = Entry(
        account, account.last_login_at, account.last_login_address, forgive(account, locks)
    )
    account.last_login_at = clock.now()
    account.last_login_address = tried.address
    audit.record("account.signed_in", account, actor=account.person)
    return entry


def forgive(account: Account, locks: LockRules) -> int:
    """Lift the lock and clear the account's count, not its address's; return the count."""
    account.locked_until = None
    counted = _unforgiven(account.username, locks)
    db.session.execute(
        update(LoginFailure)
        .where(LoginFailure.username == account.username, LoginFailure.is_forgiven.is_(False))
        .values(is_forgiven=True)
    )
    return counted


def is_locked(account: Account) -> bool:
    """Return whether the account is locked now."""
    return account.is_locked_at(clock.now())


def note_wrong_password(account: Account, *, address: str, locks: LockRules) -> None:
    """Count a wrong present password (typed to change it) like a failure to sign in."""
    tried = Attempt(account.username, address[:60], account.password_hash, False)
    _refuse(tried, account, Refusal.PASSWORD, locks)


def _refusal(
    tried: Attempt, account: Account | None, locks: LockRules, passwords: PasswordRules
) -> Refusal | None:
    if _address_is_locked(tried.address, locks):
        return Refusal.ADDRESS_LOCKED
    if account is None:
        return Refusal.UNKNOWN
    if account.is_locked_at(clock.now()):
        return Refusal.LOCKED
    # A password changed since it was compared is not the one that was typed.
    if not tried.matches or account.password_hash != tried.password_hash:
        return Refusal.PASSWORD
    if not account.is_active:
        return Refusal.INACTIVE
    if account.is_expired_on(clock.today()):
        return Refusal.EXPIRED
    return Refusal.ONE_TIME_OVER if passwords.is_one_time_over(account) else None


def _refuse(tried: Attempt, account: Account | None, why: Refusal, locks: LockRules) -> None:
    shown = tried.username if account is not None else "（无此用户名）"
    audit.record(
        "account.sign_in_refused", account or "Account", actor=None, username=shown, why=why.value
    )
    name = tried.username if account is not None else _unknown(tried.username)
    # No more rows than can count: hammering on one name neither fills nor slows the table.
    if why not in _GUESSES or _unforgiven(name, locks) >= locks.failures:
        return
    now = clock.now()
    db.session.execute(
        delete(LoginFailure).where(
            LoginFailure.address == tried.address, LoginFailure.at < now - 4 * locks.window
        )
    )
    db.session.add(LoginFailure(username=name, address=tried.address, at=now))
    db.session.flush()
    if account is not None and _unforgiven(name, locks) >= locks.failures:
        forgive(account, locks)
        account.locked_until = clock.now() + locks.window
        audit.record("account.locked", account, actor=None, minutes=locks.minutes)


def _unknown(username: str) -> str:
    """Return what is kept of a name that no account has: it may be a password."""
    return "?" + hashlib.sha256(username.encode()).hexdigest()[:32]


def _unforgiven(username: str, locks: LockRules) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(LoginFailure)
            .where(
                LoginFailure.username == username,
                LoginFailure.at > clock.now() - locks.window,
                LoginFailure.is_forgiven.is_(False),
            )
        )
        or 0
    )


def _address_is_locked(address: str, locks: LockRules) -> bool:
    """Return whether the address failed on too many names, and how long ago that was.

    The lock lasts its full time from the failure that reached the limit, so failures of the
    last two windows are looked at; while it is locked, none is added.
    """
    if locks.address_usernames <= 0:
        return False
    now = clock.now()
    failures = db.session.execute(
        select(LoginFailure.at, LoginFailure.username)
        .where(LoginFailure.address == address, LoginFailure.at > now - 2 * locks.window)
        .order_by(LoginFailure.at)
    ).all()
    for at, _ in failures:
        names = {name for earlier, name in failures if at - locks.window < earlier <= at}
        if len(names) >= locks.address_usernames and now < at + locks.window:
            return True
    return False
