"""Importing in the browser: upload, preview, confirm, report; own files only."""

import csv
import io
import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.people.models import Organisation, Person, Role
from tests.factories import Street, account, commit, grant, person
from tests.page import Browser, Form, Page
from tests.people.imports.sheets import (
    BRANCH_FAR,
    BRANCH_ONE,
    BRANCH_TWO,
    ORGANISATION_HEADER,
    member,
    roster,
    workbook,
)


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def upload(
    browser: Browser, content: bytes, *, kind: str = "people", name: str = "花名册.xlsx"
) -> Page:
    """Send a file through the form of the page and arrive where it leads."""
    form = browser.get(f"/{kind}/import").form(f"/{kind}/import")
    file = (io.BytesIO(content), name)
    response = browser.client.post(form.action, data={**form.fields, "file": file})
    response.request.environ["wsgi.input"].close()  # a temporary file, for a big upload
    return browser._arrive(response, htmx=False)


def address(page: Page) -> str:
    return page.response.request.path


def counts(page: Page) -> dict[str, int]:
    return {
        element.attrib["data-count"]: int(element.text or "") for element in page.by("data-count")
    }


def people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def waiting_files(app: Flask) -> list[Path]:
    return sorted((Path(app.instance_path) / "imports").glob("*"))


def test_a_roster_is_looked_at_confirmed_and_reported(
    any_database: str, street: Street, browser: Browser
) -> None:
    browser.sign_in("office")
    before = people()
    page = upload(
        browser,
        roster(
            member("王䶮", values={"党内职务": "组织委员", "手机号码": "19912345678"}),
            member("李好", "没有的支部"),
            member("阿依古丽・买买提", BRANCH_FAR),
        ),
    )
    assert page.h1 == "导入花名册：预览"
    assert counts(page) == {"created": 2, "changed": 0, "unchanged": 0, "refused": 1}
    assert "“花名册.xlsx”里有 3 行" in page.text
    (dropped,) = page.by("data-dropped")
    assert dropped.get("data-dropped") == "民族"
    (refused,) = page.by("data-refused-row")
    assert refused.get("data-refused-row") == "5"
    assert "没有“没有的支部”这个组织" in page.text
    assert "199****5678" in page.text
    assert "19912345678" not in page.html
    assert people() == before

    report = browser.submit(page.form(address(page)))
    assert report.h1 == "导入花名册：结果"
    assert counts(report) == {"created": 2, "changed": 0, "unchanged": 0, "refused": 1}
    assert people() == before + 2
    assert "阿依古丽·买买提" in db.session.scalars(select(Person.name)).all()


def test_changes_are_shown_from_old_to_new(street: Street, browser: Browser) -> None:
    browser.sign_in("office")
    page = upload(browser, roster(member("王䶮", values={"手机号码": "19900009999"})))
    browser.submit(page.form(address(page)))
    page = upload(browser, roster(member("王䶮", BRANCH_TWO, values={"手机号码": "19900009999"})))
    (row,) = page.by("data-changed-row")
    assert f"所在党组织：{BRANCH_ONE} → {BRANCH_TWO}" in "".join(row.itertext())


def test_a_file_that_changes_nothing_offers_nothing_to_confirm(
    street: Street, browser: Browser
) -> None:
    browser.sign_in("office")
    page = upload(browser, roster(member("王䶮")))
    browser.submit(page.form(address(page)))
    again = upload(browser, roster(member("王䶮")))
    assert "没有可以新增或改动的内容" in again.text
    assert not [form for form in again.forms() if form.action == address(again)]


def test_organisations_come_in_the_same_way(street: Street, browser: Browser) -> None:
    browser.sign_in("sysadmin")
    page = upload(
        browser,
        workbook(ORGANISATION_HEADER, ("ZHL-03", "辛家庄社区党委", "community", "ZHL")),
        kind="organisations",
    )
    assert counts(page)["created"] == 1
    assert "辛家庄社区党委" in page.text
    report = browser.submit(page.form(address(page)))
    assert report.h1 == "导入组织：结果"
    assert db.session.scalars(select(Organisation.id).where(Organisation.code == "ZHL-03")).one()


def test_the_refused_rows_come_as_a_csv_that_spreadsheet_programs_open(
    street: Street, browser: Browser
) -> None:
    browser.sign_in("office")
    page = upload(browser, roster(member("=1+1"), member("王䶮", "没有"), member("李好")))
    for _ in ("before", "after"):
        response = browser.client.get(f"{address(page)}/refused.csv")
        assert response.data.startswith(b"\xef\xbb\xbf")
        assert "attachment" in response.headers["Content-Disposition"]
        rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
        assert rows[0] == ["行号", "列", "原因"]
        assert [row[0] for row in rows[1:]] == ["4", "5"]
        assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)
        browser.post(address(page))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "请选择一个"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "另存为 .xlsx"),
        (b"<html></html>", "不是电子表格"),
        (workbook(("甲", "乙")), "没有找到表头"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    street: Street, browser: Browser, content: bytes, words: str
) -> None:
    browser.sign_in("office")
    page = upload(browser, content, name="" if not content else "x.xlsx")
    assert page.status == 422
    assert words in page.errors()["file"]


def test_fifty_megabytes_are_refused_with_a_sentence(street: Street, browser: Browser) -> None:
    browser.sign_in("office")
    page = upload(browser, b"0" * 50 * 1024 * 1024)
    assert page.status == 413
    assert "超过了允许的大小" in page.alert
    page = upload(browser, b"0" * 11 * 1024 * 1024)
    assert page.status == 422
    assert "10 MB" in page.errors()["file"]


def test_what_a_cell_says_never_becomes_markup(street: Street, browser: Browser) -> None:
    browser.sign_in("office")
    evil = "<script>alert(1)</script>"
    page = upload(browser, roster(member("王䶮", evil, values={"备注": evil})), name=f"{evil}.xlsx")
    assert "&lt;script&gt;" in page.html
    assert evil not in page.html


def test_a_community_secretary_imports_into_the_own_community_only(
    street: Street, browser: Browser
) -> None:
    browser.sign_in("secretary")
    page = upload(browser, roster(member("王䶮"), member("李好", BRANCH_FAR)))
    assert counts(page) == {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert "不在您管理的组织范围内" in page.text
    browser.submit(page.form(address(page)))
    assert "李好" not in db.session.scalars(select(Person.name)).all()


NEITHER = ("branch", "recorder", "keeper", "secadmin", "auditor", "a")


@pytest.mark.parametrize(
    ("kind", "username"),
    [
        *(("people", username) for username in (*NEITHER, "sysadmin")),
        *(("organisations", username) for username in (*NEITHER, "secretary")),
    ],
)
def test_others_may_not_import(street: Street, browser: Browser, kind: str, username: str) -> None:
    browser.sign_in(username)
    assert browser.get(f"/{kind}/import").status == 403
    assert browser.post(f"/{kind}/import").status == 403
    token = "x" * 32
    assert browser.get(f"/{kind}/import/{token}").status == 403
    assert browser.post(f"/{kind}/import/{token}").status == 403
    assert browser.post(f"/{kind}/import/{token}/discard").status == 403
    assert browser.client.get(f"/{kind}/import/{token}/refused.csv").status_code == 403


def test_an_office_that_becomes_system_administrator_sees_its_roster_no_more(
    street: Street, browser: Browser
) -> None:
    page = upload(browser.sign_in("office"), roster(member("王䶮")))
    grant(street.office, Role.SYSTEM_ADMINISTRATOR)
    commit()
    assert browser.get(address(page)).status == 403
    assert browser.client.get(f"{address(page)}/refused.csv").status_code == 403


def test_nobody_else_sees_or_confirms_an_upload(
    street: Street, app: Flask, browser: Browser
) -> None:
    page = upload(browser.sign_in("office"), roster(member("王䶮")))
    before = people()
    other = Browser(app).sign_in("secretary")
    assert other.get(address(page)).status == 404
    assert other.post(address(page)).status == 404
    assert other.post(f"{address(page)}/discard").status == 404
    assert other.client.get(f"{address(page)}/refused.csv").status_code == 404
    assert people() == before
    assert browser.get(address(page)).status == 200
    assert browser.get(address(page).replace("people", "organisations")).status == 404


@pytest.mark.parametrize("token", ["x" * 32, "..%2f..%2fsecret_key", "short", "x" * 33])
def test_a_token_that_nobody_got_leads_nowhere(
    street: Street, browser: Browser, token: str
) -> None:
    assert browser.sign_in("office").get(f"/people/import/{token}").status == 404


def test_an_upload_waits_an_hour_and_no_longer(
    street: Street, app: Flask, browser: Browser
) -> None:
    page = upload(browser.sign_in("office"), roster(member("王䶮")))
    (file,) = waiting_files(app)
    assert file.stat().st_mode & 0o077 == 0
    assert re.fullmatch(r"[0-9a-f]{64}\.upload", file.name)
    long_ago = clock.now().timestamp() - 3601
    os.utime(file, (long_ago, long_ago))
    assert browser.get(address(page)).status == 404
    assert browser.post(address(page)).status == 404
    upload(browser, roster(member("李好")))
    assert len(waiting_files(app)) == 1


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("people", roster(member("王䶮"))),
        ("organisations", workbook(ORGANISATION_HEADER, ("A", "甲单位", "unit", "ZHL"))),
    ],
    ids=["people", "organisations"],
)
def test_a_discarded_upload_is_gone(
    street: Street, app: Flask, browser: Browser, kind: str, content: bytes
) -> None:
    page = upload(browser.sign_in("office"), content, kind=kind)
    assert browser.client.get(f"{address(page)}/refused.csv").status_code == 200
    after = browser.submit(page.form("/discard"))
    assert "已放弃" in after.text
    assert waiting_files(app) == []
    assert browser.get(address(page)).status == 404


def test_confirming_twice_imports_once(street: Street, browser: Browser) -> None:
    page = upload(browser.sign_in("office"), roster(member("王䶮")))
    before = people()
    for _ in range(2):
        report = browser.submit(page.form(address(page)))
        assert counts(report)["created"] == 1
    assert people() == before + 1


def test_two_clicks_at_the_same_moment_import_once(
    any_database: str, street: Street, app: Flask, browser: Browser
) -> None:
    page = upload(browser.sign_in("office"), roster(member("王䶮")))
    form = page.form(address(page))
    before = people()
    answers: list[int] = []

    cookie = browser.client.get_cookie("portal")
    assert cookie is not None
    headers = {"Cookie": f"portal={cookie.value}"}

    def click() -> None:
        one = app.test_client(use_cookies=False)
        answers.append(one.post(form.action, data=form.fields, headers=headers).status_code)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert people() == before + 1
    assert 302 in answers
    assert set(answers) <= {302, 404, 409}


def test_the_first_organisations_imported_by_two_at_once(
    any_database: str, app: Flask, browser: Browser
) -> None:
    table = workbook(
        ORGANISATION_HEADER,
        ("ZHL", "珠海路街道党工委", "sub_district", None),
        ("ZHL-01", "汕头路社区党委", "community", "ZHL"),
    )
    confirmations = []
    for username in ("first", "second", "third"):
        keeper = person(username)
        account(keeper, username)
        grant(keeper, Role.SYSTEM_ADMINISTRATOR)
        commit()
        theirs = Browser(app).sign_in(username)
        page = upload(theirs, table, kind="organisations")
        confirmations.append((theirs, page.form(address(page))))
    start = threading.Barrier(len(confirmations))
    answers: list[int] = []

    def confirm(theirs: Browser, form: Form) -> None:
        start.wait(10)
        answers.append(theirs.client.post(form.action, data=form.fields).status_code)

    threads = [threading.Thread(target=confirm, args=one) for one in confirmations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302, 302]
    found = [counts(theirs.get(form.action)) for theirs, form in confirmations]
    assert sorted((one["created"], one["unchanged"]) for one in found) == [(0, 2), (0, 2), (2, 0)]
    assert sorted(db.session.scalars(select(Organisation.code))) == ["ZHL", "ZHL-01"]


def test_what_changed_since_the_preview_is_seen_at_the_confirmation(
    street: Street, app: Flask, browser: Browser
) -> None:
    page = upload(browser.sign_in("office"), roster(member("王䶮")))
    other = Browser(app).sign_in("secretary")
    theirs = upload(other, roster(member("王䶮")))
    other.submit(theirs.form(address(theirs)))
    before = people()
    report = browser.submit(page.form(address(page)))
    assert counts(report) == {"created": 0, "changed": 0, "unchanged": 1, "refused": 0}
    assert people() == before


def test_if_writing_fails_the_upload_waits_on(
    street: Street, app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(browser.sign_in("office"), roster(member("王䶮")))
    before = people()

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", broken)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.testing = False
        assert browser.post(address(page)).status == 500
    assert people() == before
    report = browser.submit(browser.get(address(page)).form(address(page)))
    assert counts(report)["created"] == 1
