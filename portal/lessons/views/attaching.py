"""The materials of a lesson and its cover; pictures that are pasted into its text."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import ConflictError
from portal.lessons import material_queries, queries, services
from portal.lessons.models import Lesson, LessonState
from portal.lessons.views.blueprint import bp, kept
from portal.materials.models import Material, MaterialKind
from portal.materials.views import picking
from portal.people.access import current_person, signed_in
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

NOTHING = "没有选中资料，也没有选择文件。请先勾选，或者选择要上传的文件。"


def _check_open(lesson: Lesson) -> None:
    """Raise ConflictError while nothing about the lesson may be written."""
    if lesson.preparing is LessonState.IN_REVIEW:
        raise ConflictError("这堂课正在审核，现在不能修改。要改请先撤回。")
    if lesson.state is LessonState.ARCHIVED:
        raise ConflictError("这堂课已经归档，不能修改。要改请先恢复发布。")


def _to_page(lesson_id: int) -> Response:
    return redirect(url_for("lessons.materials", lesson_id=lesson_id))


@bp.get("/<int:lesson_id>/materials")
@signed_in
def materials(lesson_id: int) -> Response:
    """What is attached, what is on the cover, and what can be attached."""
    return _page(kept(lesson_id))


@bp.post("/<int:lesson_id>/materials")
@signed_in
@takes_files
def attach(lesson_id: int) -> Response:
    """Attach what was ticked and what was uploaded."""
    _check_open(kept(lesson_id))
    try:
        received = picking.received()
    except ConflictError as error:
        return _page(kept(lesson_id), refusals=[error.message], status=409)
    count, anything = 0, False
    with write_transaction():
        lesson, actor = kept(lesson_id, to_change=True), current_person()
        chosen = picking.chosen(received, owner=lesson.organisation)
        if chosen:
            anything = True
            version = services.version_to_write(lesson=lesson, actor=actor)
            new = services.attach(lesson=lesson, version=version, materials=chosen, actor=actor)
            count = len(new)
    refusals = [f"“{name}”：{sentence}" for name, sentence in received.refused]
    if not anything and not refusals:
        refusals = [NOTHING]
    if refusals:
        others = [f"其余 {count} 份已经加入。"] if count else []
        return _page(kept(lesson_id), refusals=[*refusals, *others], status=422)
    flash(f"已加入 {count} 份资料。" if count else "选中的资料已经在这堂课里。")
    return _to_page(lesson_id)


def _page(lesson: Lesson, *, refusals: Sequence[str] = (), status: int = 200) -> Response:
    _check_open(lesson)
    newest = queries.newest(lesson)
    rows = material_queries.rows(newest)
    pictures = [row.material for row in rows if row.material.kind is MaterialKind.PICTURE]
    return render(
        "lessons/materials.html",
        block="library" if request.method == "GET" else None,
        lesson=lesson,
        newest=newest,
        attached=[row.material for row in rows if not row.is_in_text],
        covers=pictures,
        marks={one.id: _mark(one) for one in pictures},
        picking=picking.picking(taken_ids=[row.material_id for row in rows if not row.is_in_text]),
        refusals=refusals,
        status=status,
    )


@bp.post("/<int:lesson_id>/materials/<int:material_id>/take-off")
@signed_in
@writes
def take_off(lesson_id: int, material_id: int) -> Response:
    """Take a material off; it stays in the library."""
    lesson, actor = kept(lesson_id, to_change=True), current_person()
    material_queries.row(queries.newest(lesson), material_id)
    version = services.version_to_write(lesson=lesson, actor=actor)
    material = services.take_off(
        lesson=lesson, version=version, material_id=material_id, actor=actor
    )
    flash(f"已取下“{material.title}”，它还在资料库里。")
    return _to_page(lesson.id)


@bp.post("/<int:lesson_id>/materials/<int:material_id>/move")
@signed_in
@writes
def move_material(lesson_id: int, material_id: int) -> Response:
    """Move a material up or down by one place."""
    lesson, actor = kept(lesson_id, to_change=True), current_person()
    material_queries.row(queries.newest(lesson), material_id)
    version = services.version_to_write(lesson=lesson, actor=actor)
    services.move_material(
        lesson=lesson,
        version=version,
        material_id=material_id,
        is_up=request.form.get("way") != "down",
        actor=actor,
    )
    return _to_page(lesson.id)


@bp.post("/<int:lesson_id>/cover")
@signed_in
@writes
def set_cover(lesson_id: int) -> Response:
    """Put a picture on the cover, or go back to the one that is drawn."""
    lesson, actor = kept(lesson_id, to_change=True), current_person()
    version = services.version_to_write(lesson=lesson, actor=actor)
    chosen = request.form.get("cover", type=row_number)
    services.set_cover(lesson=lesson, version=version, material_id=chosen, actor=actor)
    flash("封面已换成这张图片。" if chosen else "已换回自动生成的封面。")
    return _to_page(lesson.id)


@bp.post("/<int:lesson_id>/pictures")
@signed_in
@takes_files
def add_picture(lesson_id: int) -> Response:
    """Keep a picture that was pasted into the text; answer with its mark, or with a sentence."""
    _check_open(kept(lesson_id))
    try:
        received = picking.received({MaterialKind.PICTURE})
    except ConflictError as error:
        return _plain(error.message, 409)
    if not received.prepared:
        sentences = [sentence for _name, sentence in received.refused]
        return _plain(" ".join(sentences) or "没有收到图片。", 422)
    with write_transaction():
        lesson, actor = kept(lesson_id, to_change=True), current_person()
        chosen = picking.chosen(
            received, owner=lesson.organisation, kinds={MaterialKind.PICTURE}, name=""
        )
        version = services.version_to_write(lesson=lesson, actor=actor)
        services.attach(
            lesson=lesson, version=version, materials=chosen, actor=actor, is_in_text=True
        )
        marks = [_mark(one) for one in chosen]
    return _plain("\n".join(marks), 200)


def _mark(picture: Material) -> str:
    """Return what shows a picture in a text; brackets in its title would end the mark."""
    told = picture.title.translate(str.maketrans("[]\\", "［］＼"))
    return f"![{told}](/materials/{picture.id}/thumbnail/960)"


def _plain(text: str, status: int) -> Response:
    return Response(text, status=status, mimetype="text/plain")
