"""The page of one material, and what its keepers do there."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import ConflictError, InvalidInputError
from portal.materials import policies, previews, queries, services, settings
from portal.materials.forms import RenameForm
from portal.materials.hooks import Use
from portal.materials.models import Material, MaterialKind
from portal.materials.views.blueprint import bp, kept
from portal.people.access import current_person, current_reader, signed_in
from portal.people.policies import may_upload
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

# So much of a text is shown in the page.
_SHOWN_BYTES = 64 * 1024


@bp.get("/<int:material_id>")
@signed_in
def show(material_id: int) -> Response:
    """What it is, a preview, where it is used."""
    return _page(queries.material_read_by(current_reader(), material_id))


def _page(
    material: Material, form: RenameForm | None = None, *, status: int = 200, refusal: str = ""
) -> Response:
    reader = current_reader()
    uses = queries.uses_of(material, reader)
    may_use = policies.may_use(reader, material)
    return render(
        "materials/show.html",
        block="preview",
        material=material,
        back=_way_back(uses, has_library=may_upload(reader)),
        preview=previews.preview_of(material.file),
        text=_beginning(material),
        uses=uses,
        may_keep=policies.may_keep(reader, material),
        may_use=may_use,
        form=form or RenameForm(data={"title": material.title, "version": material.version}),
        poster_refusal=refusal,
        status=status,
    )


def _way_back(uses: Sequence[Use], *, has_library: bool) -> tuple[str, str] | None:
    """Return (label, address) of the page above: the lesson, event or site that led here.

    Whoever came from elsewhere goes to the library, or without one to the first use.
    """
    came_from = urlsplit(request.referrer or "").path
    brought = [(use.title, use.address) for use in uses if use.address == came_from]
    library = [("资料库", url_for("materials.index"))] if has_library else []
    others = [(use.title, use.address) for use in uses]
    return next(iter([*brought, *library, *others]), None)


def _beginning(material: Material) -> str:
    """Return the beginning of a text; empty for everything else."""
    media_type, _, charset = material.file.media_type.partition("; charset=")
    if media_type not in {"text/plain", "text/csv"}:
        return ""
    try:
        with settings.files().path(material.file.digest).open("rb") as file:
            content = file.read(_SHOWN_BYTES)
    except FileNotFoundError:
        return ""
    text = content.decode(charset or "utf-8", errors="ignore").removeprefix("\ufeff")
    return text + ("\n……" if len(content) == _SHOWN_BYTES else "")


@bp.post("/<int:material_id>/rename")
@signed_in
@writes
def rename(material_id: int) -> Response:
    """Call it something else; whoever comes second is told what it is called now."""
    material = kept(material_id)
    form = RenameForm()
    if not form.validate_on_submit():
        return _page(material, form, status=422)
    if form.version.data and form.version.data != str(material.version):
        form.add_refusal(
            InvalidInputError(
                f"别人刚刚改过这份资料，现在叫“{material.title}”。请核对后再保存一次。",
                field="title",
            )
        )
        form.take({"version": str(material.version)})
        return _page(material, form, status=409)
    services.rename(material=material, title=form.title.data or "", actor=current_person())
    flash("已改名。")
    return _to_page(material)


def _to_page(material: Material) -> Response:
    return redirect(url_for("materials.show", material_id=material.id))


@bp.post("/<int:material_id>/archive")
@signed_in
@writes
def archive(material_id: int) -> Response:
    """Put it away; the page offers to take that back."""
    material = kept(material_id)
    services.archive(material=material, actor=current_person())
    flash("已归档，资料库里不再列出；已经在用的地方不受影响。")
    return _to_page(material)


@bp.post("/<int:material_id>/restore")
@signed_in
@writes
def restore(material_id: int) -> Response:
    """Take it back into the library."""
    material = kept(material_id)
    services.restore(material=material, actor=current_person())
    flash("已移出归档，又在资料库里了。")
    return _to_page(material)


@bp.post("/<int:material_id>/remove")
@signed_in
@writes
def remove(material_id: int) -> Response:
    """Remove it for good, unless something uses it."""
    material = kept(material_id)
    title = material.title
    services.remove(material=material, actor=current_person())
    flash(f"“{title}”已彻底删除。")
    return redirect(url_for("materials.index", state="archived"))


@bp.post("/<int:material_id>/poster")
@signed_in
@takes_files
def set_poster(material_id: int) -> Response:
    """Choose the picture that stands for a video."""
    kept(material_id, to_change=False)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise InvalidInputError("请先选择一张图片。", field="file")
        prepared = services.prepare(
            filename=sent.filename, stream=sent.stream, kinds={MaterialKind.PICTURE}
        )
        with write_transaction():
            services.set_poster(
                material=kept(material_id), prepared=prepared, actor=current_person()
            )
    except (InvalidInputError, ConflictError) as error:
        material = queries.material_read_by(current_reader(), material_id)
        status = 422 if isinstance(error, InvalidInputError) else 409
        return _page(material, status=status, refusal=error.message)
    flash("封面已设好。")
    return redirect(url_for("materials.show", material_id=material_id))


@bp.post("/<int:material_id>/poster/remove")
@signed_in
@writes
def take_poster_off(material_id: int) -> Response:
    """Show the video without a picture of its own."""
    material = kept(material_id)
    services.take_poster_off(material=material, actor=current_person())
    flash("封面已取消。")
    return _to_page(material)
