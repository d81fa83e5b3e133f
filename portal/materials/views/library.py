"""The library: what one may use, found by words, kind and organisation."""

from typing import Any
from urllib.parse import urlencode

from flask import url_for
from werkzeug.wrappers import Response

from portal.materials import queries
from portal.materials.filters import Filters
from portal.materials.models import MaterialKind
from portal.materials.storage import size_words
from portal.materials.views.asking import asked_filters
from portal.materials.views.blueprint import bp
from portal.people.access import allowed, current_reader
from portal.people.policies import may_upload
from portal.web import htmx
from portal.web.numbers import asked_number
from portal.web.templating import render

bp.add_app_template_filter(size_words)


@bp.get("/")
@allowed(may_upload)
def index() -> Response:
    """What is in the library; the filters stand in the address."""
    reader = current_reader()
    filters = asked_filters()
    number = asked_number("page") or 1
    response = render(
        "materials/index.html",
        block="results",
        found=queries.page_of_library(reader, filters, number),
        filters=filters,
        kinds=list(MaterialKind),
        owners=queries.owners_to_choose(reader),
    )
    if htmx.is_fragment_request():
        more = {"page": number} if number > 1 else {}
        htmx.push_address(response, _address(filters, **more))
    return response


def _address(filters: Filters, **more: Any) -> str:
    kept = {
        "q": filters.q,
        "kind": filters.kind.value if filters.kind else "",
        "org": filters.org,
        "state": "archived" if filters.is_archived else "",
        **more,
    }
    query = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
    return f"{url_for('materials.index')}?{query}" if query else url_for("materials.index")
