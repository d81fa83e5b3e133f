"""Routes as people look for them: list, page, walking sheet."""

from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.people.access import allowed, current_reader, signed_in
from portal.sites import hooks, policies
from portal.sites.models import Route
from portal.sites.routes import queries
from portal.sites.routes.views.blueprint import bp, seen, walk
from portal.web import htmx
from portal.web.forms import trimmed
from portal.web.numbers import asked_number
from portal.web.qr import qr_picture
from portal.web.templating import render


@bp.get("/")
@allowed(policies.may_see_sites)
def index() -> Response:
    """Routes with their stops and how long they take."""
    reader = current_reader()
    q = (trimmed(request.args.get("q")) or "")[:100]
    number = asked_number("page") or 1
    found = queries.page_of_list(reader, q, number)
    response = render(
        "routes/index.html",
        block="results",
        found=found,
        names=queries.names_on([row.id for row in found.rows]),
        q=q,
        may_create=policies.may_create_route(reader),
    )
    if htmx.is_fragment_request():
        page = number if number > 1 else None
        htmx.push_address(response, url_for("routes.index", q=q or None, page=page))
    return response


@bp.get("/<int:route_id>")
@signed_in
def show(route_id: int) -> Response:
    """The stops in order with times from the hour asked for, and the way on the map."""
    reader = current_reader()
    route = seen(route_id)
    return render(
        "routes/show.html",
        block="walk",
        route=route,
        may_edit=policies.may_edit_route(reader, route),
        panels=_panels(route),
        **walk(route),
    )


def _panels(route: Route) -> list[Markup]:
    """Return what the rooms above add to the page for this reader."""
    shown = []
    for panel in hooks.route_panels:
        context = panel.context(route, current_reader())
        if context is not None:
            shown.append(Markup(render_template(panel.template, route=route, **context)))  # noqa: S704
    return shown


@bp.get("/<int:route_id>/sheet")
@signed_in
def sheet(route_id: int) -> Response:
    """The walking sheet: times, places, contact, sketch and code, for paper."""
    route = seen(route_id)
    address = url_for("routes.show", route_id=route.id, _external=True)
    return render("routes/sheet.html", route=route, qr=qr_picture(address), **walk(route))
