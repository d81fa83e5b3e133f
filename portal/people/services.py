"""Changes to accounts and sessions."""

import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import update

from portal import clock
from portal.database import db
from portal.people.models import Account, LoginSession
from portal.people.queries import find_account, token_hash


def open_login_session(*, account: Account, address: str, browser: str) -> str:
    """Start a session and return its token, which is kept nowhere but in the cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        LoginSession(
            account_id=account.id,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            address=address[:60],
            browser=browser[:200],
        )
    )
    account.last_login_at = now
    account.last_login_address = address[:60]
    db.session.flush()
    return token


def session_is_live(login_session: LoginSession, *, idle: timedelta, absolute: timedelta) -> bool:
    """Return whether a session still opens doors: not ended, not idle, not too old."""
    now = clock.now()
    account = login_session.account
    return (
        login_session.ended_at is None
        and now - login_session.last_seen_at < idle
        and now - login_session.created_at < absolute
        and account.is_active
        and (account.expires_on is None or clock.today() <= account.expires_on)
    )


def touch_login_session(session_id: int) -> None:
    """Note that the session is in use now."""
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=clock.now())
    )


def end_login_session(login_session: LoginSession) -> None:
    """End the session for good."""
    login_session.ended_at = clock.now()
    db.session.flush()


LOGIN_REFUSED = "用户名或密码不正确，或者账号暂时不能登录。连续 5 次失败后锁定 30 分钟。"
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when there is no such account, so that the answer takes as long as any other.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Return the argon2id hash (t=2, 19 MiB, p=1)."""
    return _hasher.hash(password)


def check_password(*, username: str, password: str, address: str) -> Account | None:
    """Return the account if the password opens it now, else None; both take as long."""
    account = find_account(username)
    try:
        _hasher.verify(account.password_hash if account else _NOBODY, password)
    except VerificationError:
        return None
    return account if account is not None and account.is_active else None
