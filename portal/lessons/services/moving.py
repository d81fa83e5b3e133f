"""Moving a version through its life: submit, take back, return, publish, put away.

The lesson's row is locked by whoever moves it, so that two reviewers settle a version once.
"""

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.lessons import details, policies, queries
from portal.lessons.models import PUBLIC, Lesson, LessonState, LessonVersion
from portal.lessons.services.keeping import move, settle
from portal.lessons.states import Move, after
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.people.models import Person

LONGEST_REMARK = 1_000
OWN_WORK = "这一稿您参与了编写，要由另一位审核人来审核。"


def submit(*, lesson: Lesson, actor: Person) -> None:
    """Ask for a review; raise ConflictError naming what is still missing."""
    version = queries.newest(lesson)
    state = after(version.state, Move.SUBMIT)
    lacks = details.missing(version)
    if lacks:
        raise ConflictError(f"还不能提交审核，缺少：{'、'.join(lacks)}。")
    version.submitted_at = clock.now()
    _move(lesson, version, state, actor)
    _record("lesson.submit", lesson, version, actor)
    messages.tell(
        people=queries.reviewers(lesson, version),
        kind=MessageKind.REVIEW,
        subject=f"请您审核：{version.title}",
        body=f"{actor.name}提交了第 {version.number} 稿。",
        key=f"lesson:{lesson.id}:{version.number}:submitted",
        link=f"/lessons/{lesson.id}/review",
    )


def withdraw(*, lesson: Lesson, actor: Person) -> None:
    """Take a version back from review, to write on."""
    version = queries.newest(lesson)
    state = after(version.state, Move.WITHDRAW)
    version.submitted_at = None
    _move(lesson, version, state, actor)
    _record("lesson.withdraw", lesson, version, actor)


def return_with_remark(*, lesson: Lesson, number: int, remark: str, actor: Person) -> None:
    """Send the version that was read back to its writers, and say what is to be changed."""
    version = _version_read(lesson, number)
    state = after(version.state, Move.RETURN)
    _check_reviewer(lesson, version, actor)
    if not remark:
        raise InvalidInputError("请写明要改什么，写稿的人会看到。", field="remark")
    if len(remark) > LONGEST_REMARK:
        raise InvalidInputError(f"退回意见最多 {LONGEST_REMARK} 个字。", field="remark")
    version.remark = remark
    _settle_version(version, actor)
    _move(lesson, version, state, actor, remark=remark)
    _record("lesson.return", lesson, version, actor)
    _tell_writers(lesson, version, f"已退回，请修改：{version.title}", remark)


def publish(*, lesson: Lesson, number: int, actor: Person) -> None:
    """Publish the version that was read; the one before it is kept and shown no more."""
    version = _version_read(lesson, number)
    state = after(version.state, Move.PUBLISH)
    _check_reviewer(lesson, version, actor)
    lacks = details.missing(version)
    if lacks:
        raise ConflictError(f"还不能发布，缺少：{'、'.join(lacks)}。")
    if lesson.published_at is not None:
        old = queries.shown(lesson)
        replaced = after(old.state, Move.REPLACE)
        move(lesson, old, replaced, actor, from_state=old.state)
        # The database allows one public version: the old one goes first.
        db.session.flush()
    lesson.published_at = lesson.published_at or clock.now()
    _settle_version(version, actor)
    _move(lesson, version, state, actor)
    _record("lesson.publish", lesson, version, actor)
    _tell_writers(lesson, version, f"已审核发布：{version.title}", "大家现在都能看到，可以安排了。")


def archive(*, lesson: Lesson, actor: Person) -> None:
    """Put a published lesson away: it can be read, and is given no more."""
    version = _public(lesson, Move.ARCHIVE)
    _move(lesson, version, after(version.state, Move.ARCHIVE), actor)
    _record("lesson.archive", lesson, version, actor)


def restore(*, lesson: Lesson, actor: Person) -> None:
    """Publish again what was put away."""
    version = _public(lesson, Move.RESTORE)
    _move(lesson, version, after(version.state, Move.RESTORE), actor)
    _record("lesson.restore", lesson, version, actor)


def _public(lesson: Lesson, wanted: Move) -> LessonVersion:
    """Return what readers see, if nothing new is being worked on."""
    shown = queries.shown(lesson)
    if shown.state in PUBLIC and queries.newest(lesson).is_open:
        raise ConflictError(f"有一份修改稿还没有了结，不能{wanted.label}。请先发布或者删除它。")
    return shown


def _version_read(lesson: Lesson, number: int) -> LessonVersion:
    """Return the newest version if it is the one that the reviewer has read."""
    version = queries.newest(lesson)
    if version.number != number:
        raise ConflictError("您审核的这一稿已经有了变化，请刷新后再看。")
    return version


def _check_reviewer(lesson: Lesson, version: LessonVersion, actor: Person) -> None:
    writers = {writer.person_id for writer in version.writers}
    if not policies.may_review(actor, lesson, writers):
        raise ForbiddenError(OWN_WORK)


def _tell_writers(lesson: Lesson, version: LessonVersion, subject: str, body: str) -> None:
    messages.tell(
        people=[writer.person_id for writer in version.writers],
        kind=MessageKind.REVIEW,
        subject=subject,
        body=body,
        key=f"lesson:{lesson.id}:{version.number}:{version.state.value}",
        link=f"/lessons/{lesson.id}",
    )


def _settle_version(version: LessonVersion, actor: Person) -> None:
    version.settled_at, version.settled_by_id = clock.now(), actor.id


def _move(
    lesson: Lesson, version: LessonVersion, state: LessonState, actor: Person, *, remark: str = ""
) -> None:
    move(lesson, version, state, actor, from_state=version.state, remark=remark)
    settle(lesson)


def _record(action: str, lesson: Lesson, version: LessonVersion, actor: Person) -> None:
    audit.record(action, lesson, actor=actor, title=version.title, version=version.number)
