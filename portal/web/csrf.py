"""Every unsafe request carries a token (form field `csrf_token` or header `X-CSRFToken`)."""

from flask import Flask, Response
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from portal.web.again import what_was_sent
from portal.web.errors import refusal_page

protect = CSRFProtect()


def _refuse(_error: CSRFError) -> Response:
    return refusal_page(
        400,
        "页面已过期",
        "这个页面打开得太久，或者登录已变化，刚才的操作没有生效。请再提交一次，或者刷新页面后重填。",
        sent=what_was_sent(),
    )


def init_app(app: Flask) -> None:
    """Check the token before any view runs."""
    protect.init_app(app)
    app.register_error_handler(CSRFError, _refuse)
