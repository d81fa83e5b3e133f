"""Who is signed in: flask-login over sessions that live, and end, on the server."""

import logging
from datetime import timedelta
from functools import cached_property

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.audit import services as audit
from portal.people import queries
from portal.people.models import Account, Person
from portal.people.readers import Reader, SignedIn
from portal.people.services import PasswordRules, sessions
from portal.web.errors import SignInRequired

log = logging.getLogger(__name__)


class Logins(LoginManager):  # type: ignore[misc]
    """flask-login without its own protection of the cookie: the session on the server is that."""

    def _session_protection_failed(self) -> bool:
        return False


login_manager = Logins()

# `last_seen_at` is written at most this often: reading a page costs no write.
SEEN_EVERY = timedelta(minutes=1)


class Visitor(UserMixin):  # type: ignore[misc]
    """The signed-in reader for the length of a request: in plain values, entities when needed."""

    def __init__(self, signed_in: SignedIn, token: str) -> None:
        self.signed_in = signed_in
        self.unread = signed_in.unread
        self.token = token
        self._person: Person | None = None

    @property
    def reader(self) -> Reader:
        """What policies ask of the reader."""
        return self.signed_in.reader

    @property
    def account(self) -> Account:
        """The account that signed in, loaded when it is asked for."""
        found = queries.find_account(self.signed_in.account_id)
        if found is None:
            raise SignInRequired
        return found

    @property
    def person(self) -> Person:
        """The person behind the account with its grants, loaded when first asked for.

        Anew after a commit or a rollback.
        """
        if self._person is None or not _is_whole(self._person):
            self._person = queries.find_acting(self.reader.id)
        if self._person is None:
            raise SignInRequired
        return self._person

    @cached_property
    def must_change_password(self) -> bool:
        """Whether the account has to change its password before anything else."""
        rules = PasswordRules.from_settings(current_app.config)
        account = self.signed_in
        return account.must_change_password or rules.has_aged(account.password_changed_at)

    @property
    def is_kept_at_gate(self) -> bool:
        """Whether the account opens nothing yet: see portal.people.gate."""
        return self.must_change_password or self.signed_in.confirmed_at is None

    def get_id(self) -> str:
        """What the cookie carries: the session's token, never the account's number."""
        return self.token


def _is_whole(person: Person) -> bool:
    """Return whether everything that policies ask of the person is in memory.

    Asked many times a request, so it looks where SQLAlchemy keeps what is loaded.
    """
    return "grants" in person.__dict__


def visitor() -> Visitor | None:
    """Return who is signed in, None when nobody is."""
    found = current_user._get_current_object()
    return found if isinstance(found, Visitor) else None


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Visitor | None:
    signed_in = queries.find_signed_in(token)
    if signed_in is None:
        return None
    settings = current_app.config
    idle = timedelta(minutes=settings["PORTAL_SESSION_IDLE_MINUTES"])
    absolute = timedelta(minutes=settings["PORTAL_SESSION_ABSOLUTE_MINUTES"])
    if not sessions.session_is_live(signed_in, idle=idle, absolute=absolute):
        return None
    if clock.now() - signed_in.last_seen_at >= SEEN_EVERY:
        g.session_to_touch = signed_in.session_id
    return Visitor(signed_in, token)


def sign_in(account: Account) -> None:
    """Start a fresh session for the account; call inside a write transaction."""
    token = sessions.open_login_session(
        account=account, address=request.remote_addr or "", browser=request.user_agent.string
    )
    session.clear()  # a session fixed before signing in is worth nothing after it
    signed_in = queries.find_signed_in(token)
    assert signed_in is not None  # noqa: S101  it was made two lines above
    login_user(Visitor(signed_in, token))


def sign_out() -> None:
    """End the session on the server, so that a copied cookie opens nothing."""
    leaving = visitor()
    if leaving is not None:
        sessions.end_login_session(leaving.signed_in.session_id)
    logout_user()
    session.clear()


def one_less_unread() -> None:
    """Say on this page already that something has just been read."""
    reading = visitor()
    if reading is not None:
        reading.unread = max(0, reading.unread - 1)


def nothing_more_unread() -> None:
    """Say on this page already that everything has just been read."""
    reading = visitor()
    if reading is not None:
        reading.unread = 0


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
    login_manager.session_protection = None
    app.before_request(_remember_address)
    app.after_request(_touch)
