"""Writing about routes: lay, change, put stops in order, throw away."""

from dataclasses import asdict
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.edit_history import check_version, differences
from portal.people.models import Person
from portal.search import services as search
from portal.sites.models import Route, RouteStop, Site
from portal.sites.routes import details as written
from portal.sites.routes.details import (
    COLUMNS,
    LABELS,
    MOST_STOPS,
    STOP_LABELS,
    RouteDetails,
    StopDetails,
)
from portal.sites.routes.queries import SEARCH_KIND


class Direction(StrEnum):
    """Where a stop goes among the others."""

    UP = "up"
    DOWN = "down"


def create(*, details: RouteDetails, actor: Person) -> Route:
    """Lay a new route, without stops yet; raise InvalidInputError."""
    written.check(details)
    now = clock.now()
    route = Route(
        **{name: getattr(details, name) for name in COLUMNS},
        organisation=details.organisation,
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
        stops=[],
    )
    db.session.add(route)
    db.session.flush()
    index(route)
    audit.record(
        "route.create",
        route,
        actor=actor,
        version=route.version,
        name=route.name,
        organisation=details.organisation.name,
    )
    return route


def edit(*, route: Route, details: RouteDetails, version: int | None, actor: Person) -> None:
    """Change what is written; raise ChangedMeanwhileError for a form of an older version."""
    check_version(route, version)
    written.check(details)
    changes = differences(written.words(written.of(route)), written.words(details), LABELS)
    if not changes:
        return
    for name in COLUMNS:
        setattr(route, name, getattr(details, name))
    route.organisation = details.organisation
    told = {
        label: values if label != LABELS["summary"] else [] for label, values in changes.items()
    }
    _save(route, actor, "route.edit", changes=told)
    index(route)


def add_stop(*, route: Route, site: Site, details: StopDetails, actor: Person) -> RouteStop:
    """Put a site at the end of the route; the route's row is locked."""
    written.check_site(site)
    written.check_stop(details)
    if len(route.stops) >= MOST_STOPS:
        raise InvalidInputError(f"一条路线最多 {MOST_STOPS} 站。", field="site")
    stop = RouteStop(**asdict(details), site=site, position=len(route.stops) + 1)
    route.stops.append(stop)
    _save(route, actor, "route.stop_added", name=site.name, minutes=details.minutes)
    index(route)
    return stop


def change_stop(
    *, route: Route, stop: RouteStop, details: StopDetails, version: int | None, actor: Person
) -> None:
    """Change minutes, way and note of a stop; raise ChangedMeanwhileError for an older version."""
    check_version(route, version)
    written.check_stop(details)
    changes = differences(asdict(written.stop_of(stop)), asdict(details), STOP_LABELS)
    if not changes:
        return
    for name, value in asdict(details).items():
        setattr(stop, name, value)
    _save(route, actor, "route.stop_changed", name=stop.site.name, changes=changes)


def move_stop(*, route: Route, stop: RouteStop, direction: Direction, actor: Person) -> bool:
    """Let a stop change places with its neighbour; return whether there was one.

    The minutes on foot stay with the stop they lead away from: they are to be looked at again.
    """
    order = list(route.stops)
    at = order.index(stop)
    to = at - 1 if direction is Direction.UP else at + 1
    if not 0 <= to < len(order):
        return False
    order[at], order[to] = order[to], order[at]
    _number(route, order)
    _save(route, actor, "route.stop_moved", name=stop.site.name)
    return True


def remove_stop(*, route: Route, stop: RouteStop, actor: Person) -> None:
    """Take a stop out; those after it move up."""
    name = stop.site.name
    route.stops.remove(stop)
    _number(route, list(route.stops))
    _save(route, actor, "route.stop_removed", name=name)
    index(route)


def _number(route: Route, order: list[RouteStop]) -> None:
    for position, stop in enumerate(order, 1):
        stop.position = position
    route.stops[:] = order


def discard(*, route: Route, actor: Person) -> None:
    """Throw a route away; raise ConflictError while a lesson follows it."""
    audit.record("route.discard", route, actor=actor, name=route.name)
    try:
        with db.session.begin_nested():
            db.session.execute(delete(RouteStop).where(RouteStop.route_id == route.id))
            db.session.execute(delete(Route).where(Route.id == route.id))
    except IntegrityError as error:
        raise ConflictError("有党课用着这条路线，不能删除。可以改为不公开。") from error
    search.remove(SEARCH_KIND, route.id)


def _save(route: Route, actor: Person, action: str, **noted: object) -> None:
    route.updated_at = clock.now()
    db.session.flush()
    audit.record(action, route, actor=actor, version=route.version, **noted)


def index(route: Route) -> None:
    """Make the route findable: organisation, stops and their sites are loaded."""
    search.index(
        SEARCH_KIND,
        route.id,
        titles=[route.name, route.organisation.name, *(stop.site.name for stop in route.stops)],
        names=[],
        body=[route.summary],
    )
