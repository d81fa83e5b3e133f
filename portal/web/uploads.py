"""Bodies larger than a form: only for views that take files, and only from who is signed in.

Everything else keeps MAX_CONTENT_LENGTH, so that nobody fills the disk from outside.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

View = Callable[..., Any]
_LARGEST = tuple(f"PORTAL_MAX_{kind}_MB" for kind in ("PICTURE", "DOCUMENT", "AUDIO", "VIDEO"))


def takes_files(view: View) -> View:
    """Let the body of this view be as large as the largest file, and a form besides.

    Such a view is no `@writes`: files are looked at before the transaction that keeps them.
    """
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def _allow() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False) and current_user.is_authenticated:
        largest = max(int(current_app.config[name]) for name in _LARGEST)
        request.max_content_length = (
            largest * 1024 * 1024 + current_app.config["MAX_CONTENT_LENGTH"]
        )


def init_app(app: Flask) -> None:
    """Decide how large a body may be before anything reads it."""
    app.before_request(_allow)
