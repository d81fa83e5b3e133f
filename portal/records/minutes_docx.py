"""Minutes as .docx: the 纪要 as GB/T 9704-2012 10.3 lays it out, and a page of the record book."""

from typing import IO, Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from portal.events import official_paper as paper
from portal.events.official_paper import (
    BODY,
    BODY_SIZE,
    CENTRE,
    FOOT_SIZE,
    HEADING,
    SECOND,
    TITLE,
    TITLE_SIZE,
)
from portal.records.minutes import Minutes

# 纪要标志: red, its upper edge 35 mm below that of the text area (GB/T 9704 10.3).
HEAD_BELOW, RED = Mm(35), RGBColor(0xC0, 0x00, 0x00)
_LABEL_WIDTH, _TEXT_WIDTH = Mm(28), Mm(128)
# Inside the cells of the record book: 小四 with its own line.
_CELL_SIZE, _CELL_LINE = Pt(12), Pt(20)


def write(minutes: Minutes, file: IO[bytes]) -> None:
    """Write the 纪要: red head, text, then who was present, on leave, absent, sitting in."""
    document = paper.document()
    head = paper.paragraph(document, "", TITLE, TITLE_SIZE, align=CENTRE)
    head.paragraph_format.space_before = HEAD_BELOW
    paper.run(head, minutes.head, TITLE, TITLE_SIZE).font.color.rgb = RED
    for mark in minutes.marks:
        paper.paragraph(document, f"（{mark}）", SECOND, BODY_SIZE, align=CENTRE)
    paper.paragraph(document, "", BODY, BODY_SIZE)
    paper.indented(document, minutes.opening)
    for section in minutes.sections:
        paper.indented(document, section.heading, HEADING).paragraph_format.keep_with_next = True
        for text in section.paragraphs:
            paper.indented(document, text)
    if minutes.people:
        paper.paragraph(document, "", BODY, BODY_SIZE)
    for people in minutes.people:
        _people(document, people.label, people.names)
    if minutes.confirmed:
        paper.paragraph(document, "", BODY, BODY_SIZE)
    for line in minutes.confirmed:
        paper.indented(document, line)
    paper.save(document, file, title=minutes.head, author=minutes.organisation)


def _people(document: Any, label: str, names: str) -> None:
    """出席： two characters in, in 黑体; what runs over stands under the first name."""
    written = paper.paragraph(document, f"{label}：", HEADING, BODY_SIZE)
    paper.run(written, names, BODY, BODY_SIZE)
    written.paragraph_format.left_indent = BODY_SIZE * 5
    written.paragraph_format.first_line_indent = BODY_SIZE * -3


def write_book_page(minutes: Minutes, file: IO[bytes]) -> None:
    """Write a page of the record book (党组织生活会记录簿): a table, and two to sign."""
    document = paper.document()
    paper.paragraph(document, f"{minutes.kind}记录", TITLE, TITLE_SIZE, align=CENTRE)
    for mark in minutes.marks:
        paper.paragraph(document, f"（{mark}）", SECOND, FOOT_SIZE, align=CENTRE)
    table = document.add_table(rows=0, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _border(table)
    for column, width in zip(table.columns, (_LABEL_WIDTH, _TEXT_WIDTH), strict=True):
        column.width = width
    for label, paragraphs in _lines_of_book(minutes):
        cells = table.add_row().cells
        _cell(cells[0], _LABEL_WIDTH, [label], HEADING)
        _cell(cells[1], _TEXT_WIDTH, paragraphs, BODY)
    paper.paragraph(document, "", BODY, BODY_SIZE)
    paper.paragraph(document, "主持人（签字）：　　　　　　　　记录人（签字）：", BODY, FOOT_SIZE)
    for line in minutes.confirmed:
        paper.paragraph(document, line, BODY, FOOT_SIZE)
    paper.save(document, file, title=f"{minutes.title}（记录簿）", author=minutes.organisation)


def _lines_of_book(minutes: Minutes) -> list[tuple[str, list[str]]]:
    lines = [
        ("会议名称", [minutes.title]),
        ("党组织", [minutes.organisation]),
        ("时间", [minutes.when]),
        ("地点", [minutes.place]),
        ("主持人", [minutes.chair]),
        ("记录人", [minutes.recorder]),
        ("到会情况", [minutes.counts]),
        *((people.label, [people.names]) for people in minutes.people),
        *(
            (section.heading.partition("、")[2], list(section.paragraphs))
            for section in minutes.sections
        ),
    ]
    return [(label, texts) for label, texts in lines if any(texts)]


def _cell(cell: Any, width: Any, texts: list[str], font: str) -> None:
    cell.width = width
    for number, text in enumerate(texts):
        made = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        off = OxmlElement("w:snapToGrid")
        off.set(qn("w:val"), "0")
        made._p.get_or_add_pPr().append(off)
        layout = made.paragraph_format
        layout.space_before = layout.space_after = Pt(2)
        layout.line_spacing = _CELL_LINE
        paper.run(made, text, font, _CELL_SIZE)


def _border(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
