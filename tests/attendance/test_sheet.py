"""The sign-in sheet, cell by cell, and on paper."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Pt
from openpyxl import load_workbook

from portal.attendance import queries, services, sheet_docx
from portal.attendance.codes import base32
from portal.attendance.sheet import Row, Sheet
from portal.events import queries as events
from portal.events.models import Audience
from portal.people.models import PersonKind
from portal.signups.models import SignupOrigin
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.office import pages_of
from tests.page import Browser, text_of

Clock = Callable[[datetime], None]
COLUMNS = ["序号", "姓名", "单位/支部", "职务", "联系电话", "签到", "签到时间", "备注"]


@pytest.fixture
def secretary(gathering: Gathering, at: Clock, browser: Browser) -> Browser:
    return browser.sign_in("secretary")


def opened(secretary: Browser, event_id: int):
    answer = secretary.client.get(f"/events/{event_id}/sign-in-sheet.xlsx")
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.data)).active, answer


def cells(page, row: int) -> list[object]:
    return [page.cell(row, column).value for column in range(1, 9)]


def test_the_sheet_has_the_layout_of_the_field(
    gathering: Gathering, secretary: Browser, at: Clock, any_database: str
) -> None:
    gathering.a.post, gathering.a.phone = "组织委员", "13812345678"
    event = gathering.lesson(title="社区治理主题党课", place="=cmd|' /C calc'!A0")
    gathering.mark(event, gathering.a, "present")
    at(NINE + MINUTE)
    gathering.mark(event, gathering.b, "late")
    gathering.mark(event, gathering.branch, "leave_sick")
    gathering.sign_up(event, gathering.c, NINE + MINUTE, SignupOrigin.WALK_IN)
    page, answer = opened(secretary, event.id)
    assert "spreadsheetml" in answer.mimetype
    merged = {str(area) for area in page.merged_cells.ranges}
    assert {"A1:H1", "A2:D2", "E2:H2", "A3:D3", "E3:H3"} <= merged
    assert page["A1"].value == "社区治理主题党课签到表"
    assert page["A2"].value == "时间：2026年11月25日 09:00–11:00"
    assert page["E2"].value == "地点：=cmd|' /C calc'!A0"
    assert page["E2"].data_type == "s"
    assert page["A3"].value == "主办：汕头路社区党委"
    assert page["E3"].value == "应到 7 人　实到 2 人"
    assert cells(page, 4) == COLUMNS
    lines = {cells(page, row)[1]: cells(page, row) for row in range(5, 13)}
    number, *rest = lines["党员测试甲"]
    assert isinstance(number, int)
    assert rest == [
        "党员测试甲",
        "汕头路社区第一党支部",
        "组织委员",
        "138****5678",
        "已到",
        "08:48",
        None,
    ]
    assert lines["党员测试乙"][5:] == ["已到", "09:01", "迟到"]
    assert lines["支书测试甲"][5:] == [None, None, "病假"]
    assert lines["党员测试丙"][7] == "现场登记"
    assert lines["记录测试甲"][5:] == [None, None, None]
    assert [cells(page, row)[0] for row in range(5, 13)] == list(range(1, 9))
    foot = page.max_row
    assert page.cell(foot, 1).value == "记录人："
    assert page.cell(foot, 5).value == "核对人："
    assert page.print_title_rows == "$1:$4"
    assert page.page_setup.paperSize == 9
    assert page.print_area.replace("'", "").endswith(f"$A$1:$H${foot}")
    assert "第 &P 页 共 &N 页" in page.oddFooter.center.text or page.oddFooter.center.text


def test_nothing_that_was_typed_becomes_a_formula(gathering: Gathering, secretary: Browser) -> None:
    for name in ("=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")'):
        factories.person(name, gathering.branch_one, post=name, work_unit=name)
    event = gathering.lesson(title="=SUM(A1)")
    page, _ = opened(secretary, event.id)
    for row in page.iter_rows():
        for cell in row:
            assert cell.data_type != "f", cell.coordinate
            assert cell.hyperlink is None


def test_before_the_event_the_figures_stay_open_and_there_is_room_for_walk_ins(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson(starts_at=NINE + 24 * HOUR)
    page, _ = opened(secretary, event.id)
    assert page["E3"].value == "应到 7 人　实到 ＿＿＿ 人"
    blank = [row for row in range(5, page.max_row) if cells(page, row)[1] is None]
    assert len(blank) == 5


def test_what_was_entered_later_and_corrected_is_said(
    gathering: Gathering, secretary: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE + 3 * HOUR)
    gathering.mark(event, gathering.a, "present")
    services.confirm(event=events.event(event.id), actor=gathering.secretary)
    factories.commit()
    gathering.mark(event, gathering.b, "present", reason="漏记")
    secretary.sign_in("secretary")
    page, _ = opened(secretary, event.id)
    lines = {cells(page, row)[1]: cells(page, row) for row in range(5, 12)}
    assert lines["党员测试甲"][5:] == ["已到", None, "补录"]
    assert lines["党员测试乙"][5:] == ["已到", None, "更正"]
    assert lines["记录测试甲"][7] == "缺席"


def test_roster_order_is_by_unit_then_by_strokes(gathering: Gathering, secretary: Browser) -> None:
    guest = factories.person("来宾测试甲", kind=PersonKind.GUEST, work_unit="某公司")
    event = gathering.lesson(audience=Audience.OPEN)
    for person in (guest, gathering.c, gathering.b, gathering.a):
        gathering.sign_up(event, person)
    page, _ = opened(secretary, event.id)
    names = [cells(page, row)[1] for row in range(5, 9)]
    assert names == ["党员测试甲", "党员测试乙", "党员测试丙", "来宾测试甲"]
    assert cells(page, 8)[2] == "某公司"


def test_on_paper_there_are_25_lines_a_page_with_number_and_code(
    gathering: Gathering, secretary: Browser, queries_of: Callable
) -> None:
    gathering.many(45)
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/sign-in-sheet")
    sheets = page.by("class", "sheet")
    assert len(sheets) == 3  # 52 people and 5 empty lines
    bodies = [len(list(body)) for body in page.find_all("tbody")]
    assert bodies == [25, 25, 7]
    assert "第 2 页 共 3 页" in text_of(sheets[1])
    assert f"活动编号 {base32(event.id)}-2" in text_of(sheets[1])
    assert queries_of(lambda: secretary.get(f"/events/{event.id}/sign-in-sheet")) <= 8


def test_my_own_attendance_is_told_newest_first(gathering: Gathering, at: Clock) -> None:
    first = gathering.lesson(starts_at=NINE - 26 * HOUR)
    second = gathering.lesson()
    gathering.mark(first, gathering.a, "leave_sick")
    gathering.mark(second, gathering.a, "present")
    third = gathering.lesson(starts_at=NINE + HOUR)
    gathering.open(third)  # nothing said yet
    told = queries.attendance_of(gathering.a)
    assert [(event.id, entry.status.value) for entry, event, _ in told] == [
        (second.id, "present"),
        (first.id, "leave_sick"),
    ]


def test_the_docx_is_official_paper_with_the_same_lines(
    gathering: Gathering, secretary: Browser
) -> None:
    hostile = factories.person("<甲&乙>", gathering.branch_one, post='"职"\x07')
    gathering.mark(event := gathering.lesson(title="社区治理主题党课"), hostile, "present")
    answer = secretary.client.get(f"/events/{event.id}/sign-in-sheet.docx")
    document: Any = Document(BytesIO(answer.data))
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    head = document.paragraphs[0]
    assert head.text == "社区治理主题党课签到表"
    assert (head.runs[0].font.name, head.runs[0].font.size) == ("方正小标宋简体", Pt(22))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == COLUMNS
    assert ["<甲&乙>", "汕头路社区第一党支部", '"职"'] in [row[1:4] for row in rows]
    assert [row[0] for row in rows[1:-1]] == [str(number) for number in range(1, 9)] + [""] * 5
    assert document.element.body.xpath("//w:tr[1]//w:tblHeader")


def test_libreoffice_repeats_the_head_of_the_docx_and_breaks_no_row(tmp_path: Path) -> None:
    people = [Row(number, f"党员{number:02}", "汕头路社区第一党支部") for number in range(1, 46)]
    facts = ("主题党课签到表", "2026年11月25日 09:00–11:00", "红色书屋", "汕头路社区党委")
    file = tmp_path / "sheet.docx"
    with file.open("wb") as stream:
        sheet_docx.write(Sheet(*facts, 45, 40, True, True, people, "ABC"), stream)
    pages = pages_of(file)
    assert len(pages) in {2, 3}
    assert all("单位/支部" in page for page in pages), "the head stands on every page"
    assert "主办：汕头路社区党委" in pages[0]
    assert "实到 40 人" in pages[0]
    named = [page.count("汕头路社区第一党支部") for page in pages]
    assert sum(named) == 45, "no unit is torn over two lines"
    assert "核对人：" in pages[-1]
