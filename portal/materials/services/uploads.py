"""Uploads in pieces: what has arrived lies in a part on disk, and its length is the offset.

A piece is on disk before it is acknowledged; an upload goes on where it was cut off.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.materials import names, queries, settings
from portal.materials.models import UploadUnderWay
from portal.materials.services.keeping import Prepared, take_in
from portal.materials.services.sweeping import sweep_uploads
from portal.materials.storage import size_words, too_large
from portal.people.models import Organisation, Person

BUSY = "这个文件正在接收，请稍候再试。"
_PIECE = 64 * 1024
_LONGEST_REFUSAL = 300


def begin(
    *, filename: str | None, length: int, owner: Organisation, actor: Person
) -> tuple[UploadUnderWay, str]:
    """Make room for a file; return the upload, and the key that stands in its address alone.

    Raise InvalidInputError for what can never be kept, ConflictError where the account's or
    the disk's room is used up for now.
    """
    limits = settings.limits()
    if length <= 0:
        raise InvalidInputError(
            "文件是空的（0 字节），没有保存。请检查原文件后再试。", field="file"
        )
    if length > limits.largest:
        raise InvalidInputError(too_large(limits.largest), field="file")
    # Two windows of one account ask one after the other.
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    sweep_uploads()
    count, size = queries.under_way(actor)
    if count >= limits.uploads:
        raise ConflictError(f"同时最多上传 {limits.uploads} 个文件，请等前面的传完。")
    if queries.bytes_kept(actor) + size + length > limits.quota:
        raise ConflictError(
            f"您上传的资料加起来超过了 {size_words(limits.quota)} 的上限。请先清理不用的资料。"
        )
    settings.files().check_space(length)
    key = secrets.token_urlsafe(24)
    upload = UploadUnderWay(
        key_hash=queries.key_hash(key),
        person_id=actor.id,
        organisation=owner,
        filename=names.kept_name(filename),
        length=length,
        expires_at=clock.now() + limits.upload_time,
    )
    db.session.add(upload)
    db.session.flush()
    return upload, key


def offset(upload: UploadUnderWay) -> int:
    """Return how many bytes have arrived."""
    return upload.length if upload.is_settled else arrived_of(upload.key_hash)


def arrived_of(key_hash: str) -> int:
    """Return the length of a part."""
    try:
        return _part(key_hash).stat().st_size
    except FileNotFoundError:
        return 0


def append(*, key_hash: str, length: int, at: int, read: Callable[[int], bytes]) -> int:
    """Add a piece at offset `at`; return how many bytes have arrived then.

    Raise ConflictError where the offset is another, or another piece is on its way. What came
    before the line broke is kept. Needs no transaction.
    """
    settings.parts().mkdir(parents=True, exist_ok=True)
    with _part_alone(key_hash) as part:
        here = part.seek(0, os.SEEK_END)
        if here != at:
            raise ConflictError(f"文件已经收到 {here} 字节，不能从 {at} 接着传。")
        try:
            while here < length and (piece := read(min(_PIECE, length - here))):
                part.write(piece)
                here += len(piece)
        finally:
            part.flush()
            os.fsync(part.fileno())
    return here


@contextmanager
def whole(key_hash: str, length: int) -> Iterator[Path]:
    """Have an upload that has arrived to oneself, to look at it; raise ConflictError else."""
    with _part_alone(key_hash) as part:
        if part.seek(0, os.SEEK_END) != length:
            raise ConflictError("文件还没有传完。")
        yield _part(key_hash)


def settle(*, upload: UploadUnderWay, prepared: Prepared, actor: Person) -> None:
    """Let the upload be a material; its row is locked."""
    kept = take_in(prepared=prepared, owner=upload.organisation, actor=actor)
    upload.material_id, upload.was_known = kept.material.id, kept.was_known
    db.session.flush()
    forget_part(upload.key_hash)


def refuse(*, upload: UploadUnderWay, sentence: str) -> None:
    """Note why the file is not taken, to say it again if the answer is lost."""
    upload.refusal = sentence[:_LONGEST_REFUSAL]
    db.session.flush()
    forget_part(upload.key_hash)


def cancel(*, upload: UploadUnderWay) -> None:
    """Forget an upload and what has arrived of it."""
    db.session.delete(upload)
    db.session.flush()
    forget_part(upload.key_hash)


def forget_part(key_hash: str) -> None:
    """Remove what has arrived."""
    _part(key_hash).unlink(missing_ok=True)


def _part(key_hash: str) -> Path:
    return settings.parts() / key_hash


@contextmanager
def _part_alone(key_hash: str) -> Iterator[BinaryIO]:
    """Open a part that nobody else writes to at this moment."""
    settings.parts().mkdir(parents=True, exist_ok=True)
    with _part(key_hash).open("ab") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(BUSY) from error
        yield part
