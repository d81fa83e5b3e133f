"""Lists for the year archive: sheets for print, text alone, a header that is repeated."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import IO, Self

from xlsxwriter import Workbook

_HEAD = {"bold": True, "bg_color": "#F0F0EE", "border": 1}
_TEXT = {"text_wrap": True, "valign": "top", "num_format": "@", "border": 1}


class Listing:
    """A file of one or more lists; used as `with Listing(file, title) as listing`.

    Rows are written as they come, in constant memory; of several sheets too.
    """

    def __init__(self, file: IO[bytes], title: str) -> None:
        self._title = title
        self._book = Workbook(
            file,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self._head, self._text = self._book.add_format(_HEAD), self._book.add_format(_TEXT)

    def sheet(
        self, name: str, columns: Sequence[tuple[str, float]]
    ) -> Callable[[Sequence[str]], None]:
        """Begin a sheet with columns of label and width; return what writes its next row."""
        page = self._book.add_worksheet(name)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, 0)
        page.set_header(f"&C{self._title.replace('&', '&&')}")
        page.set_footer("&R第 &P 页 共 &N 页")
        for place, (label, width) in enumerate(columns):
            page.set_column(place, place, width)
            page.write_string(0, place, label, self._head)
        line = 0

        def write(texts: Sequence[str]) -> None:
            nonlocal line
            line += 1
            for place, text in enumerate(texts):
                page.write_string(line, place, text, self._text)

        return write

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._book.set_properties({"title": self._title})
            self._book.close()
