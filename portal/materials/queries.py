"""Questions about materials and uploads."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock, paging
from portal.database import db
from portal.errors import NotFoundError
from portal.materials import hooks
from portal.materials.filters import Filters
from portal.materials.models import Material, MaterialKind, StoredFile, UploadUnderWay
from portal.people import queries as people
from portal.people.models import Organisation, RoleGrant
from portal.people.policies import HOSTS, UPLOADERS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody, Somewhere
from portal.search.queries import matches

# What materials are called in the search index.
SEARCH_KIND = "material"
_UNKNOWN = "没有找到这份资料，可能已被移走，或者不对您开放。"
_NO_UPLOAD = "这次上传已经过期，或者不是您的。请重新选择文件上传。"
TILES_PER_PAGE = 24


def _whole() -> Select[Material]:
    return select(Material).options(
        joinedload(Material.file),
        joinedload(Material.poster),
        joinedload(Material.organisation),
        joinedload(Material.uploaded_by),
    )


def material(material_id: int) -> Material:
    """Return one material with its file and owner, whoever asks; raise NotFoundError."""
    return _found(_whole().where(Material.id == material_id))


def material_read_by(person: Somebody, material_id: int) -> Material:
    """Return the material if the person may read it; raise NotFoundError else."""
    return _found(_whole().where(Material.id == material_id, readable_by(person)))


def material_to_change(person: Somebody, material_id: int) -> Material:
    """Return the material as `material_read_by` does, its row locked."""
    wanted = _whole().where(Material.id == material_id, readable_by(person))
    return _found(wanted.with_for_update(of=Material))


def materials_usable_by(
    person: Somebody, ids: Collection[int], kinds: Collection[MaterialKind] | None = None
) -> list[Material]:
    """Return those of the materials that the person may attach, in the order of `ids`."""
    wanted = _whole().where(
        Material.id.in_(ids), Material.archived_at.is_(None), usable_by(person), *_of(kinds)
    )
    found = {one.id: one for one in db.session.scalars(wanted)}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def _of(kinds: Collection[MaterialKind] | None) -> list[ColumnElement[bool]]:
    return [] if kinds is None else [Material.kind.in_(kinds)]


def _found(wanted: Select[Material]) -> Material:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def is_shown(person: Somebody, material: Material) -> bool:
    """Return whether a room above shows the material to the person."""
    if not hooks.readable:
        return False
    wanted = select(Material.id).where(Material.id == material.id, _shown_to(person))
    return db.session.scalar(wanted) is not None


def readable_by(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person may read a material: `policies.may_read` in SQL."""
    if is_administrator(person):
        return false()
    return or_(usable_by(person), _shown_to(person))


def _shown_to(person: Somebody) -> ColumnElement[bool]:
    return or_(false(), *(Material.id.in_(ids_for(person)) for ids_for in hooks.readable))


def usable_by(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person finds a material in the library and may attach it.

    Its organisation lies in the person's part of the tree or above it; or it is the person's own.
    """
    if is_administrator(person):
        return false()
    return usable_below(person.id, scope(person, HOSTS))


def usable_below(person_id: Any, roots: Sequence[Somewhere]) -> ColumnElement[bool]:
    """Return the condition of `usable_by` for somebody with duties over these organisations.

    Both may be parameters: see `people.bound`.
    """
    own: ColumnElement[bool] = Material.uploaded_by_id == person_id
    if not roots:
        return own
    path = Organisation.path
    above = (func.substr(root.path, 1, func.length(path)) == path for root in roots)
    near = select(Organisation.id).where(or_(in_subtrees(roots), *above))
    return or_(own, Material.organisation_id.in_(near))


def _paths_down_to(path: str) -> list[str]:
    """Return the paths of an organisation and of all above it: /a/, /a/b/, /a/b/c/."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(1, len(codes) + 1)]


def page_of_library(person: Somebody, filters: Filters, number: int) -> "paging.Page[Material]":
    """Return page `number` of what the person may use and asks for, the newest first."""
    wanted = _whole().where(usable_by(person), *_asked(filters))
    ordered = wanted.order_by(Material.uploaded_at.desc(), Material.id.desc())
    return paging.page_of(ordered, number, TILES_PER_PAGE)


def _asked(filters: Filters) -> list[ColumnElement[bool]]:
    archived = Material.archived_at.is_not(None)
    asked: list[ColumnElement[bool]] = [archived if filters.is_archived else ~archived]
    if filters.q:
        asked.append(matches(Material.id, SEARCH_KIND, filters.q))
    if filters.kinds is not None:
        asked.append(Material.kind.in_(filters.kinds))
    if filters.org is not None:
        root = select(Organisation.path).where(Organisation.id == filters.org).scalar_subquery()
        below = select(Organisation.id).where(
            Organisation.path >= root, Organisation.path < root.concat("\U0010ffff")
        )
        asked.append(Material.organisation_id.in_(below))
    return asked


def uses_of(material: Material, reader: Somebody) -> list[hooks.Use]:
    """Return where the material is used, as far as the reader may know."""
    if not hooks.uses:
        return []
    signs = (exists().where(room.column == material.id) for room in hooks.uses)
    answers = db.session.execute(select(*signs)).one()
    rooms = (room for room, is_used in zip(hooks.uses, answers, strict=True) if is_used)
    return [use for room in rooms for use in room.uses_of(material.id, reader)]


def find_twin(
    digests: Collection[str], organisation: Organisation, person: Somebody
) -> Material | None:
    """Return the organisation's material of the same bytes, as uploaded or as kept.

    One's own; and anybody's where the person runs events for the organisation. What a site
    keeper must not read is not given to them because they have the same file.
    """
    same = or_(StoredFile.digest.in_(digests), StoredFile.source_digest.in_(digests))
    mine = or_(Material.uploaded_by_id == person.id, _hosts(person, organisation))
    return db.session.scalar(
        _whole()
        .join(StoredFile, StoredFile.id == Material.file_id)
        .where(same, Material.organisation_id == organisation.id, mine)
        .order_by(Material.id)
        .limit(1)
    )


def _hosts(person: Somebody, organisation: Organisation) -> ColumnElement[bool]:
    """Return the condition that the person runs events for the organisation, grants unloaded."""
    today = clock.today()
    return exists(
        select(RoleGrant.id)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(
            RoleGrant.person_id == person.id,
            RoleGrant.role.in_(HOSTS),
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
            Organisation.path.in_(_paths_down_to(organisation.path)),
        )
    )


def find_file(digest: str) -> StoredFile | None:
    """Return the stored file with this digest."""
    return db.session.scalar(select(StoredFile).where(StoredFile.digest == digest))


def is_kept(digest: str) -> bool:
    """Return whether a row stands for the bytes with this digest."""
    return db.session.scalar(select(StoredFile.id).where(StoredFile.digest == digest)) is not None


# ---- uploads


def key_hash(key: str) -> str:
    """Return what is kept of the key in an upload's address."""
    return hashlib.sha256(key.encode()).hexdigest()


def upload_of(person: Somebody, key: str, *, to_change: bool = False) -> UploadUnderWay:
    """Return the person's own upload; raise NotFoundError for anybody else's or a past one."""
    wanted = (
        select(UploadUnderWay)
        .where(
            UploadUnderWay.key_hash == key_hash(key),
            UploadUnderWay.person_id == person.id,
            UploadUnderWay.expires_at > clock.now(),
        )
        .options(joinedload(UploadUnderWay.organisation))
    )
    found = db.session.scalar(wanted.with_for_update(of=UploadUnderWay) if to_change else wanted)
    if found is None:
        raise NotFoundError(_NO_UPLOAD)
    return found


def _unfinished(person: Somebody) -> Select[UploadUnderWay]:
    return select(UploadUnderWay).where(
        UploadUnderWay.person_id == person.id,
        UploadUnderWay.material_id.is_(None),
        UploadUnderWay.refusal == "",
        UploadUnderWay.expires_at > clock.now(),
    )


def unfinished_uploads(person: Somebody) -> Sequence[UploadUnderWay]:
    """Return the person's uploads that have not arrived yet, or were not looked at."""
    return db.session.scalars(_unfinished(person).order_by(UploadUnderWay.id)).all()


def unfinished_upload(person: Somebody, upload_id: int) -> UploadUnderWay:
    """Return one of them, locked; raise NotFoundError for anybody else's."""
    wanted = _unfinished(person).where(UploadUnderWay.id == upload_id)
    found = db.session.scalar(wanted.with_for_update(of=UploadUnderWay))
    if found is None:
        raise NotFoundError(_NO_UPLOAD)
    return found


def under_way(person: Somebody) -> tuple[int, int]:
    """Return how many uploads of the person are under way, and their bytes."""
    open_ones = _unfinished(person).subquery()
    counted = select(func.count(), func.coalesce(func.sum(open_ones.c.length), 0))
    count, size = db.session.execute(counted).one()
    return count, int(size)


def bytes_kept(person: Somebody) -> int:
    """Return how many bytes the materials have that the person has uploaded."""
    kept = (
        select(func.coalesce(func.sum(StoredFile.size), 0))
        .select_from(Material)
        .join(StoredFile, StoredFile.id == Material.file_id)
        .where(Material.uploaded_by_id == person.id)
    )
    return int(db.session.scalar(kept) or 0)


def owners_to_choose(person: Somebody) -> Sequence[Organisation]:
    """Return the organisations for which the person may upload, the highest first."""
    from_roots = scope(person, UPLOADERS)
    return people.organisations(from_roots)
