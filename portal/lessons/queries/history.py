"""Versions of a lesson, and every step of its life."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFoundError
from portal.lessons.models import OPEN, PUBLIC, Lesson, LessonMove, LessonVersion, LessonWriter
from portal.lessons.queries.lessons import visible_to
from portal.people.readers import Somebody


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


def find_shown_to(person: Somebody, lesson_id: int) -> LessonVersion | None:
    """Return the version that readers see of a lesson, its series loaded; None if hidden."""
    return db.session.scalar(
        select(LessonVersion)
        .join(Lesson, is_shown())
        .where(Lesson.id == lesson_id, visible_to(person))
        .options(joinedload(LessonVersion.series))
    )


def shown_and_newest(lesson: Lesson) -> tuple[LessonVersion, LessonVersion]:
    """Return the version that readers see, and what is being prepared: often they are one."""
    is_newest = and_(
        LessonVersion.lesson_id == Lesson.id, LessonVersion.number == Lesson.last_number
    )
    wanted = _versions().join(Lesson, or_(is_shown(), is_newest)).where(Lesson.id == lesson.id)
    found = db.session.scalars(wanted.order_by(LessonVersion.number)).all()
    return found[0], found[-1]


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
