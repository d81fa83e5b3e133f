"""Keeping series: begin, change, throw away."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.lessons.models import LessonSeries, LessonVersion
from portal.people.models import Organisation, Person

LONGEST_NAME, LONGEST_SUMMARY = 80, 2_000


def create_series(
    *, name: str, summary: str, organisation: Organisation, actor: Person
) -> LessonSeries:
    """Begin a series; raise InvalidInputError, also for a name the organisation has already."""
    _check(name, summary)
    now = clock.now()
    series = LessonSeries(
        name=name,
        summary=summary,
        organisation=organisation,
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
    )
    _keep(series)
    audit.record(
        "lesson.series_create", series, actor=actor, title=name, organisation=organisation.code
    )
    return series


def edit_series(*, series: LessonSeries, name: str, summary: str, actor: Person) -> None:
    """Change name and words of a series; raise InvalidInputError."""
    _check(name, summary)
    series.name, series.summary, series.updated_at = name, summary, clock.now()
    _keep(series)
    audit.record("lesson.series_edit", series, actor=actor, title=name)


def discard_series(*, series: LessonSeries, actor: Person) -> None:
    """Throw away a series in which no version of any lesson stands."""
    used = select(LessonVersion.id).where(LessonVersion.series_id == series.id).limit(1)
    if db.session.scalar(used) is not None:
        raise ConflictError("这个系列里还有课，不能删除。请先把课改到别的系列。")
    audit.record("lesson.series_discard", series, actor=actor, title=series.name)
    db.session.delete(series)
    db.session.flush()


def _keep(series: LessonSeries) -> None:
    """Write it; the database alone knows whether the name is taken."""
    try:
        with db.session.begin_nested():
            db.session.add(series)
            db.session.flush()
    except IntegrityError as error:
        raise InvalidInputError("您这里已经有一个同名的系列。", field="name") from error


def _check(name: str, summary: str) -> None:
    if not name:
        raise InvalidInputError("请填写系列名称。", field="name")
    if len(name) > LONGEST_NAME:
        raise InvalidInputError(f"系列名称最多 {LONGEST_NAME} 个字。", field="name")
    if len(summary) > LONGEST_SUMMARY:
        raise InvalidInputError(f"系列说明最多 {LONGEST_SUMMARY} 个字。", field="summary")
