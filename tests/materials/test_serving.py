"""Sending files: rights, parts, names, headers, and who took what."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.database import db
from portal.materials import queries
from portal.materials.models import Material, StoredFile
from tests.factories import Street
from tests.materials import samples
from tests.materials.conftest import Put
from tests.page import Browser


def noted(action: str) -> list[tuple[str, str]]:
    rows = db.session.execute(
        db.select(AuditEntry.actor_name, AuditEntry.details)
        .where(AuditEntry.action == action)
        .order_by(AuditEntry.id)
    )
    return [(name, json.loads(details)["title"]) for name, details in rows]


def file_of(material: Material) -> StoredFile:
    return queries.material(material.id).file


@pytest.fixture
def film(put: Put) -> Material:
    return put(samples.mp4(film=bytes(range(256)) * 4000), "录像.mp4", title="第三讲：录像")


def test_a_download_bears_its_chinese_name_and_is_noted(
    browser: Browser, any_database: str, film: Material
) -> None:
    browser.sign_in("secretary")
    response = browser.client.get(f"/materials/{film.id}/download", buffered=True)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"file.mp4\"; filename*=UTF-8''" + quote("第三讲：录像.mp4")
    )
    assert len(response.data) == file_of(film).size
    assert noted("material.downloaded") == [("书记测试甲", "第三讲：录像")]


def test_no_file_is_run_sniffed_or_framed_elsewhere(browser: Browser, film: Material) -> None:
    browser.sign_in("secretary")
    for way in ("content", "download"):
        headers = browser.client.get(f"/materials/{film.id}/{way}", buffered=True).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_paper_stays_in_no_shared_browser_and_starts_no_script(
    browser: Browser, put: Put
) -> None:
    material = put()
    headers = (
        browser.sign_in("secretary")
        .client.get(f"/materials/{material.id}/content", buffered=True)
        .headers
    )
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"].startswith("inline")
    assert headers["Content-Type"] == "application/pdf"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy  # read in a page of ours


def test_a_film_is_sent_in_the_part_that_is_asked_for(browser: Browser, film: Material) -> None:
    browser.sign_in("secretary")
    path = f"/materials/{film.id}/content"
    whole = browser.client.get(path, buffered=True).data
    part = browser.client.get(path, headers={"Range": "bytes=1000-1999"}, buffered=True)
    assert part.status_code == 206
    assert part.data == whole[1000:2000]
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
    tail = browser.client.get(path, headers={"Range": "bytes=-10"}, buffered=True)
    assert (tail.status_code, tail.data) == (206, whole[-10:])
    beyond = browser.client.get(path, headers={"Range": f"bytes={len(whole)}-"}, buffered=True)
    assert beyond.status_code == 416


def test_a_part_of_another_version_is_not_mixed_in(browser: Browser, film: Material) -> None:
    browser.sign_in("secretary")
    path = f"/materials/{film.id}/content"
    asked = {"Range": "bytes=10-19", "If-Range": '"something else"'}
    assert browser.client.get(path, headers=asked, buffered=True).status_code == 200


def test_what_has_not_changed_is_not_sent_again(browser: Browser, film: Material) -> None:
    browser.sign_in("secretary")
    path = f"/materials/{film.id}/content"
    tag = browser.client.get(path, buffered=True).headers["ETag"]
    again = browser.client.get(path, headers={"If-None-Match": tag}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    assert tag == f'"{file_of(film).digest}"'


def test_playing_is_noted_once_however_much_one_seeks(browser: Browser, film: Material) -> None:
    browser.sign_in("secretary")
    path = f"/materials/{film.id}/content"
    for asked in ("bytes=0-", "bytes=5000-", "bytes=100-200"):
        browser.client.get(path, headers={"Range": asked}, buffered=True)
    assert noted("material.opened") == [("书记测试甲", "第三讲：录像")]


def test_what_cannot_be_shown_is_downloaded_whatever_is_asked(browser: Browser, put: Put) -> None:
    material = put(samples.docx(), "x.docx")
    response = browser.sign_in("secretary").client.get(
        f"/materials/{material.id}/content", buffered=True
    )
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert noted("material.downloaded") == [("书记测试甲", "x")]


def test_a_text_never_reaches_the_browser_as_a_page(browser: Browser, put: Put) -> None:
    material = put(b"just words", "x.txt")
    response = browser.sign_in("secretary").client.get(
        f"/materials/{material.id}/content", buffered=True
    )
    assert response.mimetype == "text/plain"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_who_may_not_read_it_is_told_that_there_is_none(browser: Browser, film: Material) -> None:
    browser.sign_in("d")
    for way in ("", "/content", "/download", "/thumbnail/320"):
        assert browser.client.get(f"/materials/{film.id}{way}", buffered=True).status_code == 404
    assert noted("material.downloaded") == []


def test_a_thumbnail_is_made_once(browser: Browser, app: Flask, put: Put) -> None:
    material = put(samples.picture("JPEG", (2000, 1500)), "x.jpg")
    browser.sign_in("secretary")
    first = browser.client.get(f"/materials/{material.id}/thumbnail/320", buffered=True)
    assert (first.status_code, first.mimetype) == (200, "image/webp")
    made = list((Path(app.instance_path) / "files").glob("??/*.320.webp"))
    assert len(made) == 1
    made[0].write_bytes(b"RIFF")
    assert (
        browser.client.get(f"/materials/{material.id}/thumbnail/320", buffered=True).data == b"RIFF"
    )
    assert (
        browser.client.get(f"/materials/{material.id}/thumbnail/99999", buffered=True).status_code
        == 404
    )


def test_the_proxy_sends_the_file_where_it_can(
    browser: Browser, app: Flask, street: Street, film: Material
) -> None:
    app.config["PORTAL_X_ACCEL"] = "/_files/"
    browser.sign_in("secretary")
    response = browser.client.get(f"/materials/{film.id}/download", buffered=True)
    digest = file_of(film).digest
    assert response.headers["X-Accel-Redirect"] == f"/_files/{digest[:2]}/{digest}"
    assert response.data == b""
    assert response.headers["Content-Type"] == "video/mp4"
    assert noted("material.downloaded")
