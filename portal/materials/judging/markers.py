"""Traces of web pages and scripts in a file that claims to be something else (polyglots)."""

import mmap
import re
from pathlib import Path

_MARKERS = re.compile(
    rb"<\s*(?:script|html|body|iframe|svg|object|embed|!doctype\s+html)\b|<\?php|<%@", re.IGNORECASE
)


def found_in(content: bytes) -> bool:
    """Return whether some bytes hold what a browser or server would run."""
    return _MARKERS.search(content) is not None


def found_in_file(path: Path) -> bool:
    """Return whether a whole file holds it anywhere."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _MARKERS.search(content) is not None


def found_at_ends(path: Path, width: int = 64 * 1024) -> bool:
    """Return whether the beginning or the end of a large file holds it."""
    with path.open("rb") as file:
        if found_in(file.read(width)):
            return True
        size = file.seek(0, 2)
        file.seek(max(0, size - width))
        return found_in(file.read(width))
