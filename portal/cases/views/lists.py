"""Cases as a list, as a board, by deadline; what waits; filters that are kept."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.cases import policies, queries, services
from portal.cases.filters import Filters, Show
from portal.cases.forms import FilterForm
from portal.cases.models import CaseKind, CaseSource
from portal.cases.views.blueprint import bp
from portal.errors import InvalidInputError
from portal.events.filters import day_typed, month_of, weeks_of
from portal.people.access import allowed, current_person, current_reader
from portal.web import htmx
from portal.web.forms import trimmed
from portal.web.numbers import asked_number, row_numbers
from portal.web.templating import render
from portal.web.transaction import writes

_MOST_WAITING = 6


def filters_of(args: Mapping[str, str]) -> Filters:
    """Return the filters in a query; what is no filter is none."""
    show, kind, source = (args.get(name, "") for name in ("show", "kind", "source"))
    org = args.get("org", "")
    return Filters(
        q=(trimmed(args.get("q")) or "")[:60],
        show=Show(show) if show in set(Show) else Show.OPEN,
        kind=CaseKind(kind) if kind in set(CaseKind) else None,
        source=CaseSource(source) if source in set(CaseSource) else None,
        org=next(iter(row_numbers([org])), None),
    )


def asked_filters() -> Filters:
    """Return the filters in the address."""
    return filters_of(request.args)


def filters_context() -> dict[str, Any]:
    """Return what the filters above a list offer."""
    reader = current_reader()
    return {
        "shows": Show,
        "kinds": CaseKind,
        "sources": CaseSource,
        "organisations": queries.own_organisations(reader),
        "kept": queries.saved_filters(reader),
    }


@bp.get("/")
@allowed(policies.may_list_cases)
def index() -> Response:
    """All that the reader sees: found by words and filters, all of it in the address."""
    reader = current_reader()
    filters = asked_filters()
    number = asked_number("page") or 1
    page = queries.page_of_list(reader, filters, number)
    response = render(
        "cases/index.html",
        block="results",
        found=page,
        moment=clock.now(),
        filters=filters,
        is_opener=policies.may_open_somewhere(reader),
        exchanges=policies.may_exchange(reader),
        form=FilterForm(formdata=None, data={"asked": urlencode(filters.query())}),
        ask_later=None if htmx.is_fragment_request() else filters_context,
    )
    if htmx.is_fragment_request():
        more = {"page": number} if number > 1 else {}
        asked: dict[str, Any] = {**filters.query(), **more}
        htmx.push_address(response, url_for("cases.index", **asked))
    return response


@bp.get("/board")
@allowed(policies.may_follow_all)
def board() -> Response:
    """Cases by state, the most urgent of each on top."""
    reader = current_reader()
    return render(
        "cases/board.html",
        columns=queries.board(reader),
        moves_of=partial(policies.main_moves, reader),
    )


@bp.get("/calendar")
@allowed(policies.may_follow_all)
def calendar() -> Response:
    """A month of deadlines."""
    reader = current_reader()
    chosen = day_typed(request.args.get("day"))
    month = month_of(chosen or day_typed(request.args.get("date")) or clock.today())
    weeks = weeks_of(month)
    shown = [day for week in weeks for day in week.days()]
    return render(
        "cases/calendar.html",
        block="day",
        month=month,
        weeks=weeks,
        days={due.day: due for due in queries.due_days(reader, shown)},
        chosen=chosen,
        found=chosen and queries.due_on(reader, chosen, asked_number("page") or 1),
        moment=clock.now(),
        earlier=month_of(month.first - timedelta(days=1)).first,
        later=month_of(month.last + timedelta(days=1)).first,
    )


@bp.get("/waiting")
@allowed(policies.may_list_cases)
def waiting() -> Response:
    """What waits for the reader: to take on, nearly due, sent back, to call back."""
    found = queries.waiting_for(current_reader(), _MOST_WAITING)
    return render("cases/waiting.html", block="waiting", found=found, moment=clock.now())


@bp.post("/filters")
@allowed(policies.may_list_cases)
@writes
def keep_filter() -> Response:
    """Keep the filters of the address under a name."""
    form = FilterForm()
    asked = _known(form.asked.data or "")
    try:
        services.keep_filter(name=form.name.data or "", asked=asked, actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        filters = Filters()
        return render(
            "cases/index.html",
            found=queries.page_of_list(current_reader(), filters, 1),
            moment=clock.now(),
            filters=filters,
            is_opener=policies.may_open_somewhere(current_reader()),
            exchanges=policies.may_exchange(current_reader()),
            form=form,
            status=422,
            **filters_context(),
        )
    flash(f"已保存这组条件：{form.name.data}。")
    return redirect(f"{url_for('cases.index')}?{asked}" if asked else url_for("cases.index"), 303)


@bp.post("/filters/<int:filter_id>/remove")
@allowed(policies.may_list_cases)
@writes
def drop_filter(filter_id: int) -> Response:
    """Forget filters of one's own."""
    services.drop_filter(filter_id=filter_id, actor=current_person())
    flash("已删除这组条件。")
    return redirect(url_for("cases.index"), code=303)


def _known(asked: str) -> str:
    """Return only what the list understands of a query: nothing else comes into an address."""
    return urlencode(filters_of(dict(parse_qsl(asked))).query())
