"""Care mode (关怀模式): three sizes, remembered in the browser with or without an account."""

from flask import Flask, request
from werkzeug.wrappers import Response

LEVELS = {0: "标准", 1: "大字", 2: "特大字"}
COOKIE = "care"
_ONE_YEAR = 365 * 24 * 3600


def level() -> int:
    """Return the size this browser asked for: 0 standard, 1 large, 2 largest."""
    text = request.cookies.get(COOKIE, "0")
    return int(text) if text in {"0", "1", "2"} else 0


def remember(response: Response, chosen: int) -> Response:
    """Keep the size in the browser."""
    response.set_cookie(
        COOKIE,
        str(chosen),
        max_age=_ONE_YEAR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure,
    )
    return response


def init_app(app: Flask) -> None:
    """Let every template know the size."""
    app.add_template_global(level, "care_level")
