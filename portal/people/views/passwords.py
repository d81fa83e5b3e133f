"""Changing one's own password."""

from werkzeug.wrappers import Response

from portal.people.access import signed_in
from portal.people.views.blueprint import bp
from portal.web.templating import render


@bp.get("/me/password")
@signed_in
def password() -> Response:
    """The form for a new password."""
    return render("people/password.html")
