"""Questions about one lesson, its versions and its series."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.lessons.models import (
    OPEN,
    PUBLIC,
    Lesson,
    LessonMove,
    LessonSeries,
    LessonState,
    LessonVersion,
    LessonWriter,
)
from portal.lessons.policies import REVIEWERS
from portal.people.models import Membership, Organisation, Person, RoleGrant
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.sites.models import Route, RouteStop
from portal.sites.policies import KEEPERS

# What lessons are called in the search index.
SEARCH_KIND = "lesson"
_UNKNOWN = "没有找到这堂课，可能已被删除，或者不对您开放。"
_UNKNOWN_SERIES = "没有找到这个系列。"


def _whole() -> Select[Lesson]:
    return select(Lesson).options(joinedload(Lesson.organisation))


def visible_to(person: Person) -> ColumnElement[bool]:
    """Return the condition that the person may see a lesson: `policies.may_see` in SQL."""
    if is_administrator(person):
        return Lesson.id.is_(None)
    return visible_below(scope(person, HOSTS))


def visible_below(roots: Collection[Organisation]) -> ColumnElement[bool]:
    """Return the condition that whoever runs events for these organisations may see a lesson."""
    is_public = Lesson.state.in_(PUBLIC)
    return or_(is_public, _kept_below(roots)) if roots else is_public


def _kept_below(roots: Collection[Organisation]) -> ColumnElement[bool]:
    return Lesson.organisation_id.in_(select(Organisation.id).where(in_subtrees(roots)))


def lesson(lesson_id: int) -> Lesson:
    """Return one lesson with its organisation; raise NotFoundError."""
    return _found(_whole().where(Lesson.id == lesson_id))


def lesson_seen_by(person: Person, lesson_id: int) -> Lesson:
    """Return the lesson if the person may see it; raise NotFoundError else."""
    return _found(_whole().where(Lesson.id == lesson_id, visible_to(person)))


def lesson_to_change(person: Person, lesson_id: int) -> Lesson:
    """Return the lesson as `lesson_seen_by` does, its row locked until the transaction ends."""
    wanted = _whole().where(Lesson.id == lesson_id, visible_to(person))
    return _found(wanted.with_for_update(of=Lesson))


def _found(wanted: Select[Lesson]) -> Lesson:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


# ------------------------------------------------------------------ versions


def is_shown() -> ColumnElement[bool]:
    """Return the condition that a version is the one readers see of its lesson.

    The public one; while there is none, the newest.
    """
    return and_(
        LessonVersion.lesson_id == Lesson.id,
        or_(
            LessonVersion.state.in_(PUBLIC),
            and_(Lesson.published_at.is_(None), LessonVersion.number == Lesson.last_number),
        ),
    )


def _versions() -> Select[LessonVersion]:
    return select(LessonVersion).options(
        joinedload(LessonVersion.series),
        joinedload(LessonVersion.route),
        joinedload(LessonVersion.edited_by),
        joinedload(LessonVersion.settled_by),
        selectinload(LessonVersion.writers).joinedload(LessonWriter.person),
    )


def shown(lesson: Lesson) -> LessonVersion:
    """Return the version that readers see."""
    wanted = _versions().join(Lesson, is_shown()).where(Lesson.id == lesson.id)
    return db.session.scalars(wanted).one()


def newest(lesson: Lesson) -> LessonVersion:
    """Return the version with the highest number: what is being prepared, if anything is."""
    wanted = _versions().where(
        LessonVersion.lesson_id == lesson.id, LessonVersion.number == lesson.last_number
    )
    return db.session.scalars(wanted).one()


def version(lesson: Lesson, number: int) -> LessonVersion:
    """Return one version of the lesson; raise NotFoundError."""
    wanted = _versions().where(LessonVersion.lesson_id == lesson.id, LessonVersion.number == number)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError("没有找到这一稿。")
    return found


def versions(lesson: Lesson) -> Sequence[LessonVersion]:
    """Return every version of the lesson, the newest first."""
    wanted = _versions().where(LessonVersion.lesson_id == lesson.id)
    return db.session.scalars(wanted.order_by(LessonVersion.number.desc())).all()


def version_before(version: LessonVersion) -> LessonVersion | None:
    """Return what a reviewer compares with: the newest before it that was settled."""
    wanted = (
        _versions()
        .where(
            LessonVersion.lesson_id == version.lesson_id,
            LessonVersion.number < version.number,
            LessonVersion.state.not_in(OPEN),
        )
        .order_by(LessonVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(wanted)


def moves(lesson: Lesson) -> Sequence[LessonMove]:
    """Return every step of the lesson's life, the latest first."""
    return db.session.scalars(
        select(LessonMove)
        .where(LessonMove.lesson_id == lesson.id)
        .order_by(LessonMove.id.desc())
        .options(joinedload(LessonMove.moved_by))
    ).all()


# ------------------------------------------------------------------ reviewing


class Waiting(NamedTuple):
    """What waits for one person: to be reviewed, and come back to be written on."""

    to_review: Sequence[LessonVersion]
    returned: Sequence[LessonVersion]


def waiting_for(person: Person, *, limit: int) -> Waiting:
    """Return what this person may review now, and what came back to this person.

    The longest waiting first, in one question for both; lessons are loaded. Nobody reviews a
    version in which they wrote; what came back goes to those who wrote in it.
    """
    roots = [] if is_administrator(person) else scope(person, REVIEWERS)
    mine = select(LessonWriter.version_id).where(LessonWriter.person_id == person.id)
    is_mine = LessonVersion.id.in_(mine)
    came_back = and_(
        Lesson.preparing == LessonState.RETURNED,
        LessonVersion.number == Lesson.last_number,
        is_mine,
    )
    to_review = and_(LessonVersion.state == LessonState.IN_REVIEW, _kept_below(roots), ~is_mine)
    found = db.session.scalars(
        select(LessonVersion)
        .join(LessonVersion.lesson)
        .where(or_(to_review, came_back))
        .order_by(LessonVersion.submitted_at, LessonVersion.id)
        .limit(limit)
        .options(
            joinedload(LessonVersion.lesson).joinedload(Lesson.organisation),
            joinedload(LessonVersion.edited_by),
            joinedload(LessonVersion.settled_by),
        )
    ).all()
    return Waiting(
        [one for one in found if one.state is LessonState.IN_REVIEW],
        [one for one in found if one.state is LessonState.RETURNED],
    )


def reviewers(lesson: Lesson, version: LessonVersion) -> Select[int]:
    """Select the ids of those who may review this version today."""
    today = clock.today()
    above = Organisation.path == func.substr(
        lesson.organisation.path, 1, func.length(Organisation.path)
    )
    return (
        select(RoleGrant.person_id)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(
            RoleGrant.role.in_(REVIEWERS),
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
            above,
            RoleGrant.person_id.not_in([writer.person_id for writer in version.writers]),
        )
    )


# ------------------------------------------------------------------ lecturers


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


# ------------------------------------------------------------------ series


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


# ------------------------------------------------------------------ routes


def routes_to_choose(person: Person, version: LessonVersion | None) -> Sequence[Route]:
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
