"""Writing about lessons: begin, go on, begin the next version, throw a draft away."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError
from portal.lessons import details as written
from portal.lessons import queries
from portal.lessons.details import COLUMNS, Details
from portal.lessons.models import LecturerOrigin, Lesson, LessonState, LessonVersion
from portal.lessons.services import attaching
from portal.lessons.services.keeping import index, move, note_writer, settle
from portal.lessons.states import Move, after
from portal.people.models import Organisation, Person
from portal.search import services as search


def create(*, details: Details, organisation: Organisation, actor: Person) -> Lesson:
    """Begin a lesson with its first draft, seen by those who keep it; raise InvalidInputError."""
    written.check(details)
    now = clock.now()
    lesson = Lesson(
        title=details.title,
        state=LessonState.DRAFT,
        preparing=LessonState.DRAFT,
        last_number=1,
        organisation=organisation,
        created_by=actor,
        created_at=now,
        updated_at=now,
    )
    db.session.add(lesson)
    db.session.flush()
    version = _begin(lesson, 1, details, actor)
    move(lesson, version, LessonState.DRAFT, actor, from_state=None)
    settle(lesson)
    audit.record(
        "lesson.create", lesson, actor=actor, title=lesson.title, organisation=organisation.code
    )
    return lesson


def _begin(lesson: Lesson, number: int, details: Details, actor: Person) -> LessonVersion:
    """Add the version with that number, written as in `details`."""
    now = clock.now()
    version = LessonVersion(
        lesson_id=lesson.id,
        number=number,
        state=LessonState.DRAFT,
        created_by_id=actor.id,
        created_at=now,
        edited_by_id=actor.id,
        edited_at=now,
    )
    _write(version, _with_lecturer(details))
    lesson.last_number = number
    db.session.add(version)
    db.session.flush()
    note_writer(version, actor)
    attaching.follow_text(version, actor=actor)
    return queries.version(lesson, number)


def _write(version: LessonVersion, details: Details) -> None:
    for name in COLUMNS:
        setattr(version, name, getattr(details, name))
    version.lecturer_id = details.lecturer_id
    version.series_id = details.series.id if details.series else None
    version.route_id = details.route.id if details.route else None


def _with_lecturer(details: Details) -> Details:
    """Find the lecturer in the roster by the exact name; namesakes need a choice."""
    if details.lecturer_origin is LecturerOrigin.INVITED:
        return replace(details, lecturer_id=None)
    ids = [person.id for person in queries.persons_named(details.lecturer_name)]
    if details.lecturer_id in ids:
        return details
    return replace(details, lecturer_id=ids[0] if len(ids) == 1 else None)


def revise(*, lesson: Lesson, actor: Person) -> LessonVersion:
    """Begin the next version with what stands in the newest; readers go on seeing the old one.

    The lesson's row is locked. Raise ConflictError while a version is being worked on, and for
    a lesson that is put away.
    """
    newest = queries.newest(lesson)
    if lesson.state is LessonState.ARCHIVED:
        raise ConflictError("这堂课已经归档，不能修改。要改请先恢复发布。")
    state = after(newest.state, Move.REVISE)
    version = _begin(lesson, newest.number + 1, written.of(newest), actor)
    attaching.copy(newest, version)
    move(lesson, version, state, actor, from_state=newest.state)
    settle(lesson)
    audit.record("lesson.revise", lesson, actor=actor, title=lesson.title, version=version.number)
    return version


def version_to_write(*, lesson: Lesson, actor: Person) -> LessonVersion:
    """Return the draft, beginning the next version where there is none; raise ConflictError."""
    newest = queries.newest(lesson)
    if newest.state is LessonState.DRAFT:
        return newest
    if newest.state is LessonState.IN_REVIEW:
        raise ConflictError("这堂课正在审核，现在不能修改。要改请先撤回。")
    return revise(lesson=lesson, actor=actor)


def edit(
    *, lesson: Lesson, version: LessonVersion, details: Details, actor: Person, desk: str = ""
) -> set[str]:
    """Write the draft anew; return the names of what changed.

    `desk` names the open form that saves. The lesson's row is locked.
    """
    changed = _edit(lesson, version, details, actor, desk)
    if changed:
        audit.record(
            "lesson.edit",
            lesson,
            actor=actor,
            title=version.title,
            version=version.number,
            fields=sorted(changed),
        )
    return changed


def keep_draft(
    *, lesson: Lesson, version: LessonVersion, details: Details, actor: Person, desk: str
) -> set[str]:
    """Keep what is being typed, every few seconds; the audit notes each open form once."""
    is_first = version.desk != desk
    changed = _edit(lesson, version, details, actor, desk)
    if changed and is_first:
        audit.record(
            "lesson.keep_draft", lesson, actor=actor, title=version.title, version=version.number
        )
    return changed


def _edit(
    lesson: Lesson, version: LessonVersion, details: Details, actor: Person, desk: str
) -> set[str]:
    after(version.state, Move.EDIT)
    written.check(details)
    details = _with_lecturer(details)
    before = written.of(version)
    changed = written.differences(before, details)
    if not changed and before.lecturer_id == details.lecturer_id:
        return changed
    _write(version, details)
    version.edited_by_id, version.edited_at, version.desk = actor.id, clock.now(), desk
    note_writer(version, actor)
    db.session.flush()
    if "body" in changed:
        attaching.follow_text(version, actor=actor)
    # What stands beside the columns is read anew.
    db.session.expire(version)
    settle(lesson)
    return changed


def discard(*, lesson: Lesson, actor: Person) -> bool:
    """Throw the draft away; return whether the lesson went with it.

    A lesson that nobody has published or returned goes altogether.
    """
    version = queries.newest(lesson)
    after(version.state, Move.DISCARD)
    audit.record("lesson.discard", lesson, actor=actor, title=version.title, version=version.number)
    if version.number == 1:
        search.remove(queries.SEARCH_KIND, lesson.id)
        db.session.execute(delete(LessonVersion).where(LessonVersion.lesson_id == lesson.id))
        db.session.delete(lesson)
        db.session.flush()
        return True
    lesson.last_number = version.number - 1
    db.session.delete(version)
    settle(lesson)
    return False


def reindex(lessons: Sequence[Lesson]) -> None:
    """Make lessons findable by the names that their organisations bear now."""
    for lesson in lessons:
        index(lesson, queries.shown(lesson))
