"""The script of a lesson (讲稿) as .docx, on the paper of official documents (GB/T 9704-2012)."""

from collections.abc import Iterator, Sequence
from typing import IO

from portal.events import official_paper as paper
from portal.events.official_paper import BODY, BODY_SIZE, CENTRE, HEADING, SECOND, TITLE, TITLE_SIZE
from portal.lessons import details, script
from portal.lessons.models import LessonVersion
from portal.lessons.script import Line


def write(version: LessonVersion, givings: Sequence[str], file: IO[bytes]) -> None:
    """Write what was published of a lesson, and where it was given."""
    document = paper.document()
    paper.paragraph(document, version.title, TITLE, TITLE_SIZE, align=CENTRE)
    paper.paragraph(document, version.lecturer_words, SECOND, BODY_SIZE, align=CENTRE)
    paper.paragraph(document, "", BODY, BODY_SIZE)
    for line in _lines(version, givings):
        if line.is_heading:
            heading = paper.indented(document, line.words, HEADING)
            heading.paragraph_format.keep_with_next = True
        else:
            paper.indented(document, line.words)
    paper.save(document, file, title=version.title, author=version.lecturer_name)


def _lines(version: LessonVersion, givings: Sequence[str]) -> Iterator[Line]:
    yield from _under("takeaway", version.takeaway.splitlines())
    yield from script.lines(version.body)
    yield from _under("questions", version.question_list)
    yield from _under("policy_basis", [*version.policy_basis.splitlines(), version.policy_document])
    yield Line("本年度举办", is_heading=True)
    yield from (Line(one) for one in givings)


def _under(name: str, told: Sequence[str]) -> Iterator[Line]:
    """Yield what was written into a field below its label, if anything was."""
    written = [one.strip() for one in told if one.strip()]
    if written:
        yield Line(details.LABELS[name], is_heading=True)
        yield from (Line(one) for one in written)
