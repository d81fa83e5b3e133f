"""Minutes as official paper: the figures of GB/T 9704 in the file, and as LibreOffice has it."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.records import minutes_docx
from portal.records.minutes import Minutes, People, Section
from portal.records.models import RecordKind, VoteBasis, VoteMethod
from portal.records.services import Ballot, add, enter_vote, resolve
from tests import factories
from tests.instances import left_out
from tests.page import Browser
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]


def minutes(**values: Any) -> Minutes:
    given = {
        "head": "物业服务座谈会纪要",
        "title": "物业服务座谈会",
        "kind": "研讨座谈",
        "marks": (),
        "organisation": "汕头路社区第一党支部",
        "when": "2026年11月25日9:00至11:00",
        "place": "红色书屋",
        "chair": "甲",
        "recorder": "乙",
        "counts": "应到 9 人，实到 7 人，请假 1 人，缺席 1 人",
        "opening": "开头。",
        "sections": (Section("一、议题", ("物业服务",)),),
        "people": (People("出席", "甲、乙"), People("请假", "丙"), People("列席", "丁")),
        "confirmed": (),
        "date": "2026年11月25日",
        **values,
    }
    return Minutes(**given)


def written(what: Minutes, how=minutes_docx.write) -> Any:
    file = BytesIO()
    how(what, file)
    return Document(BytesIO(file.getvalue()))


def test_the_page_is_laid_out_as_the_standard_says() -> None:
    document = written(minutes())
    section = document.sections[0]
    sides = (
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    area = section.page_height - section.top_margin - section.bottom_margin
    assert int(area / Pt(1) // pitch) == 22
    # 28 characters of 16 points, a quarter closer, go into a line; 29 do not.
    width = (section.page_width - section.left_margin - section.right_margin) / Pt(1)
    run = document.paragraphs[2].runs[0]
    closer = int(run._r.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert int(width // (run.font.size.pt + closer)) == 28
    assert "PAGE" in section.footer.paragraphs[0]._p.xml


def test_the_head_is_red_and_the_people_hang_below_the_text() -> None:
    document = written(minutes())
    head = document.paragraphs[0]
    assert head.text == "物业服务座谈会纪要"
    assert round(head.paragraph_format.space_before.mm) == 35
    run = head.runs[-1]
    assert (run.font.name, run.font.size) == ("方正小标宋简体", Pt(22))
    assert str(run.font.color.rgb) == "C00000"
    people = [one for one in document.paragraphs if one.text[:3] in {"出席：", "请假：", "列席："}]
    assert [one.text for one in people] == ["出席：甲、乙", "请假：丙", "列席：丁"]
    for one in people:
        label, names = one.runs
        assert (label.font.name, names.font.name) == ("黑体", "仿宋_GB2312")
        layout = one.paragraph_format
        assert (layout.left_indent, layout.first_line_indent) == (Pt(80), Pt(-48))


def test_fonts_are_named_with_what_stands_in_and_never_embedded() -> None:
    file = BytesIO()
    minutes_docx.write(minutes(marks=("补录",)), file)
    with zipfile.ZipFile(file) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
        assert not [name for name in archive.namelist() if name.startswith("word/fonts/")]
    for font, instead in (
        ("仿宋_GB2312", "FangSong"),
        ("黑体", "SimHei"),
        ("楷体_GB2312", "KaiTi"),
    ):
        assert font in fonts
        assert instead in fonts


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_text_can_be_written(text: str) -> None:
    if any(ord(letter) in {0xFFFE, 0xFFFF} for letter in text):
        return
    what = minutes(opening=text, sections=(Section("一、议题", (text,)),))
    assert text in [one.text for one in written(what).paragraphs]
    written(what, minutes_docx.write_book_page)


def test_the_minutes_say_what_was_said_voted_and_resolved(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    record = hall.ready(RecordKind.BRANCH_CONGRESS, conclusion="同意印发")
    at(NINE + HOUR)
    hall.say(record, "几点供水？")
    record = hall.again(record.id)
    ballot = Ballot("楼道公约", VoteBasis.COMMITTEE, VoteMethod.HANDS, 5, 4, 1, listed=5)
    enter_vote(record=record, ballot=ballot, actor=hall.recorder)
    resolve(record=record, text="印发公约", owner="组织委员", due_on=None, actor=hall.recorder)
    factories.commit()
    recorder = as_("recorder")
    answer = recorder.client.get(f"/events/{record.event_id}/minutes.docx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    text = "\n".join(one.text for one in Document(BytesIO(answer.data)).paragraphs)
    assert "草稿，主持人和记录人尚未都确认" in text
    assert "1. 党员测试甲（汕头路社区第一党支部）【问题】：几点供水？" in text
    assert "赞成 4 票，反对 1 票，弃权 0 票，通过" in text
    assert "1. 印发公约。由组织委员落实。" in text
    assert "缺席：" in text
    record = hall.finish(record)
    add(record=hall.again(record.id), text="会议室为二楼。", actor=hall.with_grants(hall.recorder))
    factories.commit()
    answer = recorder.client.get(f"/records/{record.id}/book-page.docx")
    document = Document(BytesIO(answer.data))
    cells = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert cells["会议名称"].startswith("物业服务座谈会")
    assert "几点供水？" in cells["讨论发言"]
    assert "会议室为二楼。" in cells["补充说明"]
    assert "草稿" not in "".join(one.text for one in document.paragraphs)


def test_there_are_no_minutes_before_there_is_a_record(hall: Hall, as_: As, at: At) -> None:
    event = hall.seminar()
    at(NINE)
    page = as_("recorder").get(f"/events/{event.id}/minutes.docx")
    assert page.status == 404
    assert "还没有记录" in page.alert


@pytest.fixture
def soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        left_out("libreoffice", "no soffice on this machine")
    return str(found)


def test_libreoffice_lays_out_22_lines_of_28_characters(soffice: str, tmp_path: Path) -> None:
    body = "一二三四五六七八九十" * 140
    file = tmp_path / "minutes.docx"
    with file.open("wb") as stream:
        minutes_docx.write(minutes(sections=(Section("一、议题", (body,)),)), stream)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{tmp_path / 'office'}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    reader = shutil.which("pdftotext")
    if reader is None:
        left_out("libreoffice", "no pdftotext on this machine")
    done = subprocess.run(
        [str(reader), "-f", "2", "-l", "2", "-layout", str(file.with_suffix(".pdf")), "-"],
        check=True,
        capture_output=True,
    )
    lines = [line.replace(" ", "") for line in done.stdout.decode().splitlines() if line.strip()]
    *text, number = [line for line in lines if line.strip("\f")]
    assert number == "—2—"
    assert [len(line) for line in text] == [28] * 22
