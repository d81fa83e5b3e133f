"""The notice as .docx, laid out as official documents are (GB/T 9704-2012, DOMAIN 3.7).

Fonts are named, never embedded: the official ones first, and in the table of fonts what
stands in for them where they are not installed.
"""

from typing import IO, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.events.notice import Notice

TITLE, BODY, HEADING = "方正小标宋简体", "仿宋_GB2312", "黑体"
# 二号, 三号, 四号; 22 lines on 225 mm.
TITLE_SIZE, BODY_SIZE, FOOT_SIZE, LINE = Pt(22), Pt(16), Pt(14), Pt(28.95)
MARGINS = {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}
_INSTEAD = {
    TITLE: "小标宋,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,思源宋体,Noto Serif CJK SC,宋体",
    BODY: "仿宋,FangSong,华文仿宋,STFangsong,思源宋体,Noto Serif CJK SC",
    HEADING: "SimHei,思源黑体,Noto Sans CJK SC",
}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write(notice: Notice, file: IO[bytes]) -> None:
    """Write the document."""
    document = Document()
    _page(document)
    _paragraph(document, notice.title, TITLE, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document, "", BODY, BODY_SIZE)
    _paragraph(document, notice.addressees, BODY, BODY_SIZE)
    _indented(document, notice.opening)
    for section in notice.sections:
        written = _indented(document, section.heading, HEADING)
        if section.line:
            _run(written, f"：{section.line}", BODY, BODY_SIZE)
        for paragraph in section.paragraphs:
            _indented(document, paragraph)
    _paragraph(document, "", BODY, BODY_SIZE)
    _signed(document, notice)
    document.core_properties.title = notice.title
    document.core_properties.author = notice.signature
    _name_fonts(document)
    document.save(file)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", width)
    section.footer_distance = Mm(28)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(foot, "— ", "宋体", FOOT_SIZE)
    number = _run(foot, "", "宋体", FOOT_SIZE)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        number._r.append(mark)
    _run(foot, " —", "宋体", FOOT_SIZE)


def _signed(document: Any, notice: Notice) -> None:
    """The host above the date, the date four characters from the right edge."""
    for text in (notice.signature, notice.date):
        written = _paragraph(document, text, BODY, BODY_SIZE, align=WD_ALIGN_PARAGRAPH.RIGHT)
        written.paragraph_format.right_indent = BODY_SIZE * 4
        written.paragraph_format.keep_with_next = text != notice.date


def _indented(document: Any, text: str, font: str = BODY) -> Any:
    written = _paragraph(document, text, font, BODY_SIZE)
    written.paragraph_format.first_line_indent = BODY_SIZE * 2
    return written


def _paragraph(
    document: Any,
    text: str,
    font: str,
    size: Any,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Any, text: str, font: str, size: Any) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


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
