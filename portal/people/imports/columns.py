"""Which column holds what: headers are matched by what they mean, never by where they stand.

Three answers for each column: taken as a field; dropped, because the portal must not keep
it (DOMAIN 3.2), with the reason; ignored, because nobody knows what it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.errors import InvalidInputError
from portal.people.imports.fields import DROPPED, ROW_LABELS, Field
from portal.people.imports.reading import Row, Sheet, cell_text

# The header is looked for in this many rows that hold something.
_HEADER_WITHIN = 20
_BRACKETS = re.compile(r"[(\[【（][^()\[\]【】（）]*[)\]】）]")
_NOT_MEANT = re.compile(r"[\s*★:/、,.\-_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is not taken: its letter, its header and why."""

    letter: str
    header: str
    reason: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a table stand, and what happens to its other columns."""

    header_row: int
    places: Mapping[Field, int]
    headers: Mapping[Field, str]
    dropped: tuple[Column, ...]
    ignored: tuple[Column, ...]

    def column_of(self, field: Field) -> str:
        """Return how a field's column is named to the reader, for instance H列“入党时间”."""
        if field not in self.places:
            return field.label
        return f"{column_letter(self.places[field])}列“{self.headers[field]}”"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under a header that was understood."""

    sheet: str
    layout: Layout
    rows: tuple[Row, ...]
    unread_sheets: tuple[str, ...]


def understood(
    sheets: Sequence[Sheet],
    *,
    headers: Mapping[Field, tuple[str, ...]],
    required: Sequence[tuple[Field, ...]],
) -> Table:
    """Return the first sheet's table that has all required columns (any one of each tuple).

    Raises InvalidInputError naming what is missing when no sheet has a header like that.
    """
    missing: list[str] = []
    for sheet in sheets:
        found = _header(sheet, headers)
        if found is None:
            continue
        place, layout = found
        missing = [
            "或".join(field.label for field in choice)
            for choice in required
            if not any(field in layout.places for field in choice)
        ]
        if not missing:
            others = tuple(other.name for other in sheets if other is not sheet and other.rows)
            return Table(sheet.name, layout, _data_rows(sheet, place, layout), others)
    if missing:
        raise InvalidInputError(f"表头里没有找到“{'”“'.join(missing)}”一列，没有读取。")
    wanted = "”“".join("或".join(field.label for field in choice) for choice in required)
    raise InvalidInputError(f"没有找到表头：前 {_HEADER_WITHIN} 行里应有“{wanted}”等列名。")


def _header(sheet: Sheet, headers: Mapping[Field, tuple[str, ...]]) -> tuple[int, Layout] | None:
    """Return the row that names most fields, and what it says.

    Of several the first; of two rows of one header the lower one, which is more exact.
    """
    best: tuple[int, Layout] | None = None
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        layout = _layout(row, headers)
        known = len(best[1].places) if best else 1
        continues = best is not None and place == best[0] + 1
        if len(layout.places) > known or (continues and len(layout.places) == known):
            best = place, layout
    return best


def _data_rows(sheet: Sheet, header_place: int, layout: Layout) -> tuple[Row, ...]:
    """Return the rows below the header; a header repeated on every printed page is none."""
    names = {place: meant(layout.headers[field]) for field, place in layout.places.items()}
    return tuple(
        row
        for row in sheet.rows[header_place + 1 :]
        if any(meant(cell_text(row.cell(place))) != name for place, name in names.items())
    )


def _layout(row: Row, headers: Mapping[Field, tuple[str, ...]]) -> Layout:
    wanted = {
        name: (field, rank) for field, names in headers.items() for rank, name in enumerate(names)
    }
    chosen: dict[Field, tuple[int, int]] = {}
    dropped: list[Column] = []
    ignored: list[Column] = []
    texts = [cell_text(cell) for cell in row.cells]
    for place, text in enumerate(texts):
        found = wanted.get(meant(text))
        if found and (found[0] not in chosen or found[1] < chosen[found[0]][1]):
            chosen[found[0]] = place, found[1]
    taken = {place: field for field, (place, _rank) in chosen.items()}
    for place, text in enumerate(texts):
        if place in taken or not text or meant(text) in ROW_LABELS:
            continue
        letter = column_letter(place)
        reason = _why_dropped(text)
        same = wanted.get(meant(text))
        if same:
            first = texts[chosen[same[0]][0]]
            ignored.append(Column(letter, text, f"与“{first}”一列重复，没有读取"))
        elif reason:
            dropped.append(Column(letter, text, reason))
        else:
            ignored.append(Column(letter, text, "不认识这一列，没有读取"))
    return Layout(
        header_row=row.number,
        places={field: place for place, field in taken.items()},
        headers={field: texts[place] for place, field in taken.items()},
        dropped=tuple(dropped),
        ignored=tuple(ignored),
    )


def _why_dropped(header: str) -> str | None:
    name = meant(header)
    return next((reason for words, reason in DROPPED if any(word in name for word in words)), None)


def meant(header: str) -> str:
    """Return what a header says without brackets, stars, spaces and signs: * 手机 号码（必填）."""
    return _NOT_MEANT.sub("", _BRACKETS.sub("", header)).casefold()


def column_letter(place: int) -> str:
    """Return the letter of a column as the spreadsheet program shows it (0 is A, 26 is AA)."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
