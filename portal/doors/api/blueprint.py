"""The blueprint of the API: no session, no cookie, no CSRF; its refusals are problems."""

from flask import Blueprint, Flask, Response, current_app

from portal.doors.api import problems
from portal.doors.limits import Limits
from portal.web import csrf, errors

PREFIX = "/api/v1"
LIMITS = "door_limits"

bp = Blueprint("door_api", __name__, url_prefix=PREFIX)
csrf.protect.exempt(bp)
bp.register_error_handler(problems.Problem, problems.answer)


@bp.after_request
def _for_nobody_else(response: Response) -> Response:
    """Nothing that a device is told is kept on the way."""
    response.headers["Cache-Control"] = "no-store"
    return response


def limits() -> Limits:
    """Return what counts the requests of this process, made when the first one comes."""
    config = current_app.config
    found: Limits | None = current_app.extensions.get(LIMITS)
    if found is None:
        made = Limits(
            redis_url=str(config["PORTAL_REDIS_URL"]),
            per_token=int(config["PORTAL_API_PER_MINUTE"]),
            wrong_per_address=int(config["PORTAL_API_WRONG_TOKENS"]),
        )
        found = current_app.extensions.setdefault(LIMITS, made)
    return found


def init_app(_app: Flask) -> None:
    """Tell everything under /api/v1/ that goes wrong as a problem."""
    errors.speak_at(f"{PREFIX}/", problems.refusal)
