"""What every change of a lesson ends with: its own row, its history, and the search index."""

from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.lessons import queries
from portal.lessons.models import (
    PUBLIC,
    Lesson,
    LessonMove,
    LessonState,
    LessonVersion,
    LessonWriter,
)
from portal.lessons.text import plain
from portal.people.models import Person
from portal.search import services as search


def settle(lesson: Lesson) -> LessonVersion:
    """Let the lesson's row and the search index say what its versions say; return what is shown."""
    db.session.flush()
    shown = queries.shown(lesson)
    newest = queries.newest(lesson)
    lesson.title, lesson.state = shown.title, shown.state
    is_quiet = newest.state in PUBLIC or shown.state is LessonState.ARCHIVED
    lesson.preparing = None if is_quiet else newest.state
    lesson.updated_at = clock.now()
    db.session.flush()
    index(lesson, shown)
    return shown


def move(
    lesson: Lesson,
    version: LessonVersion,
    to_state: LessonState,
    actor: Person,
    *,
    from_state: LessonState | None,
    remark: str = "",
) -> None:
    """Bring the version into a state, and keep the step in the lesson's history."""
    version.state = to_state
    db.session.add(
        LessonMove(
            lesson_id=lesson.id,
            number=version.number,
            from_state=from_state,
            to_state=to_state,
            remark=remark,
            moved_by_id=actor.id,
            at=clock.now(),
        )
    )


def note_writer(version: LessonVersion, actor: Person) -> None:
    """Remember that the actor wrote in this version: never its reviewer."""
    now = clock.now()
    known = db.session.scalar(
        select(LessonWriter).where(
            LessonWriter.version_id == version.id, LessonWriter.person_id == actor.id
        )
    )
    if known is None:
        writer = LessonWriter(version_id=version.id, person_id=actor.id, first_at=now, last_at=now)
        db.session.add(writer)
        db.session.flush()
    else:
        known.last_at = now


def index(lesson: Lesson, shown: LessonVersion) -> None:
    """Make the lesson findable by what readers see of it: organisation and series are loaded."""
    organisation = lesson.organisation
    search.index(
        queries.SEARCH_KIND,
        lesson.id,
        titles=[
            *(shown.title, shown.form.label, organisation.name, organisation.short_name),
            shown.series.name if shown.series else "",
        ],
        names=[shown.lecturer_name],
        body=[shown.takeaway, shown.questions, shown.policy_basis, plain(shown.body)],
        at=lesson.updated_at,
    )
