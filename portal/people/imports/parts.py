"""One pass over the XML parts of an .xlsx: what they hold, before anything is built of it.

A reader that builds a sheet as a block of cells can be made to build billions of them by
one cell far out, or by one long text that every cell repeats. So rows, columns, cells and
characters are counted first. Document types (entities that grow) are refused outright.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Callable
from xml.parsers import expat

from portal.errors import InvalidInputError
from portal.people.imports import limits

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_WITH_CONTENT = frozenset({"v", "is", "f"})


class PartReader:
    """Reads each part once and remembers what the parts say together."""

    def __init__(self) -> None:
        self.formulas: dict[str, set[tuple[int, int]]] = {}
        self._cells = 0
        self._lengths: list[int] = []
        self._repeated: Counter[int] = Counter()
        self._sheets: list[tuple[str, str]] = []
        self._targets: dict[str, str] = {}

    def parser(self, part: str) -> Callable[[bytes, bool], object]:
        """Return the function that takes a part's bytes piece by piece, the last flagged."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_document_type
        if part.startswith("xl/worksheets/") and part.endswith(".xml"):
            sheet = _SheetPass(self, part)
            parser.StartElementHandler = sheet.start
            parser.EndElementHandler = sheet.end
            parser.CharacterDataHandler = sheet.text
        elif part.endswith("sharedStrings.xml"):
            shared = _SharedPass(self._lengths)
            parser.StartElementHandler = shared.start
            parser.CharacterDataHandler = shared.text
        elif part == "xl/workbook.xml":
            parser.StartElementHandler = self._workbook
        elif part == "xl/_rels/workbook.xml.rels":
            parser.StartElementHandler = self._relations
        parse: Callable[[bytes, bool], object] = parser.Parse
        return parse

    def count_cell(self, row: int, column: int) -> None:
        """Count a cell that holds something; refuse one far out and one too many."""
        self._cells += 1
        if row >= limits.MOST_ROWS or self._cells > limits.MOST_CELLS:
            raise InvalidInputError(limits.TOO_MANY_ROWS)
        if column >= limits.MOST_COLUMNS:
            raise InvalidInputError(limits.TOO_MANY_COLUMNS)

    def count_repeat(self, index: int) -> None:
        """Count one more cell that shows the shared text of this number."""
        self._repeated[index] += 1

    def check_characters(self) -> None:
        """Refuse a workbook whose shared texts, written out, are too long."""
        written_out = sum(
            self._lengths[index] * times
            for index, times in self._repeated.items()
            if index < len(self._lengths)
        )
        if written_out > limits.MOST_CHARACTERS:
            raise InvalidInputError(limits.TOO_BIG_UNPACKED)

    def sheet_parts(self) -> dict[str, str]:
        """Return the part that holds each worksheet, by the worksheet's name."""
        return {
            name: self._targets[relation]
            for name, relation in self._sheets
            if relation in self._targets
        }

    def _workbook(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            relation = next(
                (value for key, value in attributes.items() if _local(key) == "id" and ":" in key),
                "",
            )
            self._sheets.append((attributes.get("name", ""), relation))

    def _relations(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self._targets[attributes.get("Id", "")] = target.lstrip("/")


class _SheetPass:
    """Follows the places of cells; a cell may leave its own place out and mean the next."""

    def __init__(self, reader: PartReader, part: str) -> None:
        self._reader = reader
        self._formulas = reader.formulas.setdefault(part, set())
        self._row, self._column = -1, -1
        self._is_shared = False
        self._is_counted = False
        self._number: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            given = attributes.get("r", "")
            self._row = int(given) - 1 if given.isdigit() else self._row + 1
            self._column = -1
        elif name == "c":
            self._begin_cell(attributes)
        elif name in _WITH_CONTENT:
            if not self._is_counted:
                self._reader.count_cell(self._row, self._column)
                self._is_counted = True
            if name == "f":
                self._formulas.add((self._row, self._column))
            if name == "v" and self._is_shared:
                self._number = []

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        if match:
            self._row, self._column = int(match[2]) - 1, _column_number(match[1])
        else:
            self._column += 1
        self._is_shared = attributes.get("t") == "s"
        self._is_counted = False

    def end(self, tag: str) -> None:
        if self._number is not None and _local(tag) == "v":
            digits = "".join(self._number).strip()
            if digits.isdigit():
                self._reader.count_repeat(int(digits[:9]))
            self._number = None

    def text(self, piece: str) -> None:
        if self._number is not None:
            self._number.append(piece)


class _SharedPass:
    """Notes how long each shared text is."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if _local(tag) == "si":
            self._lengths.append(0)

    def text(self, piece: str) -> None:
        if self._lengths:
            self._lengths[-1] += len(piece)


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _refuse_document_type(*_: object) -> None:
    raise InvalidInputError(limits.DOCUMENT_TYPE)
