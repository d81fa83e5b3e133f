"""A table out of whatever file somebody sends: its kind is judged by content, not by name."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from portal.errors import InvalidInputError
from portal.people.imports import limits
from portal.people.imports.archive import measured
from portal.people.naming import plain_text


class Formula:
    """Stands in a cell that holds a formula: the portal neither computes nor believes it."""

    def __repr__(self) -> str:
        return "FORMULA"


FORMULA = Formula()
Cell = str | int | float | bool | date | datetime | time | timedelta | Formula | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row and its number as the spreadsheet program shows it (from 1)."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, place: int) -> Cell:
        """Return the cell of a column (from 0); short rows are empty at the end."""
        return self.cells[place] if place < len(self.cells) else None

    @property
    def is_empty(self) -> bool:
        """Return whether the row holds nothing but blanks."""
        return not any(
            cell.strip() if isinstance(cell, str) else cell is not None for cell in self.cells
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet, or a whole .csv file, without its empty rows."""

    name: str
    rows: tuple[Row, ...]


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<script", b"<svg", b"{\\rtf")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SEPARATORS = ",\t;"
# Of characters outside ASCII, so many must be Chinese or full-width for a guess to hold.
_LEAST_CHINESE = 0.9


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Return the visible worksheets of an .xlsx, or the one table of a .csv.

    Raises InvalidInputError with a sentence for the reader when the file as a whole cannot
    be read: too big, a bomb, a password, the old .xls, not a table, an unknown encoding.
    """
    if not content.strip(b"\x00\t\r\n "):
        raise InvalidInputError(limits.EMPTY)
    if len(content) > limits.MOST_FILE_BYTES:
        raise InvalidInputError(limits.FILE_TOO_BIG)
    if content.startswith(_OLE):
        raise InvalidInputError(limits.OLD_FORMAT)
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _worksheets(content)
    if content.startswith(_NOT_TEXT) or content[:2048].lstrip().lower().startswith(_MARKUP):
        raise InvalidInputError(limits.NOT_A_TABLE)
    return (_delimited(_decoded(content)),)


def _worksheets(content: bytes) -> tuple[Sheet, ...]:
    archive = measured(content)
    try:
        with CalamineWorkbook.from_filelike(archive.content) as workbook:
            names = [
                sheet.name
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
                and sheet.visible == SheetVisibleEnum.Visible
            ]
            return tuple(
                Sheet(
                    name, tuple(_rows(workbook.get_sheet_by_name(name), archive.formulas_of(name)))
                )
                for name in names
            )
    except PasswordError as error:
        raise InvalidInputError(limits.ENCRYPTED) from error
    except CalamineError as error:
        raise InvalidInputError(limits.BROKEN) from error


def _rows(sheet: CalamineSheet, formulas: set[tuple[int, int]]) -> Iterator[Row]:
    """Yield the rows that hold something; a cell merged downwards counts in each of its rows."""
    filled = _filled_down(sheet)
    # The reader begins with the sheet's first row, but with the first column that is used.
    _first_row, first_column = sheet.start or (0, 0)
    above: dict[int, Cell] = {}
    for place, values in enumerate(sheet.iter_rows()):
        cells: list[Cell] = [None] * first_column
        cells += [None if value == "" else value for value in values]
        for column in range(len(cells)):
            if (place, column) in formulas:
                cells[column] = FORMULA
            if (place, column) in filled:
                cells[column] = above.get(column)
            above[column] = cells[column]
        row = Row(place + 1, tuple(cells))
        if not row.is_empty:
            yield row


def _filled_down(sheet: CalamineSheet) -> set[tuple[int, int]]:
    places: set[tuple[int, int]] = set()
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        last = min(bottom, limits.MOST_ROWS)
        places.update((row, left) for row in range(top + 1, last + 1))
        if len(places) > limits.MOST_CELLS:
            raise InvalidInputError(limits.TOO_MANY_ROWS)
    return places


def _decoded(content: bytes) -> str:
    """Return a text file's text: UTF-8, UTF-16 with its mark, or GB 18030."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise InvalidInputError(limits.UNKNOWN_ENCODING) from error
    if b"\x00" in content:
        raise InvalidInputError(limits.NOT_A_TABLE)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _reads_as_chinese(text):
            return text
    raise InvalidInputError(limits.UNKNOWN_ENCODING)


def _reads_as_chinese(text: str) -> bool:
    """Return whether a guess at GB 18030 gave Chinese, not the debris of another encoding.

    Nearly any bytes decode as GB 18030; Big5 or Shift JIS then give rare characters. Real
    text is mostly of the 6,763 characters and signs of GB 2312.
    """
    foreign = [mark for mark in text if not mark.isascii()]
    usual = 0
    for mark in foreign:
        try:
            mark.encode("gb2312")
        except UnicodeEncodeError:
            continue
        usual += 1
    return usual >= len(foreign) * _LEAST_CHINESE


def _delimited(text: str) -> Sheet:
    if any(ord(mark) < 0x20 and mark not in "\t\r\n" for mark in text[:4096]):
        raise InvalidInputError(limits.NOT_A_TABLE)
    lines = text.splitlines()[:30]
    counted = {mark: sum(line.count(mark) for line in lines) for mark in _SEPARATORS}
    separator = max(counted, key=lambda mark: counted[mark])
    if not counted[separator]:  # typed by hand with a Chinese keyboard
        text = text.replace("，", ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    rows: list[Row] = []
    try:
        for number, values in enumerate(reader, 1):
            if number > limits.MOST_ROWS:
                raise InvalidInputError(limits.TOO_MANY_ROWS)
            if len(values) > limits.MOST_COLUMNS:
                raise InvalidInputError(limits.TOO_MANY_COLUMNS)
            row = Row(number, tuple(value if value.strip() else None for value in values))
            if not row.is_empty:
                rows.append(row)
    except csv.Error as error:
        raise InvalidInputError(limits.NOT_A_TABLE) from error
    return Sheet("", tuple(rows))


def cell_text(cell: Cell) -> str:
    """Return a cell as somebody would read it, in the portal's spelling; a formula is empty."""
    if cell is None or isinstance(cell, Formula):
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return plain_text(str(cell))
