"""The sign-in sheet as an .xlsx file: text and numbers only, nothing in it can be run.

Written row by row (`constant_memory`), so 50,000 rows need no more memory than 50.
"""

from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.attendance.sheet import Row, Sheet

_WIDTHS = (5, 10, 20, 11, 14, 9, 9, 12)
_SIGNING_OUT_WIDTHS = (*_WIDTHS[:-1], 9, 7, _WIDTHS[-1])
_A4 = 9
_HEADER_ROW = 3


def write(sheet: Sheet, file: BinaryIO) -> None:
    """Write the sheet as a workbook of one page-wide worksheet on A4."""
    book = Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    page = book.add_worksheet("签到表")
    last = len(sheet.columns) - 1
    _set_up(page, sheet)
    formats = _formats(book)
    _write_head(page, sheet, formats)
    row = _HEADER_ROW + 1
    for line in (line for lines in sheet.pages() for line in lines):
        _write_line(page, row, line, formats, signs_out=sheet.signs_out)
        row += 1
    page.set_row(row, 26)
    page.merge_range(row, 0, row, 3, "记录人：", formats["foot"])
    page.merge_range(row, 4, row, last, "核对人：", formats["foot"])
    page.print_area(0, 0, row, last)
    book.close()


def _set_up(page: Worksheet, sheet: Sheet) -> None:
    page.set_paper(_A4)
    page.set_portrait()
    page.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, _HEADER_ROW)
    page.freeze_panes(_HEADER_ROW + 1, 0)
    page.set_footer(f"&L活动编号 {sheet.event_code}&C第 &P 页 共 &N 页")
    for column, width in enumerate(_SIGNING_OUT_WIDTHS if sheet.signs_out else _WIDTHS):
        page.set_column(column, column, width)


def _formats(book: Workbook) -> dict[str, Format]:
    cell = {"border": 1, "valign": "vcenter", "font_size": 10.5, "text_wrap": True}
    return {
        "title": book.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
        ),
        "line": book.add_format({"font_size": 10.5, "valign": "vcenter"}),
        "head": book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#F0F0EE"}),
        "text": book.add_format({**cell, "num_format": "@"}),
        "middle": book.add_format({**cell, "align": "center", "num_format": "@"}),
        "number": book.add_format({**cell, "align": "center"}),
        "foot": book.add_format({"font_size": 10.5, "valign": "vcenter"}),
    }


def _write_head(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    last = len(sheet.columns) - 1
    page.set_row(0, 34)
    page.merge_range(0, 0, 0, last, "", formats["title"])
    page.write_string(0, 0, sheet.title, formats["title"])
    _pair(page, 1, f"时间：{sheet.time}", f"地点：{sheet.place}", formats["line"], last)
    counted = f"{sheet.due_words}　{sheet.present_words}"
    _pair(page, 2, f"主办：{sheet.host}", counted, formats["line"], last)
    page.set_row(_HEADER_ROW, 22)
    for column, word in enumerate(sheet.columns):
        page.write_string(_HEADER_ROW, column, word, formats["head"])


def _pair(page: Worksheet, row: int, left: str, right: str, line: Format, last: int) -> None:
    """Write two merged halves of a row; as strings, whatever they begin with."""
    page.set_row(row, 20)
    page.merge_range(row, 0, row, 3, "", line)
    page.write_string(row, 0, left, line)
    page.merge_range(row, 4, row, last, "", line)
    page.write_string(row, 4, right, line)


def _write_line(
    page: Worksheet, row: int, line: Row, formats: dict[str, Format], *, signs_out: bool
) -> None:
    page.set_row(row, 24)
    if line.number is None:
        page.write_blank(row, 0, None, formats["number"])
    else:
        page.write_number(row, 0, line.number, formats["number"])
    cells = line.cells(signs_out=signs_out)
    for column, text in enumerate(cells, start=1):
        form = formats["text" if column in {2, len(cells)} else "middle"]
        if text:
            page.write_string(row, column, text, form)
        else:
            page.write_blank(row, column, None, form)
