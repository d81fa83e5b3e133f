"""One request, one transaction: `@writes` marks the views that change something.

The transaction is begun as a writing one before the reader is even loaded, so that what a
policy was asked about is what the service changes. It commits when the view answers with
less than 400, and leaves nothing behind otherwise.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, make_response, request
from sqlalchemy.orm.exc import StaleDataError

from portal.database import begin_write, db
from portal.errors import ConflictError

View = Callable[..., Any]
FIRST_FAILURE = 400


def writes(view: View) -> View:
    """Commit what the view changed, once, if it answers with success."""

    @wraps(view)
    def committing(*args: Any, **kwargs: Any) -> Any:
        try:
            response = make_response(view(*args, **kwargs))
            if response.status_code < FIRST_FAILURE:
                db.session.commit()
            else:
                db.session.rollback()
        except StaleDataError as error:
            db.session.rollback()
            raise ConflictError("别人刚刚改动过这里，您的修改没有保存。请刷新后再试。") from error
        except BaseException:
            db.session.rollback()
            raise
        return response

    committing.writes = True  # type: ignore[attr-defined]
    return committing


def _begin() -> None:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "writes", False):
        begin_write()


def init_app(app: Flask) -> None:
    """Begin the transaction of a view that writes before anything is read."""
    app.before_request(_begin)
