"""Writing an archive: one zip with the papers, an index and their hashes (DOMAIN 2.7).

The same papers make the same bytes: no paper, folder or document says when it was packed.
Nothing is ever held in memory but pieces of a file.
"""

import gc
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from xlsxwriter import Workbook

from portal.archives.hooks import Paper
from portal.archives.names import Given, fit

INDEX = "目录.xlsx"
HASHES = "校验.sha256"
COLUMNS = ("序号", "日期", "事项", "材料", "文件", "大小（字节）", "SHA-256")
_WIDTHS = (6, 12, 36, 14, 60, 14, 70)
_PIECE = 256 * 1024
# After so many papers what their writers left behind is given back: parts of a .docx point at each
# other, and the collector comes to old cycles ever more seldom.
_BETWEEN_COLLECTIONS = 50
_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_ZIPPED_DOCUMENTS = (".docx", ".xlsx")


@dataclass(frozen=True)
class Packed:
    """A paper as it lies in the archive: path, size in bytes, SHA-256 in hex."""

    paper: Paper
    path: str
    size: int
    digest: str


@dataclass(frozen=True)
class Made:
    """A whole archive: how many papers, its size in bytes and SHA-256 in hex."""

    papers: int
    size: int
    digest: str


Progress = Callable[[int, int], None]


def pack(place: Path, root: str, papers: Sequence[Paper], progress: Progress) -> Made:
    """Write the archive to `place`; all of it lies in one folder `root` of the zip.

    A paper whose writer writes nothing is left out.
    """
    packed: list[Packed] = []
    given, top = Given(), fit(root)
    with place.open("xb") as file, ZipFile(file, "w", ZIP_STORED) as archive:
        for number, paper in enumerate(papers):
            progress(number, len(papers))
            if number % _BETWEEN_COLLECTIONS == 0:
                gc.collect()
            with _written(paper) as written:
                if written.seek(0, 2) == 0:
                    continue
                path = given.give(paper.folder, paper.name)
                size, digest = _put(archive, f"{top}/{path}", paper.day, written)
            packed.append(Packed(paper, path, size, digest))
        last = max((paper.day for paper in papers), default=date(1980, 1, 1))
        with tempfile.TemporaryFile() as index:
            _write_index(index, root, packed)
            _, index_digest = _steadied(archive, f"{top}/{INDEX}", last, index)
        lines = [f"{one.digest}  {one.path}\n" for one in packed]
        lines.append(f"{index_digest}  {INDEX}\n")
        with tempfile.TemporaryFile() as hashes:
            hashes.write("".join(lines).encode())
            _put(archive, f"{top}/{HASHES}", last, hashes)
    progress(len(papers), len(papers))
    with place.open("rb") as whole:
        digest = hashlib.file_digest(whole, "sha256").hexdigest()
    return Made(len(packed), place.stat().st_size, digest)


@contextmanager
def _written(paper: Paper) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        paper.write(file)
        if not paper.is_written or not paper.name.endswith(_ZIPPED_DOCUMENTS) or not file.tell():
            yield file
            return
        with tempfile.TemporaryFile() as steady:
            steady_document(file, steady, paper.day)
            yield steady


def _steadied(archive: ZipFile, path: str, day: date, file: BinaryIO) -> tuple[int, str]:
    with tempfile.TemporaryFile() as steady:
        steady_document(file, steady, day)
        return _put(archive, path, day, steady)


def _put(archive: ZipFile, path: str, day: date, file: BinaryIO) -> tuple[int, str]:
    """Copy a file into the archive; return its size and digest."""
    size = file.seek(0, 2)
    file.seek(0)
    hashed = hashlib.sha256()
    with archive.open(_entry(path, day, size), "w") as inside:
        while piece := file.read(_PIECE):
            hashed.update(piece)
            inside.write(piece)
    return size, hashed.hexdigest()


def _entry(path: str, day: date, size: int) -> ZipInfo:
    # A zip knows no year before 1980.
    entry = ZipInfo(path, date_time=(max(day.year, 1980), day.month, day.day, 0, 0, 0))
    entry.compress_type = ZIP_STORED  # papers are compressed as they are
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.file_size = size
    return entry


def steady_document(document: IO[bytes], steady: IO[bytes], day: date) -> None:
    """Write a .docx or .xlsx again as if it had been written on that day, whenever it was."""
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    document.seek(0)
    with ZipFile(document) as parts, ZipFile(steady, "w") as written:
        for part in parts.infolist():
            entry = ZipInfo(part.filename, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = part.compress_type, part.external_attr
            entry.file_size = part.file_size
            with parts.open(part) as inside, written.open(entry, "w") as outside:
                if part.filename == "docProps/core.xml":
                    outside.write(_MOMENT.sub(rb"\g<1>" + moment + rb"\g<3>", inside.read()))
                else:
                    shutil.copyfileobj(inside, outside, _PIECE)


def _write_index(file: BinaryIO, root: str, packed: Sequence[Packed]) -> None:
    book = Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet("目录")
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1})
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    page.write_string(0, 0, f"{root} 目录", title)
    for column, words in enumerate(COLUMNS):
        page.write_string(1, column, words, head)
    for number, one in enumerate(packed, start=1):
        row = number + 1
        page.write_number(row, 0, number)
        said = (_day(one.paper.day), one.paper.about, one.paper.label, one.path)
        for column, text in enumerate(said, start=1):
            page.write_string(row, column, text)
        page.write_number(row, 5, one.size)
        page.write_string(row, 6, one.digest)
    page.freeze_panes(2, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    book.set_properties({"title": f"{root} 目录", "created": datetime(2000, 1, 1)})  # noqa: DTZ001
    book.close()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
