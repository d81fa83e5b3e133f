"""The list of people, by right, and the tree of organisations."""

from werkzeug.wrappers import Response

from portal.people import policies
from portal.people.access import allowed
from portal.people.views.blueprint import bp
from portal.web.templating import render


@bp.get("/people/")
@allowed(policies.may_list_people)
def index() -> Response:
    """People of the reader's part of the tree."""
    return render("people/index.html")


@bp.get("/organisations/")
@allowed(policies.may_see_organisations)
def organisations() -> Response:
    """The tree of organisations."""
    return render("organisations/index.html")
