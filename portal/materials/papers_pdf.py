"""A paper that the portal writes as .docx, as PDF: a room above says what is in it, and where to.

For workers alone: LibreOffice takes seconds.
"""

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from portal.jobs.hooks import HopelessError, StoppedError, Work
from portal.materials import converting, settings
from portal.materials.previews import NO_CONVERTER


def can_be_made() -> bool:
    """Return whether there is a converter on this machine."""
    return converting.program(settings.soffice()) is not None


def make(place: Path, write: Callable[[IO[bytes]], None], *, work: Work) -> None:
    """Put the PDF of the document that `write` writes in its place, in one step.

    Nobody is sent half of it. Raises HopelessError without a converter, StoppedError when the
    worker is told to stop, NotConvertedError for a document that cannot be read.
    """
    soffice = converting.program(settings.soffice())
    if soffice is None:
        raise HopelessError(NO_CONVERTER)
    with converting.workbench(settings.workbench()) as folder:
        source = Path(folder) / f"{place.stem}.docx"
        with source.open("wb") as file:
            write(file)
        try:
            made = converting.to_pdf(
                soffice, source, "docx", Path(folder), is_stopping=work.is_stopping
            )
        except converting.BrokenOffError as error:
            raise StoppedError from error
        place.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        unfinished = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
        shutil.copyfile(made, unfinished)
        unfinished.chmod(0o640)
        unfinished.replace(place)
