"""Keeping the library: rename, archive, remove; who downloaded what."""

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.materials.models import LONGEST_TITLE, Material, MaterialKind, StoredFile
from portal.materials.queries import SEARCH_KIND
from portal.materials.services.keeping import Prepared, file_row, index
from portal.people.models import Person
from portal.search import services as search

STILL_USED = "还有活动、课程或站点在用这份资料，不能彻底删除；归档以后它不再出现在资料库里。"


def rename(*, material: Material, title: str, actor: Person) -> None:
    """Call the material something else; raise InvalidInputError."""
    title = title.strip()
    if not title:
        raise InvalidInputError("请填写名称。", field="title")
    if len(title) > LONGEST_TITLE:
        raise InvalidInputError(
            f"名称最多 {LONGEST_TITLE} 个字，现在有 {len(title)} 个，请改短。", field="title"
        )
    if title == material.title:
        return
    before, material.title = material.title, title
    db.session.flush()
    index(material)
    audit.record("material.renamed", material, actor=actor, before=before, after=title)


def archive(*, material: Material, actor: Person) -> None:
    """Put the material away: nobody chooses it any more; what uses it goes on."""
    if material.is_archived:
        raise ConflictError("这份资料已经归档了。")
    material.archived_at = clock.now()
    db.session.flush()
    audit.record("material.archived", material, actor=actor, title=material.title)


def restore(*, material: Material, actor: Person) -> None:
    """Put the material back into the library."""
    if not material.is_archived:
        raise ConflictError("这份资料没有归档，就在资料库里。")
    material.archived_at = None
    db.session.flush()
    audit.record("material.restored", material, actor=actor, title=material.title)


def remove(*, material: Material, actor: Person) -> None:
    """Remove an archived material for good; raise ConflictError while anything uses it.

    The database decides: whatever uses it has a foreign key. Its bytes are swept later, when
    no other material has them.
    """
    if not material.is_archived:
        raise ConflictError("请先归档，再彻底删除。")
    files = {material.file_id, material.poster_id} - {None}
    audit.record("material.removed", material, actor=actor, title=material.title)
    try:
        with db.session.begin_nested():
            db.session.delete(material)
    except IntegrityError as error:
        raise ConflictError(STILL_USED) from error
    search.remove(SEARCH_KIND, material.id)
    for file_id in files:
        _forget(file_id)


def _forget(file_id: int | None) -> None:
    """Remove the row of stored bytes that no material has any more."""
    used = exists().where((Material.file_id == file_id) | (Material.poster_id == file_id))
    unused = db.session.scalar(select(StoredFile).where(StoredFile.id == file_id, ~used))
    if unused is not None:
        db.session.delete(unused)
        db.session.flush()


def set_poster(*, material: Material, prepared: Prepared, actor: Person) -> None:
    """Let a picture stand for the video before it is played."""
    if material.kind is not MaterialKind.VIDEO or prepared.kind is not MaterialKind.PICTURE:
        raise InvalidInputError("只有视频可以设封面，封面要用图片。", field="file")
    before, material.poster = material.poster_id, file_row(prepared)
    db.session.flush()
    if before != material.poster_id:
        _forget(before)
    audit.record("material.poster_set", material, actor=actor, title=material.title)


def take_poster_off(*, material: Material, actor: Person) -> None:
    """Show the video without a picture of its own."""
    before, material.poster = material.poster_id, None
    if before is None:
        return
    db.session.flush()
    _forget(before)
    audit.record("material.poster_removed", material, actor=actor, title=material.title)


def note_download(*, material: Material, actor: Person) -> None:
    """Note who downloads what."""
    audit.record("material.downloaded", material, actor=actor, title=material.title)


def note_opening(*, material: Material, actor: Person) -> None:
    """Note who reads or plays what in the page."""
    audit.record("material.opened", material, actor=actor, title=material.title)
