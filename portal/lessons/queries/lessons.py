"""One lesson, and who may see it."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.lessons.models import PUBLIC, Lesson
from portal.people.models import Organisation
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody, Somewhere

# What lessons are called in the search index.
SEARCH_KIND = "lesson"
UNKNOWN = "没有找到这堂课，可能已被删除，或者不对您开放。"


def _whole() -> Select[Lesson]:
    return select(Lesson).options(joinedload(Lesson.organisation))


def visible_to(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person may see a lesson: `policies.may_see` in SQL."""
    if is_administrator(person):
        return Lesson.id.is_(None)
    return visible_below(scope(person, HOSTS))


def visible_below(roots: Collection[Somewhere]) -> ColumnElement[bool]:
    """Return the condition that whoever runs events for these organisations may see a lesson."""
    is_public = Lesson.state.in_(PUBLIC)
    return or_(is_public, kept_below(roots)) if roots else is_public


def kept_below(roots: Collection[Somewhere]) -> ColumnElement[bool]:
    """Return the condition that a lesson is kept by these organisations or below them."""
    return Lesson.organisation_id.in_(select(Organisation.id).where(in_subtrees(roots)))


def lesson(lesson_id: int) -> Lesson:
    """Return one lesson with its organisation; raise NotFoundError."""
    return _found(_whole().where(Lesson.id == lesson_id))


def lesson_seen_by(person: Somebody, lesson_id: int) -> Lesson:
    """Return the lesson if the person may see it; raise NotFoundError else."""
    return _found(_whole().where(Lesson.id == lesson_id, visible_to(person)))


def lesson_to_change(person: Somebody, lesson_id: int) -> Lesson:
    """Return the lesson as `lesson_seen_by` does, its row locked until the transaction ends."""
    wanted = _whole().where(Lesson.id == lesson_id, visible_to(person))
    return _found(wanted.with_for_update(of=Lesson))


def _found(wanted: Select[Lesson]) -> Lesson:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found
