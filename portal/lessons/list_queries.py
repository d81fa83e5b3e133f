"""The list of lessons, as far as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select

from portal import clock, paging
from portal.database import db
from portal.lessons.models import (
    PUBLIC,
    Lesson,
    LessonForm,
    LessonSeries,
    LessonState,
    LessonVersion,
)
from portal.lessons.queries import SEARCH_KIND, is_shown, visible_to
from portal.people.models import Organisation, OrganisationKind
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.search.queries import matches

PER_PAGE = 24
_BROAD = (OrganisationKind.SUB_DISTRICT, OrganisationKind.COMMUNITY)


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


def _listed() -> Select[*tuple[object, ...]]:
    return (
        select(*_COLUMNS)
        .select_from(Lesson)
        .join(LessonVersion, is_shown())
        .join(Organisation, Organisation.id == Lesson.organisation_id)
        .outerjoin(LessonSeries, LessonSeries.id == LessonVersion.series_id)
    )


def page_of_list(person: Somebody, filters: Filters, number: int) -> "paging.Page[ListedLesson]":
    """Return page `number` of the lessons that the person may see and asks for, latest first."""
    wanted = _listed().where(visible_to(person), _standing(filters.state))
    if filters.q:
        wanted = wanted.where(matches(Lesson.id, SEARCH_KIND, filters.q))
    if filters.form is not None:
        wanted = wanted.where(LessonVersion.form == filters.form)
    if filters.series is not None:
        wanted = wanted.where(LessonVersion.series_id == filters.series)
    if filters.org is not None:
        wanted = wanted.where(_below(filters.org))
    wanted = wanted.order_by(Lesson.updated_at.desc(), Lesson.id.desc())
    number = max(1, min(number, 100_000))
    rows = db.session.execute(wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)).all()
    listed = [ListedLesson._make(row) for row in rows[:PER_PAGE]]
    return paging.Page(listed, number, len(rows) > PER_PAGE)


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


def _below(organisation_id: int) -> ColumnElement[bool]:
    root = select(Organisation.path).where(Organisation.id == organisation_id).scalar_subquery()
    below = select(Organisation.id).where(
        Organisation.path >= root, Organisation.path < root.concat("\U0010ffff")
    )
    return Lesson.organisation_id.in_(below)


def organisations_to_choose(person: Somebody) -> list[Organisation]:
    """Return the organisations a list can be narrowed to: the broad ones, and one's own part."""
    roots = scope(person, HOSTS)
    own = Organisation.kind.in_(_BROAD)
    wanted = select(Organisation).where(
        or_(own, in_subtrees(roots)) if roots else own,
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= clock.today()),
    )
    return list(db.session.scalars(wanted.order_by(Organisation.path)).all())
