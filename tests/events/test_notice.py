"""An event on paper: the notice as a page and as .docx, and the poster."""

import shutil
import subprocess
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Pt
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.database import db
from portal.events import agenda, agenda_rows, notice_docx, queries
from portal.events.agenda import AgendaRow
from portal.events.models import Audience, Event, EventDueOrganisation, EventKind, EventState
from portal.events.notice import Notice, Section, notice, without_mobile
from tests import factories
from tests.factories import Street
from tests.instances import left_out
from tests.page import Browser, text_of

NINE = clock.from_local(datetime(2027, 3, 5, 9, 0))  # noqa: DTZ001
HOSTILE = "<b>“&']]>\x0b𬱖䶮·" + "字" * 90


@pytest.fixture
def event(app: Flask) -> Event:
    street = Street()
    made = factories.event(
        street.shantou,
        street.secretary,
        title="小区里的红色物业",
        starts_at=NINE,
        audience=Audience.DUE,
        place="红色书屋",
        contact="党群服务中心 0532-12345678，13900001234",
        summary="先听课。\n再看现场。",
        note="自带水杯",
        capacity=40,
        published_at=clock.from_local(datetime(2027, 2, 9, 8, 0)),  # noqa: DTZ001
    )
    for branch in (street.branch_one, street.branch_two):
        db.session.add(EventDueOrganisation(event_id=made.id, organisation_id=branch.id))
    agenda_rows.replace([made.id], [AgendaRow("签到", "", 20), AgendaRow("讲课", "测试主讲", 60)])
    factories.commit()
    return made


def downloaded(browser: Browser, event: Event) -> Any:
    response = browser.client.get(f"/events/{event.id}/notice.docx")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    return Document(BytesIO(response.get_data()))


def test_the_docx_is_an_official_document(browser: Browser, event: Event) -> None:
    document = downloaded(browser.sign_in("a"), event)
    section = document.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    millimetres = [round(length.mm) for length in (*lengths, section.left_margin)]
    assert [*millimetres, round(section.right_margin.mm)] == [210, 297, 37, 35, 28, 26]
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts[0] == "关于举办“小区里的红色物业”的通知"
    assert texts[1] == "汕头路社区第一党支部、汕头路社区第二党支部："
    assert "一、时间：2027年3月5日（星期五）9:00至11:00。" in texts
    assert "二、地点：红色书屋。" in texts
    assert "9:20–10:20 讲课（测试主讲）" in texts
    assert "自带水杯" in texts
    assert texts[-2:] == ["汕头路社区党委", "2027年2月9日"]
    title = document.paragraphs[0].runs[0]
    assert title.font.size == Pt(22)
    body = next(paragraph for paragraph in document.paragraphs if paragraph.text == "自带水杯")
    assert body.runs[0].font.size == Pt(16)
    assert body.runs[0].font.name == "仿宋_GB2312"
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert body.paragraph_format.line_spacing == Pt(28.95)


def test_fonts_that_are_not_installed_have_others_in_their_place(
    browser: Browser, event: Event
) -> None:
    response = browser.sign_in("a").client.get(f"/events/{event.id}/notice.docx")
    with zipfile.ZipFile(BytesIO(response.get_data())) as file:
        table = file.read("word/fontTable.xml").decode()
        foot = next(file.read(name).decode() for name in file.namelist() if "footer" in name)
    assert 'w:name="仿宋_GB2312"' in table
    assert "FangSong" in table
    assert "PAGE" in foot


def test_no_personal_phone_gets_onto_paper(browser: Browser, event: Event) -> None:
    browser.sign_in("a")
    whole = "\n".join(paragraph.text for paragraph in downloaded(browser, event).paragraphs)
    pages = [browser.get(f"/events/{event.id}/{name}").text for name in ("notice", "poster")]
    for text in (whole, *pages):
        assert "0532-12345678" in text
        assert "13900001234" not in text


@pytest.mark.parametrize(
    ("contact", "left"),
    [
        ("张三 13900001234", "张三"),
        ("张三，139 0000 1234", "张三"),
        ("139-0000-1234", ""),
        ("总机 81012345678", "总机 81012345678"),
        ("0532-13900001", "0532-13900001"),
    ],
)
def test_only_mobile_numbers_are_left_out(contact: str, left: str) -> None:
    assert without_mobile(contact) == left


def test_the_page_says_what_the_file_says(browser: Browser, event: Event) -> None:
    page = browser.sign_in("a").get(f"/events/{event.id}/notice")
    shown = [text_of(part) for part in page.find_all("article")[0].iter("p")]
    written = [p.text for p in downloaded(browser, event).paragraphs if p.text]
    assert shown == written
    assert page.links()["下载文档"] == f"/events/{event.id}/notice.docx"


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("kind", [EventKind.MEETING, EventKind.SITE_VISIT, EventKind.FAIR])
def test_a_bare_event_has_a_notice_too(app: Flask, audience: Audience, kind: EventKind) -> None:
    street = Street()
    made = factories.event(
        street.shantou,
        street.secretary,
        audience=audience,
        kind=kind,
        place="",
        starts_at=NINE,
        ends_at=NINE + timedelta(days=2),
    )
    db.session.commit()
    written = notice(queries.event(made.id), [], [])
    headings = [section.heading[2:] for section in written.sections]
    assert headings == ["时间", "地点", "参加人员"]
    assert written.sections[1].line == "另行通知。"
    assert "至2027年3月7日9:00" in written.sections[0].line


def test_hostile_words_stay_words(browser: Browser, event: Event) -> None:
    event.title, event.summary = HOSTILE.replace("\x0b", ""), "=1+1\n<script>alert(1)</script>"
    document = downloaded(browser.sign_in("a"), event)
    assert "<script>alert(1)</script>" in [paragraph.text for paragraph in document.paragraphs]
    for name in ("notice", "poster"):
        page = browser.get(f"/events/{event.id}/{name}")
        assert "<script>alert(1)</script>" in page.text


@given(text=st.text(max_size=60))
def test_any_text_can_be_written(text: str) -> None:
    clean = "".join(c for c in text if c.isprintable())
    file = BytesIO()
    notice_docx.write(
        Notice(clean, clean, clean, (Section("一、", clean, (clean,)),), clean, clean), file
    )
    assert Document(file).paragraphs[0].text == clean


@pytest.mark.parametrize("size", ["", "a4", "a3", "b5"])
def test_the_poster_bears_a_code_that_leads_to_the_event(
    browser: Browser, event: Event, size: str
) -> None:
    page = browser.sign_in("a").get(f"/events/{event.id}/poster", size=size)
    assert page.by("class", "poster-qr")
    assert f"/events/{event.id}" in text_of(page.by("class", "poster-address")[0])
    chosen = [text_of(link) for link in page.by("aria-current", "page") if "A" in text_of(link)]
    assert chosen == ["A3" if size == "a3" else "A4"]
    assert ("paper-a3.css" in page.html) is (size == "a3")


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.POSTPONED])
def test_a_poster_of_what_is_off_says_so(browser: Browser, event: Event, state: EventState) -> None:
    event.state = state
    page = browser.sign_in("a").get(f"/events/{event.id}/poster")
    words = {"cancelled": "已取消", "postponed": "延期待定"}[state.value]
    assert words in text_of(page.by("class", "poster-when")[0])
    assert "9:00" not in text_of(page.by("class", "poster-when")[0])


@pytest.mark.parametrize("name", ["notice", "notice.docx", "poster"])
def test_who_may_not_see_the_event_gets_no_paper(browser: Browser, event: Event, name: str) -> None:
    assert browser.sign_in("d").client.get(f"/events/{event.id}/{name}").status_code == 404


def test_an_office_program_opens_the_notice(app: Flask, event: Event, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        left_out("libreoffice", "no soffice on this machine")
    whole = queries.event(event.id)
    source = tmp_path / "notice.docx"
    with source.open("wb") as file:
        rows = agenda.timed(agenda_rows.rows(event.id), event.starts_at)
        notice_docx.write(notice(whole, rows, []), file)
    subprocess.run(
        [str(program), "--headless", "--convert-to", "pdf", "--outdir", tmp_path, source],
        check=True,
        timeout=180,
        capture_output=True,
    )
    assert (tmp_path / "notice.pdf").read_bytes().startswith(b"%PDF")
