"""The list of those who have signed up as an .xlsx file: text and numbers only."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from xlsxwriter import Workbook

from portal import clock
from portal.signups.models import Signup
from portal.signups.queries import Detail
from portal.signups.questions import Question

_COLUMNS = (("序号", 6), ("姓名", 12), ("单位", 24), ("状态", 10), ("报名时间", 18), ("方式", 10))


def write(
    file: BinaryIO,
    *,
    signups: Iterable[Signup],
    details: dict[int, Detail],
    questions: Sequence[Question],
    answers: dict[int, dict[int, tuple[str, int | None]]],
) -> None:
    """Write who is on the list, in order of signing up, with a column for each question."""
    book = Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    page, bold = book.add_worksheet("报名名单"), book.add_format({"bold": True})
    columns = [*_COLUMNS, *((question.label, 18) for question in questions)]
    for place, (label, width) in enumerate(columns):
        page.set_column(place, place, width)
        page.write_string(0, place, label, bold)
    for row, signup in enumerate(signups, 1):
        said = answers.get(signup.id, {})
        page.write_number(row, 0, row)
        for place, words in enumerate(
            (
                signup.person.name,
                details[signup.id].unit or "来宾",
                signup.status.label,
                f"{clock.local(signup.created_at):%Y-%m-%d %H:%M}",
                signup.origin.label,
                *(said.get(question.id, ("", None))[0] for question in questions),
            ),
            1,
        ):
            page.write_string(row, place, words)
    book.close()
