"""The calendar of a site: what is there, and what is free to be asked for."""

from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.bookings import calendars, policies, queries
from portal.bookings.calendars import View
from portal.bookings.views.blueprint import bp, seen_site
from portal.people.access import current_reader, signed_in
from portal.web.numbers import asked_number
from portal.web.templating import render

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


@bp.get("/sites/<int:site_id>/calendar")
@signed_in
def calendar(site_id: int) -> Response:
    """A day, a week or a month; free slots lead to the form that asks for them."""
    reader = current_reader()
    site = seen_site(site_id)
    asked = request.args.get("view", "")
    view = View(asked) if asked in set(View) else View.WEEK
    day = _asked_day()
    span = calendars.span_of(view, day)
    week = calendars.span_of(View.WEEK, day)  # its load stands above a single day, too
    board = queries.board(site, min(span.first, week.first), max(span.last, week.last))
    room_id = asked_number("room")
    if room_id not in {room.id for room in site.rooms}:
        room_id = None
    sheet = calendars.days(board, span, room_id)

    def leaf(**changes: Any) -> str:
        kept: dict[str, Any] = {"view": view.value, "room": room_id, "date": day, **changes}
        return url_for("bookings.calendar", site_id=site.id, **kept)

    return render(
        "bookings/calendar.html",
        block="sheet",
        site=site,
        board=board,
        view=view,
        views=[(one.label, leaf(view=one.value), one is view) for one in View],
        rooms=[("全部场地", leaf(room=None), room_id is None)]
        + [(room.name, leaf(room=room.id), room.id == room_id) for room in site.rooms],
        room_id=room_id,
        day=day,
        span=span,
        days=sheet,
        weeks=calendars.weeks(sheet) if view is View.MONTH else [],
        parts_of_day=calendars.PARTS,
        load=board.load(day),
        earlier=leaf(date=span.earlier),
        later=leaf(date=span.later),
        present=leaf(date=None),
        is_keeper=policies.may_decide(reader, site),
        may_ask=policies.may_ask(reader, site) and board.rules.takes_visits,
    )


def _asked_day() -> date:
    try:
        day = date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        return clock.today()
    return day if EARLIEST <= day <= LATEST else clock.today()
