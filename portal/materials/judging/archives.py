"""Office files that are zips: every part is unpacked under a limit, and none may be a program.

What a zip says about itself is not believed: each part is inflated and counted.
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from portal.materials.judging.verdict import BROKEN, MACROS, PASSWORD, RefusedFileError, Verdict
from portal.materials.models import MaterialKind

MOST_PARTS = 10_000
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
TOO_BIG_UNPACKED = "文件解开以后大得不正常，可能有害，没有保存。"
NOT_OFFICE = "文件是压缩包或程序包。请解压后上传里面的文件。"
_PIECE = 64 * 1024
_MOST_DECLARATION = 256 * 1024
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
# What the list of content types of an Office file says of its main part.
_MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", MaterialKind.DOCUMENT, "docx"),
    (b"presentationml.presentation.main+xml", MaterialKind.SLIDES, "pptx"),
    (b"presentationml.slideshow.main+xml", MaterialKind.SLIDES, "pptx"),
    (b"spreadsheetml.sheet.main+xml", MaterialKind.SPREADSHEET, "xlsx"),
)
_MEDIA_TYPES = {
    "docx": f"{_OPEN_XML}wordprocessingml.document",
    "pptx": f"{_OPEN_XML}presentationml.presentation",
    "xlsx": f"{_OPEN_XML}spreadsheetml.sheet",
}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": (MaterialKind.DOCUMENT, "odt"),
    b"application/vnd.oasis.opendocument.presentation": (MaterialKind.SLIDES, "odp"),
    b"application/vnd.oasis.opendocument.spreadsheet": (MaterialKind.SPREADSHEET, "ods"),
}


def office(path: Path) -> Verdict:
    """Return the verdict of an office file; raise RefusedFileError for any other zip."""
    try:
        with path.open("rb") as raw, zipfile.ZipFile(raw) as archive:
            return _judged(archive, raw)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError) as error:
        raise RefusedFileError(BROKEN) from error


def _judged(archive: zipfile.ZipFile, raw: IO[bytes]) -> Verdict:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > MOST_UNPACKED_BYTES:
        raise RefusedFileError(TOO_BIG_UNPACKED)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RefusedFileError(PASSWORD)
    if any(_leads_out(name) for name in names) or len(set(names)) != len(names):
        raise RefusedFileError(BROKEN)
    # Something stands before the first part: this is two files in one.
    if not entries or min(entry.header_offset for entry in entries) != 0:
        raise RefusedFileError(BROKEN)
    left = MOST_UNPACKED_BYTES
    declarations: dict[str, bytes] = {}
    for entry in entries:
        kept = bytearray()
        for piece in _unpacked(entry, raw):
            left -= len(piece)
            if left < 0:
                raise RefusedFileError(TOO_BIG_UNPACKED)
            if entry.filename in {"[Content_Types].xml", "mimetype"}:
                kept += piece[: _MOST_DECLARATION - len(kept)]
        declarations[entry.filename] = bytes(kept)
    return _named(declarations)


def _named(declarations: dict[str, bytes]) -> Verdict:
    types = declarations.get("[Content_Types].xml", b"")
    macros = ("vbaproject.bin", "vbadata.xml", "basic/", "scripts/")
    if b"macroEnabled" in types or any(
        name.lower().endswith(macros[:2]) or name.lower().startswith(macros[2:])
        for name in declarations
    ):
        raise RefusedFileError(MACROS)
    for main_part, kind, extension in _MAIN_PARTS:
        if main_part in types:
            return Verdict(kind, _MEDIA_TYPES[extension], extension)
    declared = declarations.get("mimetype", b"").strip()
    if declared in _OPEN_DOCUMENT:
        kind, extension = _OPEN_DOCUMENT[declared]
        return Verdict(kind, declared.decode(), extension)
    if "OFD.xml" in declarations:
        return Verdict(MaterialKind.DOCUMENT, "application/ofd", "ofd")
    raise RefusedFileError(NOT_OFFICE)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _unpacked(entry: zipfile.ZipInfo, raw: IO[bytes]) -> Iterator[bytes]:
    """Yield a part's real content in pieces, whatever length its header declares."""
    raw.seek(entry.header_offset)
    header = raw.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no local header")
    lengths = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    raw.seek(sum(lengths), 1)
    left = entry.compress_size
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0:
        packed = raw.read(min(left, _PIECE))
        if not packed:
            raise zipfile.BadZipFile("cut short")
        left -= len(packed)
        if entry.compress_type == zipfile.ZIP_STORED:
            yield packed
            continue
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            raise zipfile.BadZipFile("unusual compression")
        while packed and not inflater.eof:
            yield inflater.decompress(packed, _PIECE)
            packed = inflater.unconsumed_tail
    if entry.compress_type == zipfile.ZIP_DEFLATED and entry.compress_size and not inflater.eof:
        yield inflater.flush()
        if not inflater.eof:
            raise zipfile.BadZipFile("cut short")
