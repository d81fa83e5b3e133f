"""Sending files: rights asked for each, in parts where that is asked, run by no browser."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from flask import make_response, request, send_file
from werkzeug.http import parse_range_header
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import NotFoundError
from portal.materials import names, previews, queries, services, settings
from portal.materials.models import Material, MaterialKind, StoredFile
from portal.materials.thumbnails import thumbnail as small_picture
from portal.materials.views.blueprint import bp
from portal.people.access import current_person, current_reader, signed_in

PDF = "application/pdf"
# What is shown in the page; everything else is only ever downloaded.
_SHOWN = {MaterialKind.PICTURE, MaterialKind.AUDIO, MaterialKind.VIDEO}
# A file gets nothing of the portal's: no script, no form, no origin. The browser's own PDF
# reader does not start in a sandbox, so a PDF has the same without that one word.
_LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'"
_POLICY = f"{_LOCKED}; frame-ancestors 'none'; sandbox"
_PDF_POLICY = f"{_LOCKED}; frame-ancestors 'self'"


class Paper(NamedTuple):
    """What is sent: bytes of the store, and what is said of them."""

    path: Path
    media_type: str
    extension: str
    etag: str


@bp.get("/<int:material_id>/content")
@signed_in
def content(material_id: int) -> Response:
    """The file for the page: a picture, a film with seeking, a PDF for the browser's reader."""
    material = queries.material_read_by(current_reader(), material_id)
    file, name, is_shown = material.file, _name(material), is_shown_in_page(material)
    if _begins() and material.kind is not MaterialKind.PICTURE:
        _note(material, is_download=not is_shown)
    return _sent(_whole(file), name, as_attachment=not is_shown)


@bp.get("/<int:material_id>/preview")
@signed_in
def preview(material_id: int) -> Response:
    """The PDF that was made of an office file, read in the page as any PDF; it is noted."""
    material = queries.material_read_by(current_reader(), material_id)
    file, name = material.file, names.download_name(material.title, "pdf")
    path = previews.path_of(file)
    if not path.exists():
        raise NotFoundError("没有可用的预览。")
    if _begins():
        _note(material, is_download=False)
    paper = Paper(path, PDF, "pdf", f"{file.digest}-preview")
    return _sent(paper, name, as_attachment=False)


@bp.get("/<int:material_id>/download")
@signed_in
def download(material_id: int) -> Response:
    """The file to keep; who took what is noted."""
    material = queries.material_read_by(current_reader(), material_id)
    file, name = material.file, _name(material)
    if _begins():
        _note(material, is_download=True)
    return _sent(_whole(file), name, as_attachment=True)


@bp.get("/<int:material_id>/thumbnail/<int:size>")
@signed_in
def thumbnail(material_id: int, size: int) -> Response:
    """A small picture of a picture, or of a film's poster."""
    material = queries.material_read_by(current_reader(), material_id)
    picture = picture_of(material)
    if picture is None:
        raise NotFoundError("这份资料没有图。")
    path = small_picture(settings.files(), picture.digest, size)
    response = make_response(
        send_file(path, mimetype="image/webp", conditional=True, etag=f"{picture.digest}-{size}")
    )
    return _hardened(response, "image/webp")


def picture_of(material: Material) -> StoredFile | None:
    """Return the picture that stands for a material."""
    return material.file if material.kind is MaterialKind.PICTURE else material.poster


def is_shown_in_page(material: Material) -> bool:
    """Return whether browsers show the file in a page of ours."""
    return material.kind in _SHOWN or material.file.media_type == PDF


bp.add_app_template_test(is_shown_in_page, "shown_in_page")


def _begins() -> bool:
    """Return whether the file is asked for from its beginning: later parts are no new act."""
    asked = parse_range_header(request.headers.get("Range"))
    if asked is None or not asked.ranges:
        return not request.if_none_match
    return asked.ranges[0][0] == 0


def _note(material: Material, *, is_download: bool) -> None:
    """Note the act; what cannot be noted is not sent."""
    material_id = material.id
    note = services.note_download if is_download else services.note_opening
    with write_transaction():
        note(material=queries.material(material_id), actor=current_person())


def _name(material: Material) -> str:
    return names.download_name(material.title, material.file.extension)


def _whole(file: StoredFile) -> Paper:
    return Paper(settings.files().path(file.digest), file.media_type, file.extension, file.digest)


def _sent(file: Paper, name: str, *, as_attachment: bool) -> Response:
    path = file.path
    prefix = settings.x_accel()
    if prefix:
        response = Response(status=200, mimetype=file.media_type)
        response.headers["X-Accel-Redirect"] = (
            f"{prefix.rstrip('/')}/{path.parent.name}/{path.name}"
        )
    else:
        response = _from_disk(file)
    way = "attachment" if as_attachment else "inline"
    response.headers["Content-Disposition"] = (
        f"{way}; filename=\"file.{file.extension}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return _hardened(response, file.media_type)


def _from_disk(file: Paper) -> Response:
    try:
        return make_response(
            send_file(file.path, mimetype=file.media_type, conditional=True, etag=file.etag)
        )
    except FileNotFoundError as error:
        raise NotFoundError("文件不在服务器上了，请联系系统管理员。") from error


def _hardened(response: Response, media_type: str) -> Response:
    headers = response.headers
    headers["Content-Type"] = media_type
    headers["Content-Security-Policy"] = _PDF_POLICY if media_type == PDF else _POLICY
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Papers may hold personal data and stay in no shared browser (`web.security` says no-store);
    # pictures and films are asked about each time, and sent again only when they have changed.
    is_light = media_type.startswith(("image/", "audio/", "video/"))
    headers["Cache-Control"] = "private, no-cache" if is_light else "no-store"
    return response
