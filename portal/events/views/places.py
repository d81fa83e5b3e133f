"""What a host is told of a place while writing about an event, and before publishing it."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from portal.events import place_queries, policies
from portal.events.forms import EventForm, PlaceForm, venue_of
from portal.events.models import Event
from portal.events.place_queries import Asked, PlaceReport
from portal.events.views.blueprint import bp
from portal.people.access import allowed, current_reader
from portal.sites.models import Site
from portal.sites.uses.queries import sites_to_use
from portal.web.numbers import asked_number
from portal.web.templating import render

# Sent along once a warning was shown: publishing is the host's own decision then.
SEEN = "place_seen"
NOTHING = PlaceReport()


@bp.get("/place")
@allowed(policies.may_create)
def place() -> Response:
    """What is at a place at a time, and what the week of a site bears."""
    form = PlaceForm(request.args)
    event_id = asked_number("event")
    return render(
        "events/place.html",
        block="report",
        report=of_form(form, sites_to_use(), event_id=event_id),
        event_id=event_id,
    )


def of_form(
    form: EventForm | PlaceForm, sites: Sequence[Site], *, event_id: int | None = None
) -> PlaceReport:
    """Return the report on what was typed; nothing while it is not known where and when."""
    starts_at, ends_at = form.starts_at.data, form.ends_at.data
    venue = venue_of(form.venue.data, sites)
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return NOTHING
    asked = Asked(
        starts_at=starts_at,
        ends_at=ends_at,
        place=form.place.data or "",
        venue=venue,
        event_id=event_id,
    )
    return place_queries.report(current_reader(), asked)


def of_event(event: Event) -> PlaceReport:
    """Return the report on an event as it is written; its site and room are loaded."""
    asked = Asked(
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=event.place,
        venue=event.venue,
        people=event.capacity,
        event_id=event.id,
    )
    return place_queries.report(current_reader(), asked)
