"""PDF: begins and ends as one, and is nothing besides."""

from pathlib import Path

from portal.materials.judging import markers
from portal.materials.judging.verdict import BROKEN, MIXED, RefusedFileError, Verdict
from portal.materials.models import MaterialKind

# Readers look for the end mark in so many of the last bytes.
_TAIL = 4096
_HEAD = 1024


def pdf(path: Path) -> Verdict:
    """Return the verdict of a PDF; raise RefusedFileError if it is cut short or two things."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise RefusedFileError(BROKEN)
    behind = tail[end:]
    # What a page hides before its first object or after its last: another file's beginning or end.
    if markers.found_in(head) or markers.found_in(behind) or b"PK\x05\x06" in behind:
        raise RefusedFileError(MIXED)
    return Verdict(MaterialKind.DOCUMENT, "application/pdf", "pdf")
