"""The list of events."""

from collections.abc import Mapping, Sequence

from flask import current_app, request
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import clock
from portal.events import list_queries, policies
from portal.events.filters import Filters, When
from portal.events.list_queries import MOST_ROWS, ListedEvent
from portal.events.models import EventKind
from portal.events.views.asking import asked_filters, canonical
from portal.events.views.blueprint import bp
from portal.people.access import current_reader, signed_in
from portal.people.narrowing import Choice, organisations_to_choose
from portal.web import htmx
from portal.web.forms import trimmed
from portal.web.numbers import asked_number
from portal.web.templating import made_once, render

_KEPT = "portal_event_rows"


@bp.get("/")
@signed_in
def index() -> Response:
    """What is on: found by words, kind, time and organisation, all of it in the address."""
    reader = current_reader()
    filters = asked_filters()
    number = asked_number("page") or 1
    found = list_queries.page_of_list(reader, filters, number)
    is_host = policies.may_create(reader)
    response = render(
        "events/index.html",
        block="results",
        found=found,
        facts=list_queries.row_facts(found.rows),
        filters=filters,
        is_host=is_host,
        times=tuple(when for when in When if is_host or when is not When.DRAFT),
        organisations=organisations_to_choose(reader, list_queries.HOSTS_TO_CHOOSE),
    )
    if htmx.is_fragment_request():
        # The form sends its empty fields too; the address keeps what was asked for.
        more = {"page": number} if number > 1 else {}
        htmx.push_address(response, canonical("events.index", filters, **more))
    return response


def _shown(rows: Sequence[ListedEvent], facts: Mapping[int, tuple[str, ...]]) -> Markup:
    """Return the rows of a list, the date beside the first of each day."""
    row = current_app.extensions[_KEPT]
    now, today = clock.now(), clock.today()
    made, day_before = [], None
    for event in rows:
        first_of_day = event.day if event.day != day_before else None
        made.append(row(event, event.phase(now), today, facts[event.id], first_of_day))
        day_before = event.day
    return Markup("".join(made))  # noqa: S704  each is Markup


@bp.record_once
def _keep_pieces(state: BlueprintSetupState) -> None:
    app = state.app
    app.extensions[_KEPT] = made_once(app, "macros/events.html", "row", most=MOST_ROWS)
    app.add_template_global(_shown, "event_rows")
    filters = made_once(app, "events/_filters.html", "filters")
    ways = made_once(app, "macros/events.html", "ways")

    def event_filters(
        asked: Filters, times: tuple[When, ...], organisations: tuple[Choice, ...]
    ) -> Markup:
        return filters(asked, times, tuple(EventKind), organisations)

    def event_ways(here: str) -> Markup:
        args = request.args
        return ways(here, trimmed(args.get("q")), args.get("kind"), args.get("org"))

    app.add_template_global(event_filters)
    app.add_template_global(event_ways)
