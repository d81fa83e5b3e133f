"""Office files of the old kind (.doc, .xls, .ppt, and WPS's): a compound file of streams."""

import mmap
from pathlib import Path

from portal.materials.judging.verdict import MACROS, PASSWORD, RefusedFileError, Verdict
from portal.materials.models import MaterialKind

NOT_OFFICE = "认不出这是什么文件（不是 Word、Excel、PPT 或 WPS 文件），没有保存。"
_STREAMS = (
    ("PowerPoint Document", MaterialKind.SLIDES, "application/vnd.ms-powerpoint", "ppt"),
    ("WordDocument", MaterialKind.DOCUMENT, "application/msword", "doc"),
    ("Workbook", MaterialKind.SPREADSHEET, "application/vnd.ms-excel", "xls"),
    ("Book", MaterialKind.SPREADSHEET, "application/vnd.ms-excel", "xls"),
)
_MACROS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros")


def office(path: Path) -> Verdict:
    """Return the verdict of an old office file, by the names in its directory."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _names(content, "EncryptedPackage"):
            raise RefusedFileError(PASSWORD)
        if any(_names(content, name) for name in _MACROS):
            raise RefusedFileError(MACROS)
        for name, kind, media_type, extension in _STREAMS:
            if _names(content, name):
                return Verdict(kind, media_type, extension)
    raise RefusedFileError(NOT_OFFICE)


def _names(content: mmap.mmap, name: str) -> bool:
    """Return whether a directory entry (128 bytes, its name first, zero-padded) has the name."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = content.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = content.find(wanted, at + 1)
    return False
