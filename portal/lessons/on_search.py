"""Lessons as the search page finds them: those that the reader may see."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from portal.lessons.models import Lesson, LessonState, LessonVersion
from portal.lessons.policies import may_read
from portal.lessons.queries import SEARCH_KIND, is_shown, visible_below
from portal.lessons.text import plain
from portal.people import bound
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.people.readers import Somebody
from portal.search import hooks
from portal.search.queries import look_up


def find(person: Somebody, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return lessons that match, by title first, then the latest written."""
    roots = scope(person, HOSTS)
    found, total = look_up(
        _rows(len(roots)),
        Lesson.id,
        SEARCH_KIND,
        typed,
        limit=limit,
        offset=offset,
        values=bound.values(person, roots),
    )
    return hooks.Findings(
        [
            hooks.Found(
                row.id,
                row.title,
                [row.form.label, row.short_name, row.lecturer_name],
                state="" if row.state is LessonState.PUBLISHED else row.state.label,
                texts=[row.takeaway, row.questions, plain(row.body)],
            )
            for row in found
        ],
        total,
    )


@lru_cache(maxsize=64)
def _rows(duties: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Lesson.id,
            LessonVersion.title,
            LessonVersion.state,
            LessonVersion.form,
            LessonVersion.lecturer_name,
            LessonVersion.takeaway,
            LessonVersion.questions,
            LessonVersion.body,
            Organisation.short_name,
        )
        .join(LessonVersion, is_shown())
        .join(Organisation, Organisation.id == Lesson.organisation_id)
        .where(visible_below(bound.roots(duties)))
    )


SOURCE = hooks.Source(SEARCH_KIND, "党课", "lessons.show", "lesson_id", 20, may_read, find)
