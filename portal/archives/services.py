"""Asking for year archives, making them in the background, and putting a year away."""

import secrets
import shutil
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.archives import hooks, packing, queries, settings
from portal.archives.hooks import Paper, Year
from portal.archives.models import ArchiveState, YearArchive
from portal.archives.years import year_of, years_to_choose
from portal.audit import services as audit
from portal.database import db, write_transaction
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.jobs import services as jobs
from portal.jobs.hooks import HopelessError, StoppedError, Work
from portal.materials.storage import LEAST_FREE_BYTES, NO_SPACE
from portal.people.models import Organisation, Person

UNDER_WAY = "这一年的档案正在制作，做好后就在这里。"
GIVEN_UP = "制作没有完成，请再做一次；还是不行请联系系统管理员。"


def ask(*, organisation: Organisation, year: int, actor: Person) -> YearArchive:
    """Have the archive of a year made; raise ConflictError while one is being made."""
    if year not in years_to_choose():
        raise InvalidInputError("请从列表中选一个年份。", field="year")
    before = queries.find_under_way(organisation, year)
    if before is not None:
        job = queries.job_of(before)
        if queries.is_being_made(job):
            raise ConflictError(UNDER_WAY)
        _came_to_nothing(before, job.failure if job else "")
        db.session.flush()
    made = YearArchive(
        organisation_id=organisation.id,
        year=year,
        state=ArchiveState.ASKED,
        asked_at=clock.now(),
        asked_by_id=actor.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise ConflictError(UNDER_WAY) from error
    jobs.ask(queries.KIND, key=str(made.id), arguments={"archive_id": made.id}, actor=actor)
    audit.record("archive.asked", made, actor=actor, year=year, organisation_id=organisation.id)
    return made


def make(work: Work) -> None:
    """Make an archive that was asked for; nothing to do where it is made or was given up."""
    archive = db.session.get(YearArchive, int(work.arguments["archive_id"]))
    if archive is None or archive.state is not ArchiveState.ASKED:
        return
    organisation = db.session.get_one(Organisation, archive.organisation_id)
    archive_id, place = archive.id, path_of(archive)
    root = f"{organisation.name}{archive.year}年度档案"
    year = year_of(organisation.path, archive.year)
    papers = [paper for source in hooks.sources for paper in source.papers(year)]
    papers.sort(key=lambda paper: (paper.day, paper.folder))  # those of one matter together
    db.session.rollback()
    if shutil.disk_usage(place.parent).free < LEAST_FREE_BYTES:
        raise HopelessError(NO_SPACE)

    def progress(done: int, total: int) -> None:
        if work.is_stopping():
            raise StoppedError
        work.progress(done, total)

    unfinished = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    try:
        made = packing.pack(unfinished, root, [_in_turn(one) for one in papers], progress)
        unfinished.chmod(0o440)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
    with write_transaction():
        kept = db.session.get(YearArchive, archive_id)
        if kept is None:
            place.unlink(missing_ok=True)
            return
        kept.state, kept.made_at = ArchiveState.READY, clock.now()
        kept.papers, kept.size, kept.digest = made.papers, made.size, made.digest


def _in_turn(paper: Paper) -> Paper:
    """Return the paper so that writing it leaves no transaction open and nothing in memory."""

    def write(file: BinaryIO) -> None:
        try:
            paper.write(file)
        finally:
            db.session.close()

    return replace(paper, write=write)


def path_of(archive: YearArchive) -> Path:
    """Return where the file of an archive lies, once it is made."""
    return _place(archive.id)


def _place(archive_id: int) -> Path:
    return settings.folder() / f"{archive_id}.zip"


def file_of(archive: YearArchive) -> Path:
    """Return the file of a made archive; raise NotFoundError where there is none."""
    place = path_of(archive)
    if archive.state is not ArchiveState.READY or not place.exists():
        raise NotFoundError("这份档案的文件还没有做好，或者已不在服务器上。")
    return place


def note_download(*, archive: YearArchive, actor: Person) -> None:
    """Write down who took an archive."""
    audit.record("archive.downloaded", archive, actor=actor, digest=archive.digest)


def remove(*, archive: YearArchive, actor: Person) -> None:
    """Throw an archive away; the papers stay, so it can be made again."""
    audit.record("archive.removed", archive, actor=actor, year=archive.year, digest=archive.digest)
    jobs.ask(queries.FORGET, key=str(archive.id), arguments={"archive_id": archive.id})
    db.session.delete(archive)
    db.session.flush()


def forget_file(work: Work) -> None:
    """Remove the file of an archive whose row is gone: never before that is committed."""
    archive_id = int(work.arguments["archive_id"])
    if db.session.get(YearArchive, archive_id) is None:
        _place(archive_id).unlink(missing_ok=True)


def put_away(*, archive: YearArchive, actor: Person) -> int:
    """Put away for good what the archive holds and can be put away; return how much."""
    if archive.state is not ArchiveState.READY:
        raise ConflictError("档案做好以后才能归档。")
    year = year_of(archive.organisation.path, archive.year)
    number = sum(shelf.put_away(year, actor) for shelf in hooks.shelves)
    audit.record("archive.put_away", archive, actor=actor, number=number)
    return number


def _came_to_nothing(archive: YearArchive, why: str) -> None:
    archive.state, archive.failure = ArchiveState.FAILED, why or GIVEN_UP


def whole_year(archive: YearArchive) -> Year:
    """Return the year that an archive is about; its organisation is loaded."""
    return year_of(archive.organisation.path, archive.year)
