"""A spreadsheet's archive, measured before anything trusts it.

An .xlsx is a zip of XML. What a stranger's zip claims about itself is not believed: every
part is unpacked under a limit, every XML part is read once by a parser that refuses
document types, and the reader behind gets a new archive of exactly what was measured.
"""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from portal.errors import InvalidInputError
from portal.people.imports import limits
from portal.people.imports.parts import PartReader

_CHUNK = 64 * 1024


@dataclass
class MeasuredArchive:
    """The archive rebuilt, and where its worksheets hold formulas: part -> {(row, column)}."""

    content: io.BytesIO
    formulas: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    sheet_parts: dict[str, str] = field(default_factory=dict)

    def formulas_of(self, sheet: str) -> set[tuple[int, int]]:
        """Return the places (row and column from 0) of a worksheet's formulas."""
        return self.formulas.get(self.sheet_parts.get(sheet, ""), set())


def measured(content: bytes) -> MeasuredArchive:
    """Unpack, measure and rebuild an .xlsx; raise InvalidInputError in words for the reader."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _rebuilt(archive, content)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, ValueError, EOFError) as error:
        raise InvalidInputError(limits.BROKEN) from error


def _rebuilt(archive: zipfile.ZipFile, content: bytes) -> MeasuredArchive:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > limits.MOST_PARTS or declared > limits.MOST_UNPACKED_BYTES:
        raise InvalidInputError(limits.TOO_BIG_UNPACKED)
    names = Counter(entry.filename for entry in entries)
    if names["[Content_Types].xml"] != 1 or names["xl/workbook.xml"] != 1:
        raise InvalidInputError(limits.NOT_A_TABLE)
    if max(names.values()) > 1:
        raise InvalidInputError(limits.BROKEN)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise InvalidInputError(limits.ENCRYPTED)
    result = MeasuredArchive(io.BytesIO())
    reader = PartReader()
    left = limits.MOST_UNPACKED_BYTES
    with zipfile.ZipFile(result.content, "w", zipfile.ZIP_STORED) as rebuilt:
        for entry in entries:
            if not entry.filename.endswith((".xml", ".rels")):
                continue  # pictures and macros are not needed
            parse = reader.parser(entry.filename)
            with rebuilt.open(entry.filename, "w") as part:
                for chunk in _unpacked(entry, content):
                    left -= len(chunk)
                    if left < 0:
                        raise InvalidInputError(limits.TOO_BIG_UNPACKED)
                    part.write(chunk)
                    parse(chunk, False)
                parse(b"", True)
    reader.check_characters()
    result.formulas = reader.formulas
    result.sheet_parts = reader.sheet_parts()
    result.content.seek(0)
    return result


def _unpacked(entry: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    """Yield a part's real content in pieces, whatever length its header declares."""
    header = content[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no local header")
    start = entry.header_offset + 30
    start += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(content)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        for place in range(0, len(packed), _CHUNK):
            yield bytes(packed[place : place + _CHUNK])
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("unusual compression")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for place in range(0, len(packed), _CHUNK):
        pending = bytes(packed[place : place + _CHUNK])
        while pending and not inflater.eof:
            chunk = inflater.decompress(pending, _CHUNK)
            pending = inflater.unconsumed_tail
            if chunk:
                yield chunk
    tail = inflater.flush()
    if tail:
        yield tail
    if not inflater.eof:
        raise zipfile.BadZipFile("cut short")
