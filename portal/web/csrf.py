"""Every unsafe request carries a token (form field `csrf_token` or header `X-CSRFToken`)."""

from functools import lru_cache

from flask import Flask, Response, current_app, g, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from itsdangerous import URLSafeTimedSerializer

from portal.web import once
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
    if once.is_made():
        return once.TOKEN
    kept: str | None = g.get(_NAME)
    if kept is not None:
        return kept
    secret = session.get(_NAME)
    if not isinstance(secret, str):
        return str(generate_csrf())
    signed = _signed(secret, str(current_app.secret_key))
    setattr(g, _NAME, signed)
    return signed


@lru_cache(maxsize=4096)
def _signed(secret: str, key: str) -> str:
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))


def init_app(app: Flask) -> None:
    """Check the token before any view runs; give templates theirs."""
    protect.init_app(app)
    # In place of Flask-WTF's own, which signs anew at each request; macros know globals alone.
    app.context_processor(lambda: {_NAME: token})
    app.add_template_global(token, _NAME)
    app.register_error_handler(CSRFError, _refuse)
