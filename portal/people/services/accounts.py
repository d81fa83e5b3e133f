"""Accounts: the system administrator makes and keeps them, the security administrator confirms.

Two of the three powers meet here (DOMAIN 3.1): a new account opens nothing until the other
administrator has confirmed it, and nobody makes an account and its rights alone.
"""

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Account, PasswordHistory, Person
from portal.people.queries import written_username
from portal.people.services.passwords import PasswordRules
from portal.people.services.sessions import end_login_sessions
from portal.people.services.signing_in import LockRules, forgive

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")


def create_account(
    *,
    person: Person,
    username: str,
    password_hash: str,
    actor: audit.Acting | None,
    must_change_password: bool = True,
    is_confirmed: bool = False,
    expires_on: date | None = None,
) -> Account:
    """Make the one account of a person, waiting to be confirmed; raise InvalidInputError.

    `is_confirmed` is for the first three administrators and the demo, which no security
    administrator could confirm.
    """
    name = checked_username(username)
    now = clock.now()
    account = Account(
        username=name,
        person_id=person.id,
        password_hash=password_hash,
        password_changed_at=now,
        must_change_password=must_change_password,
        confirmed_at=now if is_confirmed else None,
        expires_on=expires_on,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError as error:
        if db.session.scalar(select(Account.id).where(Account.person_id == person.id)):
            raise ConflictError("这个人已经有账号了。") from error
        raise InvalidInputError("这个用户名已经有人使用，请换一个。", field="username") from error
    audit.record("account.created", account, actor=actor, username=name, person=person.name)
    return account


def checked_username(typed: str) -> str:
    """Return the user name in its one spelling; raise InvalidInputError if it cannot be one."""
    name = written_username(typed)
    if not _USERNAME.fullmatch(name):
        raise InvalidInputError(
            "用户名要以字母开头，3 至 32 位，只用小写字母、数字和 . _ -。", field="username"
        )
    return name


def change_password(
    *,
    account: Account,
    compared_hash: str,
    new_hash: str,
    rules: PasswordRules,
    actor: audit.Acting,
) -> None:
    """Give the account its new password and end all its sessions: the caller starts a new one.

    `compared_hash` is the one that the typed present password was compared with: raise
    ConflictError if it has been changed in the meantime.
    """
    if account.password_hash != compared_hash:
        raise ConflictError("密码刚刚在别处改过了，这次没有改动。请用新密码重新登录。")
    _replace_password(account, new_hash, rules, must_change=False)
    end_login_sessions(account)
    audit.record("account.password_changed", account, actor=actor)


def reset_password(
    *, account: Account, new_hash: str, rules: PasswordRules, actor: audit.Acting | None
) -> None:
    """Give the account a one-time password; whoever is signed in with the old one is out."""
    _replace_password(account, new_hash, rules, must_change=True)
    end_login_sessions(account)
    audit.record("account.password_reset", account, actor=actor)


def former_hashes(account: Account, *, rules: PasswordRules) -> list[str]:
    """Return the present hash and those of the last passwords, as many as the rule remembers."""
    kept = db.session.scalars(
        select(PasswordHistory.password_hash)
        .where(PasswordHistory.account_id == account.id)
        .order_by(PasswordHistory.id.desc())
        .limit(max(rules.history - 1, 0))
    )
    return [account.password_hash, *kept]


def deactivate(*, account: Account, actor: audit.Acting) -> None:
    """Shut the account and end its sessions at once."""
    if not account.is_active:
        raise ConflictError("这个账号已经停用。")
    account.is_active = False
    end_login_sessions(account)
    audit.record("account.deactivated", account, actor=actor)


def reactivate(*, account: Account, actor: audit.Acting) -> None:
    """Open the account again; the security administrator has to confirm it once more."""
    if account.is_active:
        raise ConflictError("这个账号正在使用中。")
    account.is_active = True
    account.confirmed_at = None
    audit.record("account.reactivated", account, actor=actor)


def unlock(*, account: Account, locks: LockRules, actor: audit.Acting) -> None:
    """Lift the lock before its time and clear the account's failures."""
    if not account.is_locked_at(clock.now()):
        raise ConflictError("这个账号没有锁定。")
    forgive(account, locks)
    audit.record("account.unlocked", account, actor=actor)


def set_expiry(*, account: Account, expires_on: date | None, actor: audit.Acting) -> None:
    """Set the last day of the account; None is without end."""
    if expires_on is not None and expires_on < clock.today():
        raise InvalidInputError(
            "到期日不能早于今天；要立即停止使用请停用账号。", field="expires_on"
        )
    audit.record(
        "account.expiry_set", account, actor=actor, before=account.expires_on, after=expires_on
    )
    account.expires_on = expires_on


def confirm(*, account: Account, actor: audit.Acting) -> None:
    """Let a waiting account in as a participant, without any further role."""
    if account.confirmed_at is not None:
        raise ConflictError("这个账号已经确认过了。")
    account.confirmed_at = clock.now()
    audit.record("account.confirmed", account, actor=actor)


def _replace_password(
    account: Account, new_hash: str, rules: PasswordRules, *, must_change: bool
) -> None:
    now = clock.now()
    db.session.add(
        PasswordHistory(account_id=account.id, password_hash=account.password_hash, created_at=now)
    )
    account.password_hash = new_hash
    account.password_changed_at = now
    account.must_change_password = must_change
    db.session.flush()
    _forget_oldest(account, rules)


def _forget_oldest(account: Account, rules: PasswordRules) -> None:
    """Keep no more former passwords than the rule looks at."""
    old = db.session.scalars(
        select(PasswordHistory)
        .where(PasswordHistory.account_id == account.id)
        .order_by(PasswordHistory.id.desc())
        .offset(max(rules.history - 1, 0))
    ).all()
    for row in old:
        db.session.delete(row)
    db.session.flush()
