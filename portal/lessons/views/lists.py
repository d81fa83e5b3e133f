"""The list of lessons."""

from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.lessons import list_queries, policies
from portal.lessons.list_queries import Filters, Standing
from portal.lessons.models import LessonForm
from portal.lessons.views.blueprint import bp
from portal.people.access import allowed, current_reader
from portal.people.narrowing import organisations_to_choose
from portal.web import htmx
from portal.web.forms import trimmed
from portal.web.numbers import asked_number
from portal.web.templating import render


@bp.get("/")
@allowed(policies.may_read)
def index() -> Response:
    """Lessons, found by words, series, form, state and organisation, all in the address."""
    reader = current_reader()
    is_writer = policies.may_write(reader)
    filters = _asked(is_writer)
    number = asked_number("page") or 1
    response = render(
        "lessons/index.html",
        block="results",
        found=list_queries.page_of_list(reader, filters, number),
        filters=filters,
        is_writer=is_writer,
        forms_of_lessons=tuple(LessonForm),
        states=tuple(state for state in Standing if is_writer or state.is_public),
        series=list_queries.series_to_choose(),
        organisations=organisations_to_choose(reader),
    )
    if htmx.is_fragment_request():
        htmx.push_address(response, _canonical(filters, number))
    return response


def _asked(is_writer: bool) -> Filters:
    """Return the filters of this request; nonsense asks for nothing."""
    args = request.args
    form, state = args.get("form", ""), args.get("state", "")
    standing = Standing(state) if state in set(Standing) else Standing.PUBLISHED
    return Filters(
        q=(trimmed(args.get("q")) or "")[:100],
        series=asked_number("series"),
        form=LessonForm(form) if form in set(LessonForm) else None,
        state=standing if is_writer or standing.is_public else Standing.PUBLISHED,
        org=asked_number("org"),
    )


def _canonical(filters: Filters, number: int) -> str:
    """Return the address of the list with these filters, without empty ones."""
    kept: dict[str, object] = {
        "q": filters.q,
        "series": filters.series,
        "form": filters.form.value if filters.form else "",
        "state": "" if filters.state is Standing.PUBLISHED else filters.state.value,
        "org": filters.org,
        "page": number if number > 1 else "",
    }
    asked = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
    return f"{url_for('lessons.index')}?{asked}" if asked else url_for("lessons.index")
