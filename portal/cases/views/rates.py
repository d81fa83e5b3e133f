"""The rates with their formulas, and the rows behind every figure."""

from datetime import date

from flask import request
from werkzeug.wrappers import Response

from portal import clock
from portal.cases import policies
from portal.cases.policies import OPENERS
from portal.cases.queries import rates as queries
from portal.cases.queries.rates import RATES, Asked, Figure
from portal.cases.views.blueprint import bp
from portal.errors import NotFoundError
from portal.events.filters import Span, day_typed
from portal.people.access import allowed, current_reader
from portal.people.policies import holds
from portal.people.queries import organisation
from portal.web.numbers import asked_number
from portal.web.templating import render


@bp.get("/rates")
@allowed(policies.may_follow_all)
def rates() -> Response:
    """Who was heard, in time, solved, content: for a span and a part of the tree."""
    span, asked = _asked()
    whole, lines = queries.rates(current_reader(), asked)
    return render(
        "cases/rates.html",
        span=span,
        root=asked.root,
        whole=whole,
        lines=lines,
        rates=RATES,
        figures=Figure,
        years=_years(),
    )


@bp.get("/rates/rows")
@allowed(policies.may_follow_all)
def rate_rows() -> Response:
    """The cases behind a figure."""
    span, asked = _asked()
    shown = request.args.get("figure", "")
    figure = Figure(shown) if shown in set(Figure) else Figure.REGISTERED
    found = queries.rows_behind(current_reader(), asked, figure, asked_number("page") or 1)
    return render(
        "cases/rate_rows.html",
        block="results",
        span=span,
        root=asked.root,
        figure=figure,
        figures=Figure,
        found=found,
        moment=clock.now(),
    )


def _years() -> list[int]:
    this = clock.today().year
    return [this - 1, this]


def _asked() -> tuple[Span, Asked]:
    """Return the span and the organisation in the address; without a word this year, all of it."""
    today = clock.today()
    first = day_typed(request.args.get("from")) or date(today.year, 1, 1)
    last = day_typed(request.args.get("to")) or date(first.year, 12, 31)
    span = Span(min(first, last), max(first, last))
    number = asked_number("org")
    root = organisation(number) if number is not None else None
    if root is not None and not holds(current_reader(), OPENERS, root):
        raise NotFoundError("没有这个组织，或者不在您负责的范围。")
    return span, Asked(span.starts_at, span.ends_at, root)
