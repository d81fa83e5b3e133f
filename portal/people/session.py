"""Who is signed in: flask-login over sessions that live, and end, on the server."""

import logging
from datetime import timedelta

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.audit import services as audit
from portal.people import queries
from portal.people.models import Account, LoginSession, Person
from portal.people.services import PasswordRules, sessions
from portal.web.errors import SignInRequired

log = logging.getLogger(__name__)
login_manager = LoginManager()

# `last_seen_at` is written at most this often: reading a page costs no write.
SEEN_EVERY = timedelta(minutes=1)


class Visitor(UserMixin):  # type: ignore[misc]
    """The signed-in reader for the length of a request."""

    def __init__(self, login_session: LoginSession, token: str) -> None:
        self._login_session = login_session
        self.token = token

    @property
    def login_session(self) -> LoginSession:
        """The session, with account, person and grants: read anew after a commit or rollback."""
        if not _is_whole(self._login_session):
            found = queries.find_login_session(self.token)
            if found is None:
                raise SignInRequired
            self._login_session = found
        return self._login_session

    @property
    def account(self) -> Account:
        """The account that signed in."""
        return self.login_session.account

    @property
    def person(self) -> Person:
        """The person behind the account."""
        return self.login_session.account.person

    @property
    def must_change_password(self) -> bool:
        """Whether the account has to change its password before anything else."""
        rules = PasswordRules.from_settings(current_app.config)
        return self.account.must_change_password or rules.has_aged(self.account)

    @property
    def is_kept_at_gate(self) -> bool:
        """Whether the account opens nothing yet: see portal.people.gate."""
        return self.must_change_password or self.account.confirmed_at is None

    def get_id(self) -> str:
        """What the cookie carries: the session's token, never the account's number."""
        return self.token


def _is_whole(login_session: LoginSession) -> bool:
    """Return whether everything that policies ask of the reader is in memory.

    Asked many times a request, so it looks where SQLAlchemy keeps what is loaded.
    """
    account = login_session.__dict__.get("account")
    person = account.__dict__.get("person") if account is not None else None
    return person is not None and "grants" in person.__dict__


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Visitor | None:
    login_session = queries.find_login_session(token)
    if login_session is None:
        return None
    idle = timedelta(minutes=current_app.config["PORTAL_SESSION_IDLE_MINUTES"])
    absolute = timedelta(minutes=current_app.config["PORTAL_SESSION_ABSOLUTE_MINUTES"])
    if not sessions.session_is_live(login_session, idle=idle, absolute=absolute):
        return None
    if clock.now() - login_session.last_seen_at >= SEEN_EVERY:
        g.session_to_touch = login_session.id
    return Visitor(login_session, token)


def sign_in(account: Account) -> None:
    """Start a fresh session for the account; call inside a write transaction."""
    token = sessions.open_login_session(
        account=account, address=request.remote_addr or "", browser=request.user_agent.string
    )
    session.clear()  # a session fixed before signing in is worth nothing after it
    login_session = queries.find_login_session(token)
    assert login_session is not None  # noqa: S101  it was made two lines above
    login_user(Visitor(login_session, token))


def sign_out() -> None:
    """End the session on the server, so that a copied cookie opens nothing."""
    if current_user.is_authenticated:
        sessions.end_login_session(current_user.login_session)
    logout_user()
    session.clear()


def one_less_unread(login_session: LoginSession) -> None:
    """Say on this page already that something has just been read."""
    set_committed_value(login_session, "unread", max(0, (login_session.unread or 0) - 1))


def nothing_more_unread(login_session: LoginSession) -> None:
    """Say on this page already that everything has just been read."""
    set_committed_value(login_session, "unread", 0)


def _remember_address() -> None:
    audit.address.set(request.remote_addr or "")


def _touch(response: Response) -> Response:
    """Note that the session is in use; an answer that is ready is never lost over it."""
    session_id = g.pop("session_to_touch", None)
    if session_id is not None:
        try:
            sessions.touch_login_session(session_id)
        except SQLAlchemyError as error:
            log.info("session not touched, it will be next time: %s", type(error).__name__)
    return response


def init_app(app: Flask) -> None:
    """Let flask-login ask us; note the address for the audit chain."""
    login_manager.init_app(app)
    login_manager.session_protection = None  # the server-side session is the protection
    app.before_request(_remember_address)
    app.after_request(_touch)
