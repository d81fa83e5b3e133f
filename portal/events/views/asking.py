"""What the address asks for: filters of lists and calendars. Nonsense asks for nothing."""

from datetime import date
from urllib.parse import urlencode

from flask import request, url_for

from portal import clock
from portal.events.filters import Filters, Span, When, day_typed
from portal.events.models import EventKind
from portal.web.forms import trimmed
from portal.web.numbers import asked_number

NOTHING_ASKED = Filters()


def asked_filters() -> Filters:
    """Return the filters of this request."""
    args = request.args
    if not args:
        return NOTHING_ASKED
    kind, when = args.get("kind", ""), args.get("when", "")
    return Filters(
        q=(trimmed(args.get("q")) or "")[:100],
        kind=EventKind(kind) if kind in set(EventKind) else None,
        when=When(when) if when in set(When) else When.UPCOMING,
        org=asked_number("org"),
        span=_asked_span(),
    )


def asked_day() -> date:
    """Return the day a calendar shows: `date` of the address, else today."""
    return day_typed(request.args.get("date")) or clock.today()


def _asked_span() -> Span | None:
    """Return the days from `from` to `to`; one alone is open on the other side for a year."""
    first, last = day_typed(request.args.get("from")), day_typed(request.args.get("to"))
    if first is None and last is None:
        return None
    if first is None or last is None:
        known = first or last
        assert known is not None  # noqa: S101  one of the two is a day
        other = known.replace(day=1, year=known.year + (1 if last is None else -1))
        first, last = (known, other) if last is None else (other, known)
    return Span(min(first, last), max(first, last))


def canonical(endpoint: str, filters: Filters, **more: object) -> str:
    """Return the address of a list or calendar with these filters, without empty ones."""
    kept: dict[str, object] = {
        "q": filters.q,
        "kind": filters.kind.value if filters.kind else "",
        "when": "" if filters.when is When.UPCOMING else filters.when.value,
        "org": filters.org,
        "from": filters.span.first if filters.span else "",
        "to": filters.span.last if filters.span else "",
        **more,
    }
    query = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)
