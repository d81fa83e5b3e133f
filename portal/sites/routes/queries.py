"""Questions about routes."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import paging
from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Organisation
from portal.people.policies import is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody, Somewhere
from portal.search.queries import matches
from portal.sites.models import Route, RouteStop, Site, SiteState
from portal.sites.policies import KEEPERS

# What routes are called in the search index.
SEARCH_KIND = "route"
_UNKNOWN = "没有找到这条路线，可能已被移走，或者不对您开放。"
_CLOSED_TO_ROUTES = (SiteState.NOMINATED, SiteState.DELISTED)


def _whole() -> Select[Route]:
    """Select routes with stops, their sites, and when these are open."""
    site = selectinload(Route.stops).joinedload(RouteStop.site)
    return select(Route).options(
        joinedload(Route.organisation),
        site,
        site.selectinload(Site.opening_hours),
        site.selectinload(Site.closures),
    )


def route(route_id: int) -> Route:
    """Return one route with its stops; raise NotFoundError."""
    return _found(_whole().where(Route.id == route_id))


def route_seen_by(person: Somebody, route_id: int) -> Route:
    """Return the route if the person may see it; raise NotFoundError else."""
    return _found(_whole().where(Route.id == route_id, visible_to(person)))


def route_to_change(person: Somebody, route_id: int) -> Route:
    """Return the route as `route_seen_by` does, its row locked until the transaction ends."""
    wanted = _whole().where(Route.id == route_id, visible_to(person))
    return _found(wanted.with_for_update(of=Route))


def _found(wanted: Select[Route]) -> Route:
    found = db.session.scalars(wanted).unique().one_or_none()
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def visible_to(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person may see a route: `policies.may_see_route` in SQL."""
    if is_administrator(person):
        return false()
    return visible_below(scope(person, KEEPERS))


def visible_below(roots: Collection[Somewhere]) -> ColumnElement[bool]:
    """Return the condition that whoever keeps the sites of these organisations may see a route."""
    published = Route.is_published.is_(True)
    if not roots:
        return published
    own = Route.organisation_id.in_(select(Organisation.id).where(in_subtrees(roots)))
    return or_(published, own)


class ListedRoute(NamedTuple):
    """What a list says of a route; `minutes` is the whole of it, ways included."""

    id: int
    name: str
    summary: str
    is_published: bool
    organisation_name: str
    stops: int
    minutes: int


def page_of_list(person: Somebody, q: str, number: int) -> paging.Page[ListedRoute]:
    """Return page `number` of the routes that the person may see, by organisation."""
    last = func.max(RouteStop.position).label("last")
    ends = select(RouteStop.route_id, last).group_by(RouteStop.route_id).subquery()
    # The way after the last stop does not count.
    after_last = (
        select(RouteStop.route_id, RouteStop.walk_minutes.label("walk"))
        .join(ends, (ends.c.route_id == RouteStop.route_id) & (ends.c.last == RouteStop.position))
        .subquery()
    )
    sums = (
        select(
            RouteStop.route_id,
            func.count().label("stops"),
            func.sum(RouteStop.minutes + RouteStop.walk_minutes).label("minutes"),
        )
        .group_by(RouteStop.route_id)
        .subquery()
    )
    columns: list[Any] = [
        *(Route.id, Route.name, Route.summary, Route.is_published, Organisation.short_name),
        func.coalesce(sums.c.stops, 0),
        func.coalesce(sums.c.minutes - after_last.c.walk, 0),
    ]
    wanted = (
        select(*columns)
        .join(Organisation, Organisation.id == Route.organisation_id)
        .outerjoin(sums, sums.c.route_id == Route.id)
        .outerjoin(after_last, after_last.c.route_id == Route.id)
        .where(visible_to(person))
        .order_by(Organisation.path, Route.name, Route.id)
    )
    if q:
        wanted = wanted.where(matches(Route.id, SEARCH_KIND, q))
    return paging.page_of_rows(paging.paged(wanted), number, ListedRoute._make, {})


def names_on(route_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the names of the sites on these routes, in order."""
    found: dict[int, list[str]] = {}
    if not route_ids:
        return found
    rows = db.session.execute(
        select(RouteStop.route_id, Site.name)
        .join(Site, Site.id == RouteStop.site_id)
        .where(RouteStop.route_id.in_(route_ids))
        .order_by(RouteStop.route_id, RouteStop.position, RouteStop.id)
    )
    for route_id, name in rows:
        found.setdefault(route_id, []).append(name)
    return found


def published_routes() -> Sequence[Route]:
    """Return the routes that everybody may follow, by name: what a lesson can be laid along."""
    return db.session.scalars(
        select(Route).where(Route.is_published.is_(True)).order_by(Route.name)
    ).all()


def sites_to_choose() -> Sequence[Site]:
    """Return the sites that people can be led to, by name."""
    wanted = select(Site).where(Site.state.not_in(_CLOSED_TO_ROUTES))
    return db.session.scalars(wanted.order_by(Site.name, Site.id)).all()


def stop_of(route: Route, stop_id: int) -> RouteStop:
    """Return a stop of this route; raise NotFoundError."""
    for stop in route.stops:
        if stop.id == stop_id:
            return stop
    raise NotFoundError("这条路线上没有这一站，可能刚被删除。")
