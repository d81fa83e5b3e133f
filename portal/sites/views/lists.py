"""The list of sites, and the same sites on the map."""

from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.people.access import allowed, current_reader
from portal.sites import picture_queries, policies, queries
from portal.sites.filters import Filters, View
from portal.sites.models import SiteKind, SiteState
from portal.sites.views.blueprint import bp
from portal.web import htmx
from portal.web.forms import trimmed
from portal.web.numbers import asked_number
from portal.web.templating import render


def asked_filters() -> Filters:
    """Return the filters of this request; nonsense asks for nothing."""
    args = request.args
    kind, state, view = args.get("kind", ""), args.get("state", ""), args.get("view", "")
    return Filters(
        q=(trimmed(args.get("q")) or "")[:100],
        kind=SiteKind(kind) if kind in set(SiteKind) else None,
        state=SiteState(state) if state in set(SiteState) else None,
        org=asked_number("org"),
        view=View(view) if view in set(View) else View.LIST,
    )


def canonical(filters: Filters, **more: object) -> str:
    """Return the address of the list with these filters, without empty ones."""
    kept: dict[str, object] = {
        "q": filters.q,
        "kind": filters.kind.value if filters.kind else "",
        "state": filters.state.value if filters.state else "",
        "org": filters.org,
        "view": "" if filters.view is View.LIST else filters.view.value,
        **more,
    }
    query = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
    return f"{url_for('sites.index')}?{query}" if query else url_for("sites.index")


@bp.get("/")
@allowed(policies.may_see_sites)
def index() -> Response:
    """Sites by words, kind, state and organisation, all of it in the address; or on the map."""
    reader, filters = current_reader(), asked_filters()
    number = asked_number("page") or 1
    on_map = filters.view is View.MAP
    found = None if on_map else queries.page_of_list(reader, filters, number)
    rows = queries.on_the_map(reader, filters) if found is None else found.rows
    ids = [row.id for row in rows]
    response = render(
        "sites/index.html",
        block="results",
        found=found,
        rows=rows,
        titles={} if on_map else queries.titles_of(ids),
        covers={} if on_map else picture_queries.covers_of(ids),
        facts=queries.row_facts(ids),
        filters=filters,
        kinds=list(SiteKind),
        states=list(SiteState),
        organisations=queries.organisations_to_choose(),
        may_create=policies.may_create(reader),
        may_watch=policies.may_watch_reviews(reader),
        ways=[(view, canonical(_as(filters, view))) for view in View],
    )
    if htmx.is_fragment_request():
        more = {"page": number} if number > 1 and not on_map else {}
        htmx.push_address(response, canonical(filters, **more))
    return response


def _as(filters: Filters, view: View) -> Filters:
    return Filters(filters.q, filters.kind, filters.state, filters.org, view)
