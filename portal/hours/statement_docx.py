"""The certificate as a document of one A4 page, for LibreOffice to make the PDF of.

Fonts are named, never embedded; what stands in for them is the converter's choice.
"""

from io import BytesIO
from typing import IO, Any

import segno
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.hours.statement import COLUMNS, TITLE, Statement

_TITLE_FONT, _BODY = "方正小标宋简体", "仿宋_GB2312"
_WIDTHS = (12, 56, 24, 32, 34, 12)
_MARGINS = {"top": Mm(25), "bottom": Mm(20), "left": Mm(20), "right": Mm(20)}


def write(statement: Statement, address: str, file: IO[bytes]) -> None:
    """Write the document; `address` is where the code is checked, for the QR code."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in _MARGINS.items():
        setattr(section, f"{side}_margin", width)
    _paragraph(document, TITLE, _TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER, after=10)
    _paragraph(document, statement.facts[0], _BODY, 11, WD_ALIGN_PARAGRAPH.RIGHT, after=6)
    said = _paragraph(document, statement.sentence, _BODY, 14, after=8)
    said.paragraph_format.first_line_indent = Pt(28)
    _table(document, statement)
    _foot(document, statement, address)
    document.core_properties.title = TITLE
    document.core_properties.author = statement.unit_name
    document.save(file)


def _table(document: Any, statement: Statement) -> None:
    table = document.add_table(rows=1, cols=len(COLUMNS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, _WIDTHS)
    _fill(table.rows[0], COLUMNS, is_head=True)
    for line in statement.lines:
        _fill(table.add_row(), line)
    last = table.add_row()
    _fill(last, ("", "累计学时", "", "", "", statement.total), is_head=True)


def _set_widths(table: Any, widths: tuple[int, ...]) -> None:
    """Set widths in millimetres, of columns and cells: programs look at one or at the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _fill(row: Any, words: tuple[str, ...], *, is_head: bool = False) -> None:
    for at, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
        paragraph = cell.paragraphs[0]
        in_middle = is_head or at in {0, 2, 5}
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if in_middle else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, _BODY, 9.5, is_bold=is_head)


def _foot(document: Any, statement: Statement, address: str) -> None:
    """Where it is sealed on the right, the code and how to check it on the left."""
    _paragraph(document, "", _BODY, 8)
    table = document.add_table(rows=1, cols=3)
    _set_widths(table, (32, 68, 70))
    picture, how, seal = table.rows[0].cells
    picture.paragraphs[0].add_run().add_picture(_qr(address), width=Mm(28))
    for at, text in enumerate(
        (statement.facts[1], "扫码，或在门户“学时证明查验”页输入查验码核对。")
    ):
        paragraph = how.paragraphs[0] if at == 0 else how.add_paragraph()
        _run(paragraph, text, _BODY, 10.5)
    for at, text in enumerate((f"{statement.unit_name}（盖章）", "经办人：", statement.day)):
        paragraph = seal.paragraphs[0] if at == 0 else seal.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, text, _BODY, 12)


def _qr(address: str) -> BytesIO:
    code = segno.make(address, error="m", micro=False)
    picture = BytesIO()
    code.save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    return picture


def _paragraph(
    document: Any,
    text: str,
    font: str,
    size: float,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    after: float = 0,
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(0)
    paragraph.paragraph_format.space_after = Pt(after)
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Any, text: str, font: str, size: float, *, is_bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.bold = Pt(size), font, is_bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
