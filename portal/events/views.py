"""Pages of events."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.people.access import signed_in
from portal.web.templating import render

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("/")
@signed_in
def index() -> Response:
    """The list of events."""
    return render("events/index.html")
