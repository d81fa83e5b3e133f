"""The blueprint of themed lessons, and the way in to one of them."""

from collections.abc import Sequence

from flask import Blueprint

from portal.errors import ConflictError
from portal.lessons import policies, queries
from portal.lessons.models import Lesson, LessonSeries
from portal.people import queries as people
from portal.people.access import current_reader, require
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope

bp = Blueprint("lessons", __name__, url_prefix="/lessons")

NOT_KEEPER = "只有这堂课所属组织的书记、记录人和上级组织可以办理这件事。"


def kept(lesson_id: int, *, to_change: bool = False) -> Lesson:
    """Return a lesson that the reader keeps, its row locked when it is `to_change`.

    Unknown or not to be known is NotFoundError; seen but not kept is ForbiddenError.
    """
    reader = current_reader()
    find = queries.lesson_to_change if to_change else queries.lesson_seen_by
    lesson = find(reader, lesson_id)
    require(policies.may_keep(reader, lesson), NOT_KEEPER)
    return lesson


def kept_series(series_id: int) -> LessonSeries:
    """Return a series that the reader keeps; raise NotFoundError or ForbiddenError."""
    series = queries.series(series_id)
    require(policies.may_keep(current_reader(), series), NOT_KEEPER)
    return series


def own_part() -> Sequence[Organisation]:
    """Return the organisations for which the reader may write, the highest first."""
    own = people.organisations(scope(current_reader(), HOSTS))
    if not own:
        raise ConflictError("您所在的组织已经撤销，不能再写课。请联系系统管理员。")
    return own
