"""The notice as .docx, laid out as official documents are (GB/T 9704-2012, DOMAIN 3.7)."""

from typing import IO

from docx.enum.text import WD_ALIGN_PARAGRAPH

from portal.events import official_paper as paper
from portal.events.notice import Notice
from portal.events.official_paper import BODY, BODY_SIZE, HEADING, TITLE, TITLE_SIZE


def write(notice: Notice, file: IO[bytes]) -> None:
    """Write the document."""
    document = paper.document()
    paper.paragraph(document, notice.title, TITLE, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    paper.paragraph(document, "", BODY, BODY_SIZE)
    paper.paragraph(document, notice.addressees, BODY, BODY_SIZE)
    paper.indented(document, notice.opening)
    for section in notice.sections:
        written = paper.indented(document, section.heading, HEADING)
        if section.line:
            paper.run(written, f"：{section.line}", BODY, BODY_SIZE)
        for paragraph in section.paragraphs:
            paper.indented(document, paragraph)
    paper.paragraph(document, "", BODY, BODY_SIZE)
    paper.signed(document, notice.signature, notice.date)
    paper.save(document, file, title=notice.title, author=notice.signature)
