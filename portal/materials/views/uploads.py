"""Resumable uploads by the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload).

Core, creation, expiration and termination. Browsers send the CSRF token by header. What a file
is, is asked when it has arrived, by `outcome`: until then it is bytes in a part on disk.
"""

import base64
import binascii

from flask import request, url_for
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from portal.database import db, write_transaction
from portal.errors import ForbiddenError, InvalidInputError
from portal.materials import hooks, queries, services, settings
from portal.materials.judging import RefusedFileError
from portal.materials.models import UploadUnderWay
from portal.materials.services import uploads
from portal.materials.views.blueprint import bp
from portal.people.access import (
    allowed,
    current_person,
    current_reader,
    public,
    require,
    signed_in,
)
from portal.people.models import Organisation
from portal.people.policies import may_upload
from portal.web.templating import render
from portal.web.transaction import writes

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
_LARGEST_LENGTH = 2**53


@bp.route("/uploads", methods=["OPTIONS"])
@public
def describe_uploads() -> Response:
    """Tell clients what we speak."""
    response = Response(status=204)
    response.headers["Tus-Resumable"] = response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = "creation,expiration,termination"
    response.headers["Tus-Max-Size"] = str(settings.limits().largest)
    return response


@bp.post("/uploads")
@allowed(may_upload)
@writes
def begin_upload() -> Response:
    """Make room for a file of the library; answer with its address."""
    told = _metadata()
    owners = {str(owner.id): owner for owner in queries.owners_to_choose(current_reader())}
    if "owner" not in told:
        raise InvalidInputError("上传请求没有说明归哪个组织。")
    if told["owner"] not in owners:
        raise ForbiddenError("您不能为这个组织上传资料。")
    return begin_for(owners[told["owner"]])


def begin_for(owner: Organisation) -> Response:
    """Make room for a file of the length that is told; answer with its address.

    For rooms above, in a transaction, where the reader may bring the owner a file. The key in
    the address works for the own account alone, and for as long as it may bring files at all.
    """
    upload, key = uploads.begin(
        filename=_metadata().get("filename"),
        length=_number("Upload-Length"),
        owner=owner,
        actor=current_person(),
    )
    response = _answer(upload, 201)
    response.headers["Location"] = url_for("materials.send_piece", upload_key=key)
    return response


def _require_still() -> None:
    reader = current_reader()
    may = may_upload(reader) or any(brings(reader) for brings in hooks.brings)
    require(may, "您现在不能上传文件了，没有传完的不再接收。")


@bp.route("/uploads/<upload_key>", methods=["HEAD", "GET"])
@signed_in
def ask_offset(upload_key: str) -> Response:
    """Tell how much has arrived."""
    upload = queries.upload_of(current_reader(), upload_key)
    response = _answer(upload, 204 if request.method == "GET" else 200)
    response.headers["Upload-Offset"] = str(uploads.offset(upload))
    response.headers["Upload-Length"] = str(upload.length)
    return response


@bp.patch("/uploads/<upload_key>")
@signed_in
def send_piece(upload_key: str) -> Response:
    """Take a piece at the offset that is told, which must be where the file ends so far."""
    _require_still()
    upload = queries.upload_of(current_reader(), upload_key)
    at, sent = _number("Upload-Offset"), request.content_length
    if request.mimetype != PIECE:
        raise UnsupportedMediaType
    response = _answer(upload, 204)
    key_hash, length = upload.key_hash, upload.length
    if upload.is_settled:
        raise InvalidInputError("这个文件已经传完了。")
    if sent is not None and at + sent > length:
        raise InvalidInputError("发来的内容比说好的文件长，没有接收。")
    # A slow line holds no transaction open.
    db.session.rollback()
    try:
        here = uploads.append(key_hash=key_hash, length=length, at=at, read=request.stream.read)
    except ClientDisconnected:
        here = uploads.arrived_of(key_hash)  # nobody hears it; what has come is kept
    response.headers["Upload-Offset"] = str(here)
    return response


@bp.delete("/uploads/<upload_key>")
@signed_in
@writes
def cancel_upload(upload_key: str) -> Response:
    """Forget the upload and what has arrived of it."""
    upload = queries.upload_of(current_reader(), upload_key, to_change=True)
    response = _answer(upload, 204)
    uploads.cancel(upload=upload)
    return response


@bp.post("/uploads/<upload_key>/outcome")
@signed_in
def outcome(upload_key: str) -> Response:
    """Judge a file that has arrived, once; tell the same again if the answer was lost."""
    _require_still()
    upload = queries.upload_of(current_reader(), upload_key)
    if not upload.is_settled:
        key_hash, length, filename = upload.key_hash, upload.length, upload.filename
        db.session.rollback()
        with uploads.whole(key_hash, length) as path:
            prepared, refusal = None, ""
            try:
                prepared = services.prepare(filename=filename, path=path)
            except RefusedFileError as error:
                refusal = error.message
            with write_transaction():
                actor = current_person()
                upload = queries.upload_of(actor, upload_key, to_change=True)
                if prepared is None:
                    uploads.refuse(upload=upload, sentence=refusal)
                elif not upload.is_settled:
                    uploads.settle(upload=upload, prepared=prepared, actor=actor)
        upload = queries.upload_of(current_reader(), upload_key)
    material_id = upload.material_id
    return render(
        "materials/_outcome.html",
        upload=upload,
        material=queries.material(material_id) if material_id is not None else None,
        status=422 if upload.refusal else 200,
    )


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise InvalidInputError(f"上传请求缺少有效的 {header}。")
    return min(int(text), _LARGEST_LENGTH)


def _metadata() -> dict[str, str]:
    """Return what the client tells of the file: names, and values in Base64."""
    told = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _, value = pair.strip().partition(" ")
        if not name:
            continue
        try:
            told[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise InvalidInputError("上传请求里的文件名读不出来。") from error
    return told


def _answer(upload: UploadUnderWay, status: int) -> Response:
    response = Response(status=status)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Upload-Expires"] = http_date(upload.expires_at)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.before_request
def _speaks_our_version() -> Response | None:
    """Refuse another version of the protocol before anything else, as it prescribes."""
    version = request.headers.get("Tus-Resumable", VERSION)
    if version == VERSION:
        return None
    return Response(status=412, headers={"Tus-Version": VERSION})
