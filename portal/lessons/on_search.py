"""Lessons as the search page finds them: those that the reader may see."""

from sqlalchemy import select

from portal.lessons.models import Lesson, LessonState, LessonVersion
from portal.lessons.policies import may_read
from portal.lessons.queries import SEARCH_KIND, is_shown, visible_to
from portal.lessons.text import plain
from portal.people.models import Organisation, Person
from portal.search import hooks
from portal.search.queries import look_up


def find(person: Person, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return lessons that match, by title first, then the latest written."""
    rows = (
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
        .where(visible_to(person))
    )
    found, total = look_up(rows, Lesson.id, SEARCH_KIND, typed, limit=limit, offset=offset)
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


SOURCE = hooks.Source(SEARCH_KIND, "党课", "lessons.show", "lesson_id", 20, may_read, find)
