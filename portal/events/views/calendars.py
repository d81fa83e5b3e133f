"""Week and month as sheets."""

from datetime import timedelta

from werkzeug.wrappers import Response

from portal.events import calendars, list_queries, policies
from portal.events.filters import Span, month_of, week_of, weeks_of
from portal.events.views.asking import asked_day, asked_filters, canonical
from portal.events.views.blueprint import bp
from portal.people.access import current_reader, signed_in
from portal.web.templating import render


@bp.get("/week")
@signed_in
def week() -> Response:
    """Monday to Sunday, by morning, afternoon and evening, as offices write their week."""
    reader, filters = current_reader(), asked_filters()
    span = week_of(asked_day())
    events = list_queries.events_within(reader, span, filters)
    return render(
        "events/week.html",
        days=calendars.days(span, events),
        parts_of_day=calendars.PARTS,
        span=span,
        filters=filters,
        is_host=policies.may_create(reader),
        earlier=canonical("events.week", filters, date=span.first - timedelta(days=7)),
        later=canonical("events.week", filters, date=span.first + timedelta(days=7)),
        present=canonical("events.week", filters),
    )


@bp.get("/month")
@signed_in
def month() -> Response:
    """A month as a sheet of weeks; on a phone, the days that have something."""
    reader, filters = current_reader(), asked_filters()
    span = month_of(asked_day())
    weeks = weeks_of(span)
    shown = Span(weeks[0].first, weeks[-1].last)
    events = list_queries.events_within(reader, shown, filters)
    return render(
        "events/month.html",
        weeks=calendars.month_sheet(span, events),
        span=span,
        filters=filters,
        is_host=policies.may_create(reader),
        earlier=canonical("events.month", filters, date=span.first - timedelta(days=1)),
        later=canonical("events.month", filters, date=span.last + timedelta(days=1)),
        present=canonical("events.month", filters),
    )
