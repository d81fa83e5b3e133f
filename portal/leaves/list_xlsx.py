"""Who was on leave from an event and what was made up, as one sheet for the archive.

Why somebody asked for leave is not in it: that is forgotten after half a year (DOMAIN 3.2), an
archive is kept for good.
"""

from collections.abc import Iterable
from typing import IO

from xlsxwriter import Workbook

from portal import clock
from portal.leaves.queries import Filed

_COLUMNS = (
    *(("姓名", 10), ("单位", 22), ("名册", 8), ("请假", 8), ("提出时间", 16), ("审批", 18)),
    *(("补课方式", 10), ("补课日期", 12), ("学时", 6), ("由谁讲、在哪里", 24), ("凭据", 32)),
    ("登记人", 10),
)


def write(title: str, rows: Iterable[Filed], file: IO[bytes]) -> None:
    """Write a line for everybody who was on leave, was absent, or has made it up."""
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("请假补课")
    bold = book.add_format({"bold": True, "bg_color": "#F0F0EE", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "border": 1})
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    page.set_header(f"&C{title.replace('&', '&&')}")
    page.set_footer("&R第 &P 页 共 &N 页")
    for place, (label, width) in enumerate(_COLUMNS):
        page.set_column(place, place, width)
        page.write_string(0, place, label, bold)
    for line, row in enumerate(rows, 1):
        for place, text in enumerate(_texts(row)):
            page.write_string(line, place, text, cell)
    book.set_properties({"title": title})
    book.close()


def _texts(row: Filed) -> tuple[str, ...]:
    entry, leave, made = row
    asked = decided = ""
    if leave is not None:
        asked = f"{clock.local(leave.requested_at):%Y-%m-%d %H:%M}"
        asked += "（代录）" if leave.is_entered else ""
        asked += "（事后）" if leave.is_after_start else ""
        decided = f"{leave.decided_by.name if leave.decided_by else ''} {leave.state.label}".strip()
    proof = []
    if made is not None:
        proof = [made.proof, f"文件：{made.material.filename}" if made.material else ""]
    return (
        entry.name,
        entry.unit_name,
        entry.status.label,
        leave.kind.label if leave else "",
        asked,
        decided,
        made.method.label if made else "",
        f"{made.made_on:%Y-%m-%d}" + ("（逾期）" if made.is_late else "") if made else "",
        made.hours if made else "",
        made.provider if made else "",
        "；".join(filter(None, proof)),
        made.confirmed_by.name if made else "",
    )
