"""The list of events."""

from werkzeug.wrappers import Response

from portal.events.views.blueprint import bp
from portal.people.access import signed_in
from portal.web.templating import render


@bp.get("/")
@signed_in
def index() -> Response:
    """The list of events."""
    return render("events/index.html")
