"""The text of a lesson line by line, for paper: headings, paragraphs, lists, tables. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from portal.lessons import text

_CELL = "　｜　"


@dataclass(frozen=True)
class Line:
    """One paragraph on paper."""

    words: str
    is_heading: bool = False


@dataclass
class _Place:
    """Where in the text the walk is."""

    # For each list that is open the number of its next item; None for one without numbers.
    lists: list[int | None] = field(default_factory=list)
    mark: str = ""
    is_heading: bool = False
    cells: list[str] | None = None

    def item(self) -> None:
        """Begin an item of the innermost list."""
        number = self.lists[-1]
        self.mark = "· " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1

    def take_mark(self) -> str:
        """Return the mark that an item begins with, once."""
        mark, self.mark = self.mark, ""
        return mark


def lines(source: str) -> list[Line]:
    """Return what stands in the text, a line for each paragraph; pictures by what they show."""
    place = _Place()
    return [line for token in text.tokens(source) for line in _of(token, place) if line.words]


def _of(token: Token, place: _Place) -> Iterator[Line]:
    match token.type:
        case "heading_open" | "heading_close":
            place.is_heading = token.nesting > 0
        case "bullet_list_open":
            place.lists.append(None)
        case "ordered_list_open":
            place.lists.append(int(token.attrs.get("start", 1)))
        case "bullet_list_close" | "ordered_list_close":
            place.lists.pop()
        case "list_item_open":
            place.item()
        case "tr_open":
            place.cells = []
        case "tr_close":
            yield Line(_CELL.join(place.cells or []))
            place.cells = None
        case "fence" | "code_block":
            yield from (Line(words.rstrip()) for words in token.content.splitlines())
        case "inline" if place.cells is not None:
            place.cells.append(text.words(token).replace("\n", " "))
        case "inline":
            for words in text.words(token).splitlines():
                yield Line(f"{place.take_mark()}{words.strip()}", place.is_heading)
