"""The list of lessons, as far as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, false, or_, select

from portal import paging
from portal.database import choice, db
from portal.lessons.models import (
    PUBLIC,
    Lesson,
    LessonForm,
    LessonSeries,
    LessonState,
    LessonVersion,
)
from portal.lessons.queries import SEARCH_KIND, is_shown, visible_below, visible_to
from portal.people import bound
from portal.people.models import Organisation
from portal.people.narrowing import chosen_and_below
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.readers import Somebody
from portal.search.queries import matches
from portal.statements import Ready, plain_rows

PER_PAGE = 24


class Standing(StrEnum):
    """Which lessons are shown by their state; all but the first two are for those who write."""

    PUBLISHED = "published"
    ARCHIVED = "archived"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        """Chinese words of the choice."""
        return LessonState(self.value).label

    @property
    def is_public(self) -> bool:
        """Whether readers may ask for it."""
        return LessonState(self.value) in PUBLIC


@dataclass(frozen=True)
class Filters:
    """What a reader asks of the list, as it stands in the address."""

    q: str = ""
    series: int | None = None
    form: LessonForm | None = None
    state: Standing = Standing.PUBLISHED
    org: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for beyond what is shown to everybody at first."""
        return self == Filters()


class ListedLesson(NamedTuple):
    """What a list says of a lesson: plain values of the version that readers see."""

    id: int
    state: LessonState
    preparing: LessonState | None
    title: str
    form: LessonForm
    lecturer_name: str
    minutes: int | None
    takeaway: str
    cover_id: int | None
    series_name: str | None
    organisation_name: str


_COLUMNS = (
    *(Lesson.id, Lesson.state, Lesson.preparing),
    *(LessonVersion.title, LessonVersion.form, LessonVersion.lecturer_name),
    *(LessonVersion.minutes, LessonVersion.takeaway, LessonVersion.cover_id),
    *(LessonSeries.name, Organisation.short_name),
)


def _listed() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .select_from(Lesson)
        .join(LessonVersion, is_shown())
        .join(Organisation, Organisation.id == Lesson.organisation_id)
        .outerjoin(LessonSeries, LessonSeries.id == LessonVersion.series_id)
    )


def page_of_list(person: Somebody, filters: Filters, number: int) -> "paging.Page[ListedLesson]":
    """Return page `number` of the lessons that the person may see and asks for, latest first."""
    roots = () if is_administrator(person) else scope(person, HOSTS)
    shape = _Shape(
        filters.state, filters.form is not None, filters.series is not None, filters.org is not None
    )
    ready = _asked(None if is_administrator(person) else len(roots), shape)
    wanted: Select[Any] | Ready = ready
    if filters.q:
        wanted = ready.statement.where(matches(Lesson.id, SEARCH_KIND, filters.q))
    asked = {"form": filters.form, "series": filters.series, "org": filters.org}
    return paging.page_of_rows(
        wanted,
        number,
        ListedLesson._make,
        {**asked, **bound.values(person, roots)},
        plain_rows,
        per_page=PER_PAGE,
    )


class _Shape(NamedTuple):
    """What of the filters decides how the statement is built, whatever their values."""

    state: Standing
    by_form: bool
    by_series: bool
    by_org: bool


@lru_cache(maxsize=256)
def _asked(duties: int | None, shape: _Shape) -> Ready:
    """Build the statement for readers with so many duties; None for those who see no lesson."""
    seen = false() if duties is None else visible_below(bound.roots(duties))
    wanted = _listed().where(seen, _standing(shape.state))
    if shape.by_form:
        form = bindparam("form", type_=choice(LessonForm))
        wanted = wanted.where(LessonVersion.form == form)
    if shape.by_series:
        wanted = wanted.where(LessonVersion.series_id == bindparam("series", type_=Integer))
    if shape.by_org:
        wanted = wanted.where(Lesson.organisation_id.in_(chosen_and_below()))
    return Ready(paging.paged(wanted.order_by(Lesson.updated_at.desc(), Lesson.id.desc())))


def of_series(person: Somebody, series: LessonSeries) -> Sequence[ListedLesson]:
    """Return the published lessons of a series in the order in which they were published."""
    wanted = (
        _listed()
        .where(
            visible_to(person),
            Lesson.state == LessonState.PUBLISHED,
            LessonVersion.series_id == series.id,
        )
        .order_by(Lesson.published_at, Lesson.id)
        .limit(200)
    )
    return [ListedLesson._make(row) for row in db.session.execute(wanted)]


def _standing(standing: Standing) -> ColumnElement[bool]:
    state = LessonState(standing.value)
    if standing.is_public:
        return Lesson.state == state
    return or_(Lesson.state == state, Lesson.preparing == state)


class SeriesChoice(NamedTuple):
    """A series that a list can be narrowed to."""

    id: int
    name: str


def series_to_choose() -> tuple[SeriesChoice, ...]:
    """Return the series a list can be narrowed to, by name."""
    return tuple(SeriesChoice._make(row) for row in _SERIES.rows({}))


_SERIES = Ready(
    select(LessonSeries.id, LessonSeries.name).order_by(LessonSeries.name, LessonSeries.id)
)
