"""Every unsafe request carries a token (form field `csrf_token` or header `X-CSRFToken`)."""

from functools import lru_cache

from flask import Flask, Response, current_app, g, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from itsdangerous import URLSafeTimedSerializer

from portal.web.again import what_was_sent
from portal.web.errors import refusal_page

protect = CSRFProtect()
# What the token is called in the session, in forms and for the length of a request.
_NAME = "csrf_token"


def _refuse(_error: CSRFError) -> Response:
    return refusal_page(
        400,
        "页面已过期",
        "这个页面打开得太久，或者登录已变化，刚才的操作没有生效。请再提交一次，或者刷新页面后重填。",
        sent=what_was_sent(),
    )


def token() -> str:
    """Return the token that forms carry: the session's own secret, signed.

    It has no end of its own, only the session's, so that one signature serves every page of it.
    """
    secret = session.get(_NAME)
    if isinstance(secret, str) and _NAME not in g:
        setattr(g, _NAME, _signed(secret, str(current_app.secret_key)))
    return str(generate_csrf())


@lru_cache(maxsize=4096)
def _signed(secret: str, key: str) -> str:
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))


def init_app(app: Flask) -> None:
    """Check the token before any view runs; give templates theirs."""
    protect.init_app(app)
    app.context_processor(lambda: {"csrf_token": token})
    app.register_error_handler(CSRFError, _refuse)
