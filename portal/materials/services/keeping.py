"""Taking files in: looked at first, without any transaction, then kept in one.

    prepared = materials.prepare(filename=..., stream=...)     # slow: judged, scanned, made anew
    with write_transaction():
        material = materials.keep(prepared=prepared, owner=community, actor=person)

`keep` takes a stream or a path as well, where a transaction may wait for the looking.
"""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.materials import names, previews, queries, scanning, settings
from portal.materials.judging import RefusedFileError, judge
from portal.materials.models import LONGEST_TITLE, Material, MaterialKind, StoredFile
from portal.materials.queries import SEARCH_KIND
from portal.materials.storage import Arrived, Files, digest_of, received
from portal.people.models import Organisation, Person
from portal.search import services as search


@dataclass(frozen=True)
class Prepared:
    """A file that has been looked at and lies in the store; no row stands for it yet."""

    filename: str
    kind: MaterialKind
    digest: str
    source_digest: str
    media_type: str
    extension: str
    size: int
    width: int | None
    height: int | None


class Kept(NamedTuple):
    """What became of a file; `was_known` if the library had it already."""

    material: Material
    was_known: bool


def prepare(
    *,
    filename: str | None,
    stream: IO[bytes] | None = None,
    path: Path | None = None,
    kinds: Collection[MaterialKind] | None = None,
) -> Prepared:
    """Look at a file and lay it into the store; raise RefusedFileError in words for the reader.

    Takes no transaction: it may take seconds. A file at `path` stays where it is. Only
    these `kinds` are taken; None is any. ConflictError: no virus scanner answers, or the disk
    is full.
    """
    files, limits = settings.files(), settings.limits()
    files.check_space()
    name = names.kept_name(filename)
    with files.arriving() as place:
        if stream is not None:
            arrived = received(stream, place, at_most=limits.largest)
        elif path is not None:
            _linked(path, place)
            arrived = Arrived(place, digest_of(place), place.stat().st_size)
        else:
            raise TypeError("a stream or a path is needed")
        return _looked_at(files, arrived, name, kinds)


def _linked(path: Path, place: Path) -> None:
    try:
        place.hardlink_to(path)
    except OSError:  # on another disk
        shutil.copyfile(path, place)


def _looked_at(
    files: Files, arrived: Arrived, name: str, kinds: Collection[MaterialKind] | None
) -> Prepared:
    scanning.check(arrived.path, settings.clamd())
    verdict = judge(arrived.path, name, settings.limits())
    remade = verdict.remade
    try:
        if kinds is not None and verdict.kind not in kinds:
            wanted = "、".join(kind.label for kind in MaterialKind if kind in kinds)
            raise RefusedFileError(f"这里只收{wanted}，这个文件是{verdict.kind.label}，没有保存。")
        path = remade or arrived.path
        digest = digest_of(path) if remade else arrived.digest
        size = path.stat().st_size
        files.put(path, digest)
    finally:
        if remade is not None:
            remade.unlink(missing_ok=True)
    return Prepared(
        filename=name,
        kind=verdict.kind,
        digest=digest,
        source_digest=arrived.digest,
        media_type=verdict.media_type,
        extension=verdict.extension,
        size=size,
        width=verdict.width,
        height=verdict.height,
    )


def keep(
    *,
    owner: Organisation,
    actor: Person,
    prepared: Prepared | None = None,
    filename: str | None = None,
    stream: IO[bytes] | None = None,
    path: Path | None = None,
    title: str = "",
    kinds: Collection[MaterialKind] | None = None,
) -> Material:
    """Keep a file in the owner's part of the library; return the one that is there already."""
    if prepared is None:
        prepared = prepare(filename=filename, stream=stream, path=path, kinds=kinds)
    return take_in(prepared=prepared, owner=owner, actor=actor, title=title).material


def take_in(*, prepared: Prepared, owner: Organisation, actor: Person, title: str = "") -> Kept:
    """Keep what was prepared; one that was archived stands in the library again."""
    digests = {prepared.source_digest, prepared.digest}
    twin = queries.find_twin(digests, owner, actor)
    if twin is not None:
        _back_in_library(twin, actor)
        return Kept(twin, was_known=True)
    material = Material(
        title=title.strip()[:LONGEST_TITLE] or names.title_of(prepared.filename),
        kind=prepared.kind,
        file=file_row(prepared),
        filename=prepared.filename,
        organisation=owner,
        uploaded_by=actor,
        uploaded_at=clock.now(),
        poster=None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(material)
    except IntegrityError:  # somebody else kept the same at the same moment
        twin = queries.find_twin(digests, owner, actor)
        if twin is None:
            raise
        return Kept(twin, was_known=True)
    index(material)
    previews.ask(material.file, actor=actor)
    audit.record(
        "material.uploaded",
        material,
        actor=actor,
        title=material.title,
        organisation=owner.code,
        sha256=prepared.digest,
    )
    return Kept(material, was_known=False)


def _back_in_library(material: Material, actor: Person) -> None:
    if material.is_archived:
        material.archived_at = None
        db.session.flush()
        audit.record("material.restored", material, actor=actor, title=material.title)


def file_row(prepared: Prepared) -> StoredFile:
    """Return the row of the stored bytes, made where there is none: one for each digest."""
    known = queries.find_file(prepared.digest)
    if known is not None:
        return known
    made = StoredFile(
        digest=prepared.digest,
        source_digest=prepared.source_digest,
        media_type=prepared.media_type,
        extension=prepared.extension,
        size=prepared.size,
        width=prepared.width,
        height=prepared.height,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        known = queries.find_file(prepared.digest)
        if known is None:
            raise
        return known
    return made


def index(material: Material) -> None:
    """Make the material findable; its organisation is loaded."""
    search.index(
        SEARCH_KIND,
        material.id,
        titles=[material.title, material.kind.label, material.organisation.short_name],
        body=[material.filename],
        at=material.uploaded_at,
    )
