"""One request, one transaction: `@writes` marks the views that change something.

The transaction is begun as a writing one before the reader is even loaded, so that what a
policy was asked about is what the service changes. It commits when the view answers with
less than 400, and leaves nothing behind otherwise. What the view answers is put into words
after the commit: the next writer need not wait for that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, make_response, request
from sqlalchemy.orm.exc import StaleDataError

from portal.database import begin_write, db
from portal.errors import ConflictError
from portal.web.pages import finished, unwritten

View = Callable[..., Any]
FIRST_FAILURE = 400
# Set in the environment of a request whose change is on disk: no error may deny it.
COMMITTED = "portal.committed"


def writes(view: View) -> View:
    """Commit what the view changed, once, if it answers with success."""

    @wraps(view)
    def committing(*args: Any, **kwargs: Any) -> Any:
        session = db.session()
        # What was loaded is as it was committed: the page needs no second look at it.
        session.expire_on_commit = False
        try:
            with unwritten():
                response = make_response(view(*args, **kwargs))
            if response.status_code < FIRST_FAILURE:
                session.commit()
                request.environ[COMMITTED] = True
                finished(response)
            else:
                finished(response)
                session.rollback()
        except StaleDataError as error:
            session.rollback()
            raise ConflictError("别人刚刚改动过这里，您的修改没有保存。请刷新后再试。") from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.expire_on_commit = True
            session.expire_all()
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
