"""Moving a lesson through its life, and reviewing it."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, InvalidInputError
from portal.lessons import material_queries, policies, queries, services
from portal.lessons.forms import RemarkForm
from portal.lessons.models import Lesson, LessonState
from portal.lessons.services.moving import OWN_WORK
from portal.lessons.views.blueprint import bp, kept
from portal.lessons.views.changes import changes_between
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_REVIEWER = "审核由社区党委书记或者上级党组织办理。"


def _to_page(lesson: Lesson) -> Response:
    return redirect(url_for("lessons.show", lesson_id=lesson.id))


@bp.post("/<int:lesson_id>/submit")
@signed_in
@writes
def submit(lesson_id: int) -> Response:
    """Ask somebody else to review the draft."""
    lesson = kept(lesson_id, to_change=True)
    services.submit(lesson=lesson, actor=current_person())
    flash("已提交审核，审核人会在待办里看到。")
    return _to_page(lesson)


@bp.post("/<int:lesson_id>/withdraw")
@signed_in
@writes
def withdraw(lesson_id: int) -> Response:
    """Take it back from review, to write on."""
    lesson = kept(lesson_id, to_change=True)
    services.withdraw(lesson=lesson, actor=current_person())
    flash("已撤回，可以接着修改。")
    return _to_page(lesson)


@bp.post("/<int:lesson_id>/archive")
@signed_in
@writes
def archive(lesson_id: int) -> Response:
    """Put a published lesson away."""
    return _answered_for(lesson_id, services.archive, "已归档，不再安排。以前讲过的记录都还在。")


@bp.post("/<int:lesson_id>/restore")
@signed_in
@writes
def restore(lesson_id: int) -> Response:
    """Publish again what was put away."""
    return _answered_for(lesson_id, services.restore, "已恢复发布。")


def _answered_for(lesson_id: int, step: Callable[..., None], sentence: str) -> Response:
    """Take a step that only those who answer for what is taught may take."""
    lesson = kept(lesson_id, to_change=True)
    require(policies.may_review_for(current_reader(), lesson.organisation), _NOT_REVIEWER)
    step(lesson=lesson, actor=current_person())
    flash(sentence)
    return _to_page(lesson)


@bp.post("/<int:lesson_id>/discard")
@signed_in
@writes
def discard(lesson_id: int) -> Response:
    """Throw the draft away; what was published stays."""
    lesson = kept(lesson_id, to_change=True)
    title = queries.newest(lesson).title
    if services.discard(lesson=lesson, actor=current_person()):
        flash(f"草稿“{title}”已删除。")
        return redirect(url_for("lessons.index"))
    flash("修改稿已删除，原来的内容没有变。")
    return _to_page(lesson)


# ------------------------------------------------------------------ review


@bp.get("/<int:lesson_id>/review")
@signed_in
def review(lesson_id: int) -> Response:
    """Read the version, see what is new in it, and publish or return it."""
    return _review_page(_reviewed(lesson_id), RemarkForm(formdata=None))


@bp.post("/<int:lesson_id>/publish")
@signed_in
@writes
def publish(lesson_id: int) -> Response:
    """Publish the version that was read."""
    lesson = _reviewed(lesson_id, to_change=True)
    services.publish(lesson=lesson, number=_number_read(lesson), actor=current_person())
    flash("已发布，大家现在都能看到。")
    return _to_page(lesson)


@bp.post("/<int:lesson_id>/return")
@signed_in
@writes
def return_with_remark(lesson_id: int) -> Response:
    """Send it back to those who wrote it, with words."""
    lesson = _reviewed(lesson_id, to_change=True)
    form = RemarkForm()
    if form.validate():
        try:
            services.return_with_remark(
                lesson=lesson,
                number=_number_read(lesson),
                remark=form.remark.data or "",
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已退回，写稿的人会看到您的意见。")
            return _to_page(lesson)
    return _review_page(lesson, form)


def _reviewed(lesson_id: int, *, to_change: bool = False) -> Lesson:
    """Return the lesson if the reader answers for what is taught there."""
    lesson = kept(lesson_id, to_change=to_change)
    require(policies.may_review_for(current_reader(), lesson.organisation), _NOT_REVIEWER)
    return lesson


def _number_read(lesson: Lesson) -> int:
    """Return the number of the version that was on the reviewer's page."""
    return request.form.get("number", lesson.last_number, type=row_number)


def _review_page(lesson: Lesson, form: RemarkForm) -> Response:
    version = queries.newest(lesson)
    if version.state is not LessonState.IN_REVIEW:
        raise ConflictError("这堂课现在没有等待审核的内容。")
    reader = current_reader()
    before = queries.version_before(version)
    changes = changes_between(before, version) if before else []
    is_own = not policies.may_review(
        reader, lesson, {writer.person_id for writer in version.writers}
    )
    return render(
        "lessons/review.html",
        lesson=lesson,
        version=version,
        before=before,
        changes=changes,
        is_own=is_own,
        attached=material_queries.attached(version),
        own_work=OWN_WORK,
        form=form,
        status=422 if form.errors else 200,
    )
