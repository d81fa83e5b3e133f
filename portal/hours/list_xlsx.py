"""The hours of a branch's year as an .xlsx file: text and numbers only, nothing can be run."""

from collections.abc import Sequence
from typing import BinaryIO

from xlsxwriter import Workbook

from portal.hours.kinds import HALVES_A_HOUR
from portal.hours.queries import Member

COLUMNS = (
    "序号",
    "姓名",
    "所在党组织",
    "类别",
    "应达学时",
    "已确认学时",
    "待确认学时",
    "还差学时",
    "还差集中培训",
    "说明",
)
_WIDTHS = (6, 12, 26, 16, 10, 10, 10, 10, 12, 34)
_LAST = len(COLUMNS) - 1
_A4 = 9
_FOOTNOTE = "只计名册已确认的活动和已认定的培训；按姓氏笔画排列，不排名次。"


def write(*, title: str, line: str, members: Sequence[Member], file: BinaryIO) -> None:
    """Write the members in the order given, one a row, under a merged title."""
    book = Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    page = book.add_worksheet("学时")
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 2)
    page.freeze_panes(3, 0)
    page.set_footer("&C第 &P 页 共 &N 页")
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    cell = {"border": 1, "valign": "vcenter", "font_size": 10.5, "text_wrap": True}
    heading = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    plain = book.add_format({"font_size": 10.5})
    head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#F0F0EE"})
    text = book.add_format({**cell, "num_format": "@"})
    number = book.add_format({**cell, "align": "center", "num_format": "0.0"})
    whole = book.add_format({**cell, "align": "center"})
    page.merge_range(0, 0, 0, _LAST, "", heading)
    page.write_string(0, 0, title, heading)
    page.merge_range(1, 0, 1, _LAST, "", plain)
    page.write_string(1, 0, line, plain)
    for column, word in enumerate(COLUMNS):
        page.write_string(2, column, word, head)
    row = 3
    for at, one in enumerate(members, 1):
        standing = one.standing
        page.write_number(row, 0, at, whole)
        page.write_string(row, 1, one.name, text)
        page.write_string(row, 2, one.unit_name, text)
        page.write_string(row, 3, standing.owed.category.label, text)
        owes = standing.owed.halves
        if owes is None:
            page.write_string(row, 4, "不作要求", text)
        else:
            page.write_number(row, 4, owes / HALVES_A_HOUR, number)
        page.write_number(row, 5, standing.confirmed / HALVES_A_HOUR, number)
        page.write_number(row, 6, standing.waiting / HALVES_A_HOUR, number)
        page.write_number(row, 7, standing.missing / HALVES_A_HOUR, number)
        page.write_number(row, 8, standing.missing_concentrated, whole)
        page.write_string(row, 9, standing.owed.words, text)
        row += 1
    page.write_string(row + 1, 0, _FOOTNOTE, plain)
    page.write_string(row + 2, 0, "填表人：", plain)
    page.write_string(row + 2, 4, "审核人：", plain)
    page.write_string(row + 2, 7, "日期：", plain)
    book.close()
