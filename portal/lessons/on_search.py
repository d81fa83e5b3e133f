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
from portal.people.readers import Somebody, Somewhere
from portal.search import hooks
from portal.search.below import find_below


def _said(row: Any) -> hooks.Found:
    return hooks.Found(
        row.id,
        row.title,
        (row.form.label, row.short_name, row.lecturer_name),
        state="" if row.state is LessonState.PUBLISHED else row.state.label,
        texts=(row.takeaway, row.questions, plain(row.body)),
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


def _roots(person: Somebody) -> list[Somewhere]:
    return scope(person, HOSTS)


_FIND = find_below(_roots, _rows, Lesson.id, SEARCH_KIND, _said)
SOURCE = hooks.Source(SEARCH_KIND, "党课", "lessons.show", "lesson_id", 20, may_read, _FIND)
