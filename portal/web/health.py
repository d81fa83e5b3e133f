"""For operators: is the process alive, is the database reachable and up to date.

Rooms add to `concerns` what an operator should look at though the portal works.
"""

from collections.abc import Callable

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.database import db

bp = Blueprint("health", __name__)

# Each returns one Chinese sentence, or None where all is well.
concerns: list[Callable[[], str | None]] = []


def pending_migrations() -> bool:
    """Return whether the database is behind the code."""
    folder = current_app.extensions["migrate"].directory
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current != ScriptDirectory(str(folder)).get_current_head()


def concerned_about() -> list[str]:
    """Return what an operator should look at."""
    return [sentence for concern in concerns if (sentence := concern()) is not None]


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """The database answers and has every migration; concerns follow, a line each."""
    try:
        behind = pending_migrations()
        said = [] if behind else concerned_about()
    except SQLAlchemyError:
        return Response("database unreachable\n", status=503, mimetype="text/plain")
    if behind:
        return Response("migrations pending\n", status=503, mimetype="text/plain")
    return Response("\n".join(["ok", *said, ""]), mimetype="text/plain")


healthz.access_level = "public"  # type: ignore[attr-defined]
readyz.access_level = "public"  # type: ignore[attr-defined]


def init_app(app: Flask) -> None:
    """Answer /healthz and /readyz."""
    app.register_blueprint(bp)
