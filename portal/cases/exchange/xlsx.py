"""A list of cases as an .xlsx file in the layout of the import: text and numbers only.

Written row by row (`constant_memory`). Who took it out of the portal and when stands on every
printed page and below the list.
"""

from collections.abc import Iterable
from typing import IO

from xlsxwriter import Workbook

from portal import clock
from portal.cases.exchange.columns import CaseField
from portal.cases.models import Case

_COLUMNS: tuple[tuple[str, int], ...] = (
    (CaseField.UPSTREAM.label, 18),
    (CaseField.WORDS.label, 60),
    (CaseField.KIND.label, 10),
    (CaseField.CATEGORY.label, 14),
    (CaseField.ORGANISATION.label, 18),
    (CaseField.PLACE.label, 22),
    (CaseField.ASKER_NAME.label, 12),
    (CaseField.ASKER_PHONE.label, 14),
    (CaseField.OPENED_ON.label, 12),
    (CaseField.DUE_ON.label, 12),
    ("门户编号", 14),
    ("办理状态", 14),
    ("主办单位名称", 18),
    ("办结时间", 16),
    ("办结意见", 40),
    ("回访结果", 18),
    ("公开范围", 14),
)


def write(cases: Iterable[Case], file: IO[bytes], *, by: str) -> int:
    """Write the cases; return how many. `by` is who takes the list out of the portal."""
    book = Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    page = book.add_worksheet("问题建议")
    bold = book.add_format({"bold": True, "bg_color": "#F0F0EE", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "border": 1})
    mark = f"{by} {clock.local(clock.now()):%Y-%m-%d %H:%M} 导出，含个人信息，用后删除"
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    page.set_footer(f"&L{mark.replace('&', '&&')}&R第 &P 页 共 &N 页")
    for place, (label, width) in enumerate(_COLUMNS):
        page.set_column(place, place, width)
        page.write_string(0, place, label, bold)
    count = 0
    now = clock.now()
    for count, case in enumerate(cases, 1):
        for place, text in enumerate(_cells(case, case.phase(now).label)):
            page.write_string(count, place, text, cell)
    page.set_header(f"&C&8{mark.replace('&', '&&')}")
    book.set_properties({"title": "问题建议清单", "comments": mark})
    book.close()
    return count


def _cells(case: Case, standing: str) -> tuple[str, ...]:
    called_back = ""
    if case.satisfaction is not None:
        solved = "已解决" if case.is_solved else "未解决"
        called_back = f"{solved}，{case.satisfaction.label}"
    elif case.settled_at is not None:
        called_back = "未回访"
    return (
        case.upstream_number or case.number,
        case.words,
        case.kind.label,
        case.category,
        case.organisation.name,
        case.place,
        case.asker_words if case.asker_sight.value != "named" else case.asker_name,
        _masked(case.asker_phone),
        f"{clock.local(case.opened_at):%Y-%m-%d}",
        case.due_day.isoformat(),
        case.number,
        standing,
        case.lead.name,
        f"{clock.local(case.settled_at):%Y-%m-%d %H:%M}" if case.settled_at else "",
        case.outcome if case.settled_at else "",
        called_back,
        case.openness.label,
    )


def _masked(phone: str) -> str:
    """Whole numbers are asked for one by one, and noted: a list carries none."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else ""
