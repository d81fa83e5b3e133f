"""Official paper as .docx (GB/T 9704-2012, DOMAIN 3.7): page, grid, fonts, page number.

A4, margins 37, 35, 28 and 26 mm; 22 lines of 28 characters. Fonts are named, never embedded: the
official ones first, and in the table of fonts what stands in for them where they are not
installed.
"""

from typing import IO, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE, BODY, HEADING, SECOND = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
# 二号, 三号, 四号; 22 lines on 225 mm.
TITLE_SIZE, BODY_SIZE, FOOT_SIZE, LINE = Pt(22), Pt(16), Pt(14), Pt(28.95)
LINES, CHARACTERS = 22, 28
# 28 characters of 16 pt are wider than 156 mm: each stands a quarter of a point closer (twips).
# A grid of characters would say the same, but LibreOffice gives each of them two of its cells.
CLOSER = -5
MARGINS = {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}
_INSTEAD = {
    TITLE: "小标宋,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,思源宋体,Noto Serif CJK SC,宋体",
    BODY: "仿宋,FangSong,华文仿宋,STFangsong,思源宋体,Noto Serif CJK SC",
    SECOND: "楷体,KaiTi,华文楷体,STKaiti,思源宋体,Noto Serif CJK SC",
    HEADING: "SimHei,思源黑体,Noto Sans CJK SC",
}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def document() -> Any:
    """Return an empty document on official paper."""
    made = Document()
    _page(made)
    return made


def save(written: Any, file: IO[bytes], *, title: str, author: str) -> None:
    """Write the document, its fonts named with what stands in for them."""
    written.core_properties.title = title
    written.core_properties.author = author
    _name_fonts(written)
    written.save(file)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", width)
    section.footer_distance = Mm(28)
    _grid(section)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(foot, "— ", "宋体", FOOT_SIZE)
    number = run(foot, "", "宋体", FOOT_SIZE)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        number._r.append(mark)
    run(foot, " —", "宋体", FOOT_SIZE)


def _grid(section: Any) -> None:
    """Lay 22 lines over the text area, their pitch in twips."""
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(LINE.pt * 20)))


def indented(document: Any, text: str, font: str = BODY) -> Any:
    """Add a paragraph of the body, its first line two characters in."""
    written = paragraph(document, text, font, BODY_SIZE)
    written.paragraph_format.first_line_indent = BODY_SIZE * 2
    return written


def paragraph(
    document: Any,
    text: str,
    font: str,
    size: Any,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
) -> Any:
    """Add a paragraph on the grid of lines."""
    made = document.add_paragraph()
    made.alignment = align
    layout = made.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    run(made, text, font, size)
    return made


def signed(document: Any, signature: str, date: str) -> None:
    """Add who signs above the date, the date four characters from the right edge."""
    for text in (signature, date):
        written = paragraph(document, text, BODY, BODY_SIZE, align=WD_ALIGN_PARAGRAPH.RIGHT)
        written.paragraph_format.right_indent = BODY_SIZE * 4
        written.paragraph_format.keep_with_next = text != date


def run(to: Any, text: str, font: str, size: Any) -> Any:
    """Add text in one font to a paragraph."""
    made = to.add_run(text)
    made.font.size, made.font.name = size, font
    properties = made._r.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size == BODY_SIZE:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(CLOSER))
        # The schema has it before the size.
        properties.find(qn("w:sz")).addprevious(spacing)
    return made


def _name_fonts(document: Any) -> None:
    """Put the official fonts and their stand-ins into the document's table of fonts."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for name, instead in _INSTEAD.items()
    )
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = (
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
                f'<w:fonts xmlns:w="{_W}">{fonts}</w:fonts>'
            ).encode()
