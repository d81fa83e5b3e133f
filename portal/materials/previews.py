"""Previews of office files: a PDF beside the stored bytes, made once in the background."""

import secrets
import shutil
import time
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from portal.database import db
from portal.jobs import hooks, queries, services
from portal.jobs.hooks import HopelessError, StoppedError, Work
from portal.jobs.models import UNFINISHED
from portal.materials import converting, settings
from portal.materials.judging import judge
from portal.materials.models import StoredFile
from portal.people.models import Person

KIND = "preview"
NAME = "preview.pdf"
# What LibreOffice reads, as judging names it.
OFFICE = frozenset({"docx", "doc", "odt", "pptx", "ppt", "odp", "xlsx", "xls", "ods"})
NO_CONVERTER = "服务器上没有安装转换程序（LibreOffice）。"
_ABANDONED_SECONDS = 24 * 3600


class Preview(StrEnum):
    """Whether there is a PDF to be shown in place of a file."""

    READY = "ready"
    COMING = "coming"
    NONE = "none"


def path_of(file: StoredFile) -> Path:
    """Return where the preview of a stored file lies, once it is made."""
    return settings.files().derived(file.digest, NAME)


def preview_of(file: StoredFile) -> Preview:
    """Return how it stands with the preview of a stored file."""
    if file.extension not in OFFICE:
        return Preview.NONE
    if path_of(file).exists():
        return Preview.READY
    job = queries.latest(KIND, file.digest)
    return Preview.COMING if job is not None and job.state in UNFINISHED else Preview.NONE


def ask(file: StoredFile, *, actor: Person | None) -> None:
    """Have a preview made of an office file, unless it has one: one for the same bytes."""
    if file.extension in OFFICE and not path_of(file).exists():
        services.ask(KIND, key=file.digest, arguments={"digest": file.digest}, actor=actor)


def make(work: Work) -> None:
    """Make the preview of a stored file; nothing to do where it is made or the file is gone."""
    digest = str(work.arguments["digest"])
    file = db.session.scalar(select(StoredFile).where(StoredFile.digest == digest))
    if file is None or path_of(file).exists():
        return
    extension, place = file.extension, path_of(file)
    source = settings.files().path(digest)
    db.session.rollback()  # nothing is kept open while LibreOffice works
    soffice = converting.program(settings.soffice())
    if soffice is None:
        raise HopelessError(NO_CONVERTER)
    if not source.exists():
        raise HopelessError("文件不在服务器上了。")
    with converting.workbench(settings.workbench()) as folder:
        try:
            made = converting.to_pdf(
                soffice, source, extension, Path(folder), is_stopping=work.is_stopping
            )
        except converting.BrokenOffError as error:
            raise StoppedError from error
        verdict = judge(made, "预览.pdf", settings.limits())
        if verdict.extension != "pdf":
            raise HopelessError("转换出来的不是 PDF。")
        _put(made, place)


def _put(made: Path, place: Path) -> None:
    """Move the preview to its place in one step: nobody is shown half of it."""
    unfinished = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    shutil.copyfile(made, unfinished)
    unfinished.chmod(0o640)
    unfinished.replace(place)


def ask_for_missing() -> None:
    """Ask for previews that nobody has asked for: of older files, and since LibreOffice is here."""
    forgiven = [NO_CONVERTER] if converting.program(settings.soffice()) else []
    known = queries.keys_of(KIND, failures=forgiven)
    files = db.session.scalars(select(StoredFile).where(StoredFile.extension.in_(OFFICE))).all()
    missing = [one for one in files if one.digest not in known and not path_of(one).exists()]
    if missing:
        services.ask_many(KIND, {one.digest: {"digest": one.digest} for one in missing})
    _clear_workbench()


def _clear_workbench() -> None:
    """Remove what conversions have left whose worker was killed."""
    oldest = time.time() - _ABANDONED_SECONDS
    for folder in settings.workbench().glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def register() -> None:
    """Let workers know how to make a preview."""
    hooks.register(hooks.Kind(KIND, make, most_attempts=3))
