"""Sessions that live, and end, on the server; the browser keeps only a token."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, update

from portal import clock
from portal.database import brief_write, db
from portal.people.models import Account, LoginSession
from portal.people.queries import token_hash
from portal.people.readers import SignedIn

# Rows of sessions that have long ended are dropped when the account signs in again.
_KEPT = timedelta(days=30)


def open_login_session(*, account: Account, address: str, browser: str) -> str:
    """Start a session and return its token, which is kept nowhere but in the cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.execute(
        delete(LoginSession).where(
            LoginSession.account_id == account.id, LoginSession.created_at < now - _KEPT
        )
    )
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
    db.session.flush()
    return token


def session_is_live(found: SignedIn, *, idle: timedelta, absolute: timedelta) -> bool:
    """Return whether a session still opens doors: not ended, not idle, not too old."""
    now = clock.now()
    return (
        found.ended_at is None
        and now - found.last_seen_at < idle
        and now - found.created_at < absolute
        and found.is_active
        and (found.expires_on is None or clock.today() <= found.expires_on)
    )


def touch_login_session(session_id: int) -> None:
    """Note that the session is in use now; raise OperationalError rather than wait for others.

    On a connection of its own: the answer may still be reading from the request's one.
    """
    with brief_write() as connection:
        connection.execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
            .values(last_seen_at=clock.now())
        )


def end_login_session(session_id: int) -> None:
    """End the session for good."""
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(ended_at=clock.now())
    )


def end_login_sessions(account: Account) -> None:
    """End every session of the account."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
