"""Certificates: one page, a code that proves them, and nothing more than that to strangers."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import db
from portal.events.models import Event
from portal.hours import papers, services
from portal.hours.models import HourCertificate
from portal.hours.services.certifying import ALPHABET
from portal.hours.statement import MOST_LINES, statement
from tests.hours.conftest import HOUR, NINE, At, Count, Gathering
from tests.page import Browser, Page

CHECK = "https://portal.example/hours/check"


def issued(browser: Browser, year: int = 2026) -> Page:
    return browser.submit(browser.get("/hours/", year=year).form("/hours/certificates"))


def only() -> HourCertificate:
    db.session.rollback()
    return db.session.scalars(select(HourCertificate)).one()


@pytest.fixture
def attended(gathering: Gathering, at: At, count: Count) -> Gathering:
    """Somebody (a) has two hours."""
    event = gathering.lesson()
    at(NINE + 3 * HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    gathering.confirm(event)
    count()
    return gathering


def test_it_says_what_is_confirmed_and_prints_on_one_page(
    attended: Gathering, app: Flask, any_database: str
) -> None:
    page = issued(Browser(app).sign_in("a"))
    assert page.status == 200
    made = only()
    for words in (attended.a.name, "汕头路社区第一党支部", "2026年度", "累计 2 学时", made.number):
        assert words in page.text
    assert made.code_words in page.text
    assert "盖章" in page.text
    assert len(made.code) == 12
    assert set(made.code) <= set(ALPHABET)
    # The same again is the same certificate.
    issued(Browser(app).sign_in("a"))
    assert only().id == made.id


def test_without_anything_confirmed_there_is_none(gathering: Gathering, app: Flask, at: At) -> None:
    at(NINE)
    me = Browser(app).sign_in("a")
    assert "出具学时证明" not in me.get("/hours/").text
    answer = me.post("/hours/certificates", {"year": 2026, "person": gathering.a.id})
    assert answer.status == 409


def test_strangers_prove_it_and_learn_no_more(attended: Gathering, app: Flask) -> None:
    issued(Browser(app).sign_in("a"))
    code = only().code_words
    stranger = Browser(app)
    form = stranger.get("/hours/check").form("/hours/check")
    for typed in (code, code.lower().replace("-", " ")):
        page = stranger.submit(form, code=typed)
        assert page.by("data-check", "valid")
        for words in ("有效", f"{attended.a.name[0]}某", "2026", "2"):
            assert words in page.text
        assert attended.a.name not in page.text
        assert "支部" not in page.find_all("main")[0].itertext().__next__()
    wrong = stranger.submit(form, code="AAAA-BBBB-CCCC")
    assert wrong.status == 404
    assert "没有这个查验码" in wrong.alert


def test_guessing_comes_to_nothing(attended: Gathering, app: Flask) -> None:
    app.config["PORTAL_HOURS_CHECKS"] = 3
    app.extensions.pop("hours_check_rates", None)
    stranger = Browser(app)
    found = [stranger.get("/hours/check", code=f"AAAABBBBCCC{n}").status for n in range(2, 7)]
    assert found[:3] == [404, 404, 404]
    assert found[-1] == 429
    assert stranger.get("/hours/check").status == 200
    app.extensions.pop("hours_check_rates", None)


def test_what_was_corrected_since_is_said_and_a_new_one_issued(
    attended: Gathering, app: Flask, at: At, count: Count
) -> None:
    me = Browser(app).sign_in("a")
    issued(me)
    code = only().code
    event = db.session.scalars(select(Event)).one()
    attended.mark(event, attended.a, "left_early", reason="提前离场")
    count()
    page = Browser(app).get("/hours/check", code=code)
    assert page.by("data-check", "corrected")
    assert "更正" in page.text
    fresh = issued(me)
    assert "累计 1 学时" in fresh.text
    db.session.rollback()
    assert len(db.session.scalars(select(HourCertificate)).all()) == 2


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("a", 200),
        ("branch", 200),
        ("secretary", 200),
        ("b", 404),
        ("secretary2", 404),
        ("recorder", 404),
    ],
)
def test_it_is_opened_by_its_owner_and_the_secretaries(
    attended: Gathering, app: Flask, who: str, status: int
) -> None:
    issued(Browser(app).sign_in("a"))
    browser, number = Browser(app).sign_in(who), only().id
    assert browser.get(f"/hours/certificates/{number}").status == status
    pdf = browser.get(f"/hours/certificates/{number}/certificate.pdf").status
    assert pdf == (409 if status == 200 else 404)
    if who == "b":
        answer = browser.post("/hours/certificates", {"person": attended.a.id, "year": 2026})
        assert answer.status == 404


def test_a_long_year_still_fits_on_one_page() -> None:
    entries = [
        {
            "title": f"第 {n} 次主题党日活动",
            "day": "2026-03-01",
            "place": "党群服务中心",
            "host": "汕头路社区党委",
            "halves": 3,
            "source": "主题党日",
        }
        for n in range(60)
    ]
    said = statement(
        number="XS-2026-000001",
        code="ABCD-EFGH-JKMN",
        name="党员测试甲",
        unit_name="汕头路社区第一党支部",
        year=2026,
        halves=180,
        owed_halves=64,
        lines=json.dumps(entries),
        issued_at=datetime(2026, 12, 20, tzinfo=UTC),
    )
    assert len(said.lines) == MOST_LINES
    assert "其余 43 次" in said.lines[-1][1]
    halves = [float(line[-1]) for line in said.lines]
    assert sum(halves) == 90 == float(said.total)


def test_without_libreoffice_the_page_is_printed(
    attended: Gathering, app: Flask, count: Count
) -> None:
    app.config["PORTAL_SOFFICE"] = "/nowhere/soffice"
    me = Browser(app).sign_in("a")
    issued(me)
    count()
    page = me.get(f"/hours/certificates/{only().id}")
    assert "请直接打印这一页" in page.text


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice is installed")
def test_the_pdf_is_one_page_with_every_name_in_it(
    attended: Gathering, app: Flask, count: Count, tmp_path: Path
) -> None:
    person = attended.a
    person.name = "龚䶮测试"
    me = Browser(app).sign_in("a")
    issued(me)
    number = only().id
    count()
    response = me.client.get(f"/hours/certificates/{number}/certificate.pdf", buffered=True)
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    assert response.get_data().startswith(b"%PDF")
    assert "attachment" in response.headers["Content-Disposition"]
    if shutil.which("pdfinfo"):
        told = subprocess.run(
            ["pdfinfo", str(papers.path_of(number))], capture_output=True, text=True, check=True
        ).stdout
        assert "Pages:           1" in told
        assert "A4" in told
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", str(papers.path_of(number)), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "龚䶮测试" in text
        assert only().code_words in text
    assert services.written_code(only().code_words) == only().code
