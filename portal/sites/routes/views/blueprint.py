"""The blueprint of routes, the ways in to one of them, and its times as asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError
from portal.people import queries as people
from portal.people.access import current_reader, require
from portal.people.imports.values import CellError, calendar_day
from portal.people.models import Organisation
from portal.people.policies import scope
from portal.sites import policies
from portal.sites.fields import minute_of_day
from portal.sites.models import Route, RouteStop
from portal.sites.routes import queries
from portal.sites.routes.timetable import (
    Timed,
    Timetable,
    is_open_for,
    length_words,
    minute_words,
    timetable,
)

bp = Blueprint("routes", __name__, url_prefix="/routes")

# When nobody says when a walk sets out.
USUAL_START = 9 * 60
_NOT_KEEPER = "只有所属组织的书记、点位负责人和街道组织办可以修改这条路线。"


@bp.app_template_filter("minute_words")
def _minute_words(minute: int) -> str:
    return minute_words(minute)


@bp.app_template_filter("length_words")
def _length_words(minutes: int) -> str:
    return length_words(minutes)


@dataclass(frozen=True)
class Halt:
    """A stop with its times; `is_open` is None where no day or no hours are known."""

    stop: RouteStop
    times: Timed
    is_open: bool | None


def seen(route_id: int) -> Route:
    """Return a route that the reader may see, its row locked when the request changes something."""
    changes = request.method == "POST"
    find = queries.route_to_change if changes else queries.route_seen_by
    return find(current_reader(), route_id)


def kept(route_id: int) -> Route:
    """Return a route that the reader keeps; raise NotFoundError or ForbiddenError."""
    route = seen(route_id)
    require(policies.may_edit_route(current_reader(), route), _NOT_KEEPER)
    return route


def walk(route: Route) -> dict[str, Any]:
    """Return what pages show of a walk: its times from the hour, and the day, asked for."""
    starts, day = _asked_start(route), _asked_day()
    times = timetable(route.stops, starts)
    return {"times": times, "halts": _halts(route, times, day), "day": day}


def _halts(route: Route, times: Timetable, day: date | None) -> list[Halt]:
    return [
        Halt(
            stop,
            timed,
            None
            if day is None
            else is_open_for(timed, stop.site.opening_hours, stop.site.closures, day),
        )
        for stop, timed in zip(route.stops, times.stops, strict=True)
    ]


def _asked_start(route: Route) -> int:
    """Return the minute asked for; nonsense asks for the usual one."""
    usual = USUAL_START if route.starts_minute is None else route.starts_minute
    try:
        return minute_of_day((request.args.get("start") or "")[:20])
    except CellError:
        return usual


def _asked_day() -> date | None:
    try:
        return calendar_day((request.args.get("date") or "")[:40])
    except CellError:
        return None


def own_part(*besides: Organisation) -> list[Organisation]:
    """Return the reader's part of the tree, the highest first, and what stands there already."""
    own = list(people.organisations(scope(current_reader(), policies.KEEPERS)))
    known = {organisation.id for organisation in own}
    own += [organisation for organisation in besides if organisation.id not in known]
    if not own:
        raise ConflictError("您所在的组织已经撤销，不能再建立路线。请联系系统管理员。")
    return own


def to_stops(route: Route) -> Response:
    """Go to where the stops are put in order."""
    return redirect(url_for("routes.stops", route_id=route.id))
