"""The reader's own home, and "me"."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.people.access import signed_in
from portal.web.templating import render

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> Response:
    """What is on for me, what waits for me."""
    return render("home/index.html")


@bp.get("/me")
@signed_in
def me() -> Response:
    """My sign-ups, my attendance, my data."""
    return render("home/me.html")
