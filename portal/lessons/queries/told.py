"""The page of a lesson, told from plain values: nothing here is ever changed (`portal.told`)."""

from functools import lru_cache

from sqlalchemy import Integer, and_, bindparam, false, or_, select

from portal.errors import NotFoundError
from portal.lessons.models import Lesson, LessonSeries, LessonVersion, LessonWriter
from portal.lessons.queries.history import is_shown
from portal.lessons.queries.lessons import UNKNOWN, visible_below
from portal.people import bound
from portal.people.models import Organisation, Person
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.readers import Somebody
from portal.sites.models import Route
from portal.statements import Ready
from portal.told import Told

# A text may be long: fewer of them are kept than of other things.
_MOST_TEXTS = 200
_LESSON = Told(Lesson, is_first=True, organisation=Told(Organisation))
_NAME = ("id", "name")
_VERSION = Told(
    LessonVersion,
    is_first=True,
    most=_MOST_TEXTS,
    series=Told(LessonSeries),
    route=Told(Route),
    edited_by=Told(Person, only=_NAME),
    settled_by=Told(Person, only=_NAME),
)


def lesson_to_read(person: Somebody, lesson_id: int) -> Lesson:
    """Return the lesson, with its organisation, as `lesson_seen_by` does: to be shown."""
    roots = () if is_administrator(person) else scope(person, HOSTS)
    wanted = _seen(None if is_administrator(person) else len(roots))
    rows = wanted.rows({"lesson_id": lesson_id, **bound.values(person, roots)})
    if not rows:
        raise NotFoundError(UNKNOWN)
    return _LESSON.read(tuple(rows[0]))


def shown_and_newest_to_read(lesson: Lesson) -> tuple[LessonVersion, LessonVersion]:
    """Return what `shown_and_newest` does, without the writers (`writer_ids`)."""
    rows = _VERSIONS.rows({"lesson_id": lesson.id})
    return _VERSION.read(tuple(rows[0])), _VERSION.read(tuple(rows[-1]))


def writer_ids(version: LessonVersion) -> set[int]:
    """Return who wrote in the version: none of them may review it."""
    return {row[0] for row in _WRITERS.rows({"version_id": version.id})}


@lru_cache(maxsize=64)
def _seen(duties: int | None) -> Ready:
    """Build the statement for readers with so many duties; None for those who see no lesson."""
    organisation = _LESSON.related["organisation"].table
    seen = false() if duties is None else visible_below(bound.roots(duties))
    return Ready(
        select(*_LESSON.columns)
        .join(organisation, organisation.id == Lesson.organisation_id)
        .where(Lesson.id == bindparam("lesson_id", type_=Integer), seen)
    )


def _versions() -> Ready:
    series, route, edited_by, settled_by = (one.table for one in _VERSION.related.values())
    is_newest = and_(
        LessonVersion.lesson_id == Lesson.id, LessonVersion.number == Lesson.last_number
    )
    return Ready(
        select(*_VERSION.columns)
        .join(Lesson, or_(is_shown(), is_newest))
        .outerjoin(series, series.id == LessonVersion.series_id)
        .outerjoin(route, route.id == LessonVersion.route_id)
        .join(edited_by, edited_by.id == LessonVersion.edited_by_id)
        .outerjoin(settled_by, settled_by.id == LessonVersion.settled_by_id)
        .where(Lesson.id == bindparam("lesson_id", type_=Integer))
        .order_by(LessonVersion.number)
    )


_VERSIONS = _versions()
_WRITERS = Ready(
    select(LessonWriter.person_id).where(
        LessonWriter.version_id == bindparam("version_id", type_=Integer)
    )
)
