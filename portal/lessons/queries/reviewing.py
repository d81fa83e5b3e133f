"""What waits for a reviewer, and who may review."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.lessons.models import Lesson, LessonState, LessonVersion, LessonWriter
from portal.lessons.policies import REVIEWERS
from portal.lessons.queries.lessons import kept_below
from portal.people.models import Organisation, RoleGrant
from portal.people.policies import is_administrator, scope
from portal.people.readers import Somebody


class Waiting(NamedTuple):
    """What waits for one person: to be reviewed, and come back to be written on."""

    to_review: Sequence[LessonVersion]
    returned: Sequence[LessonVersion]


def waiting_for(person: Somebody, *, limit: int) -> Waiting:
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
    to_review = and_(LessonVersion.state == LessonState.IN_REVIEW, kept_below(roots), ~is_mine)
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
