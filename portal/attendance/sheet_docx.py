"""The sign-in sheet as .docx, on official paper (GB/T 9704-2012): page, title and fonts of it.

The rows are written as they stand in the file, one string each: a table of 3,200 people through
the library's objects would take minutes.
"""

import re
from collections.abc import Iterable, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length, Mm, Pt

from portal.attendance.sheet import Row, Sheet
from portal.events import official_paper as paper
from portal.events.official_paper import BODY, CENTRE, FOOT_SIZE, HEADING, TITLE, TITLE_SIZE

# 156 mm between the margins, in the order of the columns.
_WIDTHS = (10, 18, 39, 19, 26, 12, 17, 15)
_SIGNING_OUT_WIDTHS = (9, 17, 27, 15, 27, 11, 14, 14, 10, 12)
# 五号 in the cells; a row is as high as a hand needs to sign.
_CELL_SIZE, _ROW = Pt(10.5), Mm(8.5)
# What XML cannot hold was never let in by a form; files of old may have it.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def write(sheet: Sheet, file: IO[bytes]) -> None:
    """Write the sheet: its head repeated on every page, empty rows for walk-ins at the end."""
    document = paper.document()
    paper.paragraph(document, sheet.title, TITLE, TITLE_SIZE, align=CENTRE)
    for line in (
        f"时间：{sheet.time}",
        f"地点：{sheet.place}",
        f"主办：{sheet.host}　　{sheet.due_words}　{sheet.present_words}",
    ):
        paper.paragraph(document, line, BODY, FOOT_SIZE)
    _table(document, sheet)
    paper.save(document, file, title=sheet.title, author=sheet.host)


def _table(document: Any, sheet: Sheet) -> None:
    widths = [_twips(Mm(one)) for one in (_SIGNING_OUT_WIDTHS if sheet.signs_out else _WIDTHS)]
    rows = (row for page in sheet.pages() for row in page)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES
    )
    table = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="28" w:type="dxa"/><w:right w:w="28" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{_row(sheet.columns, widths, HEADING, is_head=True)}"
        f"{''.join(_rows(rows, widths, signs_out=sheet.signs_out))}"
        f"{_foot(sheet, widths)}</w:tbl>"
    )
    document.element.body.insert_element_before(table, "w:sectPr")


def _rows(rows: Iterable[Row], widths: Sequence[int], *, signs_out: bool) -> Iterable[str]:
    for row in rows:
        number = "" if row.number is None else str(row.number)
        yield _row((number, *row.cells(signs_out=signs_out)), widths, BODY)


def _foot(sheet: Sheet, widths: Sequence[int]) -> str:
    """Return the last row, for two signatures: inside the table, so that it never stands alone."""
    texts = ("记录人：", "核对人：", f"活动编号 {sheet.event_code}")
    spans = (3, 2, len(widths) - 5)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths[start : start + span])}" w:type="dxa"/>'
        f'<w:gridSpan w:val="{span}"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_words(text, BODY, is_middle=False)}</w:tc>"
        for text, span, start in zip(texts, spans, (0, 3, 5), strict=True)
    )
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_twips(_ROW)}" w:hRule="atLeast"/>'
        f"</w:trPr>{cells}</w:tr>"
    )


def _row(cells: Sequence[str], widths: Sequence[int], font: str, *, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_words(text, font, is_middle=is_head or place not in {2, len(cells) - 1})}</w:tc>"
        for place, (text, width) in enumerate(zip(cells, widths, strict=True))
    )
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_twips(_ROW)}" w:hRule="atLeast"/>'
        f"{head}</w:trPr>{made}</w:tr>"
    )


def _words(text: str, font: str, *, is_middle: bool) -> str:
    align = "center" if is_middle else "left"
    size = round(_CELL_SIZE.pt * 2)
    run = (
        f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(_NO_XML.sub("", text))}</w:t></w:r>'
        if text
        else ""
    )
    return (
        '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0"'
        f' w:line="280" w:lineRule="exact"/><w:jc w:val="{align}"/></w:pPr>{run}</w:p>'
    )


def _twips(length: Length) -> int:
    points: float = length.pt
    return round(points * 20)
