"""The closing summary as .docx, laid out as official documents are (GB/T 9704-2012)."""

from typing import IO

from portal.events import official_paper as paper
from portal.events.official_paper import BODY, BODY_SIZE, CENTRE, HEADING, TITLE, TITLE_SIZE
from portal.records.summary import Paper


def write(summary: Paper, file: IO[bytes]) -> None:
    """Write the document."""
    document = paper.document()
    paper.paragraph(document, summary.title, TITLE, TITLE_SIZE, align=CENTRE)
    paper.paragraph(document, "", BODY, BODY_SIZE)
    paper.indented(document, summary.opening)
    for section in summary.sections:
        if section.heading:
            heading = paper.indented(document, section.heading, HEADING)
            heading.paragraph_format.keep_with_next = True
        for text in section.paragraphs:
            paper.indented(document, text)
    paper.paragraph(document, "", BODY, BODY_SIZE)
    paper.signed(document, summary.signature, summary.date)
    paper.save(document, file, title=summary.title, author=summary.signature)
