"""Building an exercise, field by field."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError, NotFoundError
from portal.exercises import policies, queries, services
from portal.exercises.forms import ExerciseForm, FieldForm
from portal.exercises.models import Exercise, FieldKind
from portal.exercises.views.blueprint import bp
from portal.lessons import queries as lessons
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_BUILDER = "只有这堂课所属组织的书记、记录人和上级组织可以编排练习。"
_NOT_GIVER = "参考答案只有安排活动的人能看。"


def built(exercise_id: int, *, to_change: bool = False) -> Exercise:
    """Return an exercise that the reader builds; raise NotFoundError or ForbiddenError."""
    reader = current_reader()
    exercise = queries.exercise_seen_by(reader, exercise_id, to_change=to_change)
    require(policies.may_build(reader, exercise.lesson), _NOT_BUILDER)
    return exercise


def _to_page(exercise: Exercise) -> Response:
    return redirect(url_for("exercises.show", exercise_id=exercise.id))


@bp.route("/new", methods=["GET", "POST"])
@signed_in
@writes
def new() -> Response:
    """Begin an exercise for a lesson."""
    reader = current_reader()
    lesson = lessons.lesson_seen_by(reader, asked_number("lesson") or 0)
    require(policies.may_build(reader, lesson), _NOT_BUILDER)
    form = ExerciseForm(data={"keep_days": 30})
    if form.validate_on_submit():
        try:
            exercise = services.create(lesson=lesson, facts=form.facts(), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("练习已建好，接着一项一项加上要填的内容。")
            return redirect(url_for("exercises.new_field", exercise_id=exercise.id))
    status = 422 if form.is_submitted() else 200
    return render(
        "exercises/form.html", form=form, lesson=lesson, exercise=None, was=None, status=status
    )


@bp.get("/<int:exercise_id>")
@signed_in
def show(exercise_id: int) -> Response:
    """The fields with their reference answers, and where it was used."""
    reader = current_reader()
    exercise = queries.exercise_seen_by(reader, exercise_id)
    require(policies.may_see_answers(reader, exercise.lesson), _NOT_GIVER)
    givings = queries.givings_without(reader, exercise)
    edition = queries.edition(exercise)
    return render(
        "exercises/show.html",
        exercise=exercise,
        edition=edition,
        is_answered=queries.is_answered(edition.id),
        runs=queries.runs_of(reader, exercise),
        givings=[event for event in givings if policies.may_open(reader, exercise, event)],
        is_builder=policies.may_build(reader, exercise.lesson),
    )


@bp.route("/<int:exercise_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(exercise_id: int) -> Response:
    """Change title, words and rules; whoever comes second is told what stands there now."""
    exercise = built(exercise_id, to_change=request.method == "POST")
    form = ExerciseForm(
        data={
            "title": exercise.title,
            "note": exercise.note,
            "is_twice": exercise.is_twice,
            "keep_days": exercise.keep_days,
            "version": exercise.version,
        }
    )
    was = None
    if form.validate_on_submit():
        if form.version.data and form.version.data != str(exercise.version):
            was = exercise
            form.take({"version": exercise.version})
        else:
            try:
                services.edit(exercise=exercise, facts=form.facts(), actor=current_person())
            except InvalidInputError as error:
                form.add_refusal(error)
            else:
                flash("已保存。")
                return _to_page(exercise)
    status = 409 if was else 422 if form.is_submitted() else 200
    return render(
        "exercises/form.html",
        form=form,
        lesson=exercise.lesson,
        exercise=exercise,
        was=was,
        status=status,
    )


@bp.post("/<int:exercise_id>/discard")
@signed_in
@writes
def discard(exercise_id: int) -> Response:
    """Throw away an exercise that was never used."""
    exercise = built(exercise_id, to_change=True)
    lesson_id, title = exercise.lesson_id, exercise.title
    services.discard(exercise=exercise, actor=current_person())
    flash(f"练习“{title}”已删除。")
    return redirect(url_for("lessons.show", lesson_id=lesson_id))


# ------------------------------------------------------------------ fields


@bp.route("/<int:exercise_id>/fields/new", methods=["GET", "POST"])
@signed_in
@writes
def new_field(exercise_id: int) -> Response:
    """Add a field; "and one more" comes back here."""
    exercise = built(exercise_id, to_change=request.method == "POST")
    form = FieldForm(data={"kind": FieldKind.TEXT.value})
    if form.validate_on_submit():
        try:
            services.add_field(exercise=exercise, asked=form.asked(), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"已加上“{form.label.data}”。")
            if request.form.get("then") == "more":
                return redirect(url_for("exercises.new_field", exercise_id=exercise.id))
            return _to_page(exercise)
    return _field_page(exercise, form, None)


@bp.route("/<int:exercise_id>/fields/<int:field_id>", methods=["GET", "POST"])
@signed_in
@writes
def edit_field(exercise_id: int, field_id: int) -> Response:
    """Change what a field asks."""
    exercise = built(exercise_id, to_change=request.method == "POST")
    fields = queries.edition(exercise).fields
    field = next((one for one in fields if one.id == field_id), None)
    if field is None:
        raise NotFoundError("没有找到这一项，可能已被改动或删除。")
    form = FieldForm(
        data={
            "label": field.label,
            "kind": field.kind.value,
            "help": field.help,
            "options": field.options,
            "answer": field.answer,
        }
    )
    if form.validate_on_submit():
        try:
            services.change_field(
                exercise=exercise, field_id=field_id, asked=form.asked(), actor=current_person()
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已保存。")
            return _to_page(exercise)
    return _field_page(exercise, form, field_id)


@bp.post("/<int:exercise_id>/fields/<int:field_id>/move")
@signed_in
@writes
def move_field(exercise_id: int, field_id: int) -> Response:
    """Move a field one place up or down."""
    exercise = built(exercise_id, to_change=True)
    by = -1 if request.form.get("to") == "up" else 1
    services.move_field(exercise=exercise, field_id=field_id, by=by, actor=current_person())
    return _to_page(exercise)


@bp.post("/<int:exercise_id>/fields/<int:field_id>/remove")
@signed_in
@writes
def remove_field(exercise_id: int, field_id: int) -> Response:
    """Take a field out."""
    exercise = built(exercise_id, to_change=True)
    services.remove_field(exercise=exercise, field_id=field_id, actor=current_person())
    flash("已删除这一项。")
    return _to_page(exercise)


def _field_page(exercise: Exercise, form: FieldForm, field_id: int | None) -> Response:
    return render(
        "exercises/field.html",
        exercise=exercise,
        form=form,
        field_id=field_id,
        status=422 if form.is_submitted() else 200,
    )
