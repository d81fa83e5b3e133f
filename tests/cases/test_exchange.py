"""The hotline's list: a preview, taken in once, updated by a second import, given out again."""

import csv
import io
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.cases.models import Case, CaseSource, CaseStep, Move
from portal.database import db
from tests import factories
from tests.cases.conftest import SignedIn
from tests.factories import Street
from tests.page import Browser, Page

HEAD = (
    "市民热线转办清单,,,,,,\n工单号,来电内容,诉求类型,承办社区,诉求地址,来电人,来电号码,办理期限\n"
)
ROWS = (
    "QD-1,路灯不亮,投诉,汕头路社区第一党支部,三号楼,测试居民,13900000001,2030-01-08\n"
    "QD-2,=1+1,建议,汕头路社区第二党支部,,,,\n"
)


def uploaded(browser: Browser, text: str) -> Page:
    token = browser.token()
    data: dict[str, Any] = {
        "csrf_token": token,
        "file": (io.BytesIO(text.encode("gb18030")), "清单.csv"),
    }
    answer = browser.client.post("/cases/import", data=data)
    return browser._arrive(answer, False)


def imported(browser: Browser, text: str) -> Page:
    page = uploaded(browser, text)
    confirm = [form for form in page.forms() if form.action.startswith("/cases/import/")]
    return browser.submit(confirm[0])


def cases() -> list[Case]:
    db.session.expire_all()
    return list(db.session.scalars(select(Case).order_by(Case.upstream_number)))


def test_a_list_is_looked_at_first_and_a_second_import_updates(
    street: Street, as_: SignedIn
) -> None:
    browser = as_("secretary")
    page = uploaded(browser, HEAD + ROWS)
    assert page.status == 200, page.alert
    assert not cases(), "nothing is written before the confirmation"
    page = imported(browser, HEAD + ROWS)
    assert [case.upstream_number for case in cases()] == ["QD-1", "QD-2"]
    first = cases()[0]
    assert (first.source, first.place) == (CaseSource.HOTLINE, "三号楼")
    assert first.organisation_id == street.branch_one.id
    assert first.due_day.isoformat() == "2030-01-08"
    assert first.opened_by_id == street.secretary.id
    same = uploaded(browser, HEAD + ROWS)
    assert "没有可以新增或改动的内容" in same.text
    changed = HEAD + ROWS.replace("路灯不亮", "路灯还是不亮").replace("三号楼", "五号楼")
    imported(browser, changed)
    assert len(cases()) == 2
    first = cases()[0]
    assert (first.words, first.place) == ("路灯不亮", "五号楼"), "the words stand"
    steps = db.session.scalars(select(CaseStep.words).where(CaseStep.move == Move.SUPPLEMENT))
    assert any("路灯还是不亮" in words for words in steps)


def test_the_hotlines_words_are_kept_verbatim(street: Street, as_: SignedIn) -> None:
    said = "井盖松动，车一压就响！（３号楼）\n能不能修？"
    row = f'QD-1,"{said}",投诉,汕头路社区第一党支部,,,,\n'
    browser = as_("secretary")
    imported(browser, HEAD + row)
    assert cases()[0].words == said
    narrow = row.replace(said, "井盖松动,车一压就响!(3号楼)能不能修?")
    same = uploaded(browser, HEAD + narrow)
    assert "没有可以新增或改动的内容" in same.text, "another width of marks says nothing new"


def test_rows_that_cannot_be_taken_are_named_with_row_column_and_reason(
    street: Street, as_: SignedIn
) -> None:
    rows = (
        "QD-1,路灯不亮,投诉,汕头路社区第一党支部,,,,\n"
        ",没有编号,投诉,汕头路社区第一党支部,,,,\n"
        "QD-3,,投诉,汕头路社区第一党支部,,,,\n"
        "QD-4,别处的事,投诉,海口路社区第一党支部,,,,\n"
        "QD-5,看不懂,甲乙,汕头路社区第一党支部,,,12,\n"
        "QD-1,又一行,投诉,汕头路社区第一党支部,,,,\n"
    )
    page = uploaded(as_("secretary"), HEAD + rows)
    refused = {row.get("data-refused-row") for row in page.by("data-refused-row")}
    assert refused == {"4", "5", "6", "7", "8"}
    assert "没有工单编号" in page.text
    assert "没有诉求内容" in page.text
    assert "与第 3 行编号相同" in page.text


def test_a_number_of_another_part_of_the_tree_is_refused_and_not_changed(
    street: Street, as_: SignedIn
) -> None:
    far = HEAD + "QD-9,海口路的事,投诉,海口路社区第一党支部,,,,\n"
    imported(as_("secretary2"), far)
    mine = HEAD + "QD-9,改成我的,投诉,汕头路社区第一党支部,,,,\n"
    page = uploaded(as_("secretary"), mine)
    assert "不在您负责的范围" in page.text
    assert cases()[0].organisation_id == street.branch_far.id


def test_the_export_goes_back_in_unchanged_and_runs_nothing(street: Street, as_: SignedIn) -> None:
    browser = as_("secretary")
    factories.case(street.branch_one, street.branch, words="=HYPERLINK(1)", place="门口")
    factories.case(street.branch_far, street.secretary2, words="海口路的秘密")
    imported(browser, HEAD + ROWS.splitlines(keepends=True)[0])
    answer = browser.client.get("/cases/export.xlsx?show=all")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = str(values)
    assert "=HYPERLINK(1)" in text
    assert "海口路的秘密" not in text
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "13900000001" not in text
    assert "139****0001" in text
    assert "书记测试甲" in str(sheet.oddFooter)
    back = io.StringIO()
    csv.writer(back).writerows(values)
    page = uploaded(browser, back.getvalue())
    assert not page.by("data-refused-row"), page.text
    assert "没有可以新增或改动的内容" in page.text
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "case.exported")).one()
    assert '"count": 2' in noted.details


def test_only_secretaries_and_the_office_exchange_lists(street: Street, as_: SignedIn) -> None:
    for user in ("recorder", "officer", "a", "keeper"):
        assert as_(user).get("/cases/import").status == 403
        assert as_(user).client.get("/cases/export.xlsx").status_code == 403
