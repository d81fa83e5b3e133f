"""What a lesson refers to: its lecturer, its series, its route."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFoundError
from portal.lessons.models import Lesson, LessonSeries, LessonState, LessonVersion
from portal.people.models import Membership, Organisation, Person
from portal.people.policies import scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.sites.models import Route, RouteStop
from portal.sites.policies import KEEPERS

_UNKNOWN_SERIES = "没有找到这个系列。"


def persons_named(name: str) -> Sequence[Person]:
    """Return the persons of the roster who bear exactly this name, with where they belong."""
    if not name:
        return []
    return db.session.scalars(
        select(Person)
        .where(Person.name == name)
        .order_by(Person.id)
        .limit(20)
        .options(selectinload(Person.memberships).joinedload(Membership.organisation))
    ).all()


def series(series_id: int) -> LessonSeries:
    """Return one series with its organisation; raise NotFoundError."""
    found = db.session.scalar(
        select(LessonSeries)
        .where(LessonSeries.id == series_id)
        .options(joinedload(LessonSeries.organisation))
    )
    if found is None:
        raise NotFoundError(_UNKNOWN_SERIES)
    return found


def all_series() -> Sequence[tuple[LessonSeries, int]]:
    """Return every series with the number of its published lessons, by name."""
    published = (
        select(LessonVersion.series_id, func.count().label("count"))
        .where(LessonVersion.state == LessonState.PUBLISHED)
        .group_by(LessonVersion.series_id)
        .subquery()
    )
    rows = db.session.execute(
        select(LessonSeries, func.coalesce(published.c.count, 0))
        .outerjoin(published, published.c.series_id == LessonSeries.id)
        .order_by(LessonSeries.name, LessonSeries.id)
        .options(joinedload(LessonSeries.organisation))
    )
    return [(one, count) for one, count in rows]


def series_to_choose() -> Sequence[LessonSeries]:
    """Return the series that a lesson may be put into, by name."""
    return db.session.scalars(
        select(LessonSeries).order_by(LessonSeries.name, LessonSeries.id)
    ).all()


def routes_to_choose(person: Somebody, version: LessonVersion | None) -> Sequence[Route]:
    """Return the routes that everybody may walk, those the person keeps, and the present one."""
    seen: list[ColumnElement[bool]] = [Route.is_published.is_(True)]
    roots = scope(person, KEEPERS)
    if roots:
        seen.append(Route.organisation_id.in_(select(Organisation.id).where(in_subtrees(roots))))
    if version is not None and version.route_id is not None:
        seen.append(Route.id == version.route_id)
    return db.session.scalars(
        select(Route).where(or_(*seen)).order_by(Route.name, Route.id).limit(300)
    ).all()


def stops(version: LessonVersion) -> Sequence[RouteStop]:
    """Return the stops of the version's route in their order, with their sites."""
    if version.route_id is None:
        return []
    return db.session.scalars(
        select(RouteStop)
        .where(RouteStop.route_id == version.route_id)
        .order_by(RouteStop.position, RouteStop.id)
        .options(joinedload(RouteStop.site))
    ).all()


def following(route: Route) -> Sequence[Lesson]:
    """Return the published lessons that follow a route, by title."""
    return db.session.scalars(
        select(Lesson)
        .join(LessonVersion, LessonVersion.lesson_id == Lesson.id)
        .where(LessonVersion.route_id == route.id, LessonVersion.state == LessonState.PUBLISHED)
        .order_by(Lesson.title, Lesson.id)
    ).all()
