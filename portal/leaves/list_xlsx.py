"""Who was on leave from an event and what was made up, as one sheet for the archive.

Why somebody asked for leave is not in it: that is forgotten after half a year (DOMAIN 3.2), an
archive is kept for good.
"""

from collections.abc import Iterable
from typing import IO

from portal import clock
from portal.archives.listing_xlsx import Listing
from portal.leaves.queries import Filed

_COLUMNS = (
    *(("姓名", 10), ("单位", 22), ("名册", 8), ("请假", 8), ("提出时间", 16), ("审批", 18)),
    *(("补课方式", 10), ("补课日期", 12), ("学时", 6), ("由谁讲、在哪里", 24), ("凭据", 32)),
    ("登记人", 10),
)


def write(title: str, rows: Iterable[Filed], file: IO[bytes]) -> None:
    """Write a line for everybody who was on leave, was absent, or has made it up."""
    with Listing(file, title) as listing:
        write_row = listing.sheet("请假补课", _COLUMNS)
        for row in rows:
            write_row(_texts(row))


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
