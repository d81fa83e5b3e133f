"""Uploading with a plain form, scripts off."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.materials import storage
from portal.materials.models import Material, MaterialKind
from tests.factories import Street
from tests.materials import samples
from tests.materials.conftest import Put
from tests.page import Browser, Page


def sent(browser: Browser, *files: tuple[bytes, str], **changes: Any) -> Page:
    form = browser.get("/materials/new").form("/materials/new")
    given = [(io.BytesIO(content), name) for content, name in files]
    return browser.submit(form, file=given, **changes)


def kept() -> list[tuple[str, str]]:
    rows = db.session.execute(db.select(Material.title, Material.kind).order_by(Material.id))
    return [(title, kind.value) for title, kind in rows]


def test_a_file_is_uploaded_and_shown(browser: Browser, any_database: str, street: Street) -> None:
    page = sent(browser.sign_in("secretary"), (samples.pdf(), "情景党课讲稿.pdf"))
    assert page.h1 == "情景党课讲稿"
    assert "已上传" in page.text
    assert kept() == [("情景党课讲稿", "document")]


def test_many_are_uploaded_at_once(browser: Browser, street: Street) -> None:
    files = [(samples.picture(), "一.png"), (samples.docx(), "二.docx"), (samples.wav(), "三.wav")]
    page = sent(browser.sign_in("secretary"), *files)
    assert "已上传 3 个文件" in page.text
    assert [kind for _, kind in kept()] == ["picture", "document", "audio"]


def test_the_page_names_kinds_and_sizes_before_the_upload(
    browser: Browser, app: Flask, street: Street
) -> None:
    app.config["PORTAL_MAX_VIDEO_MB"] = 300
    page = browser.sign_in("secretary").get("/materials/new")
    for kind in MaterialKind:
        assert kind.label in page.text
    assert "最大 300 MB" in page.text
    assert "MP4" in page.text
    assert "涉密" in page.text


HOSTILE = [
    (samples.page(), "照片.jpg", "网页"),
    (samples.svg_with_script(), "图.svg", "SVG"),
    (samples.gif_and_script(), "图.gif", "藏有网页或脚本"),
    (samples.pdf_and_page(), "稿.pdf", "藏有网页或脚本"),
    (samples.bomb(9000, 7000), "大.png", "9000 × 7000 像素"),
    (b"", "空.docx", "空的"),
    (b"MZ" + bytes(100), "课件.pptx", "程序"),
]


@pytest.mark.parametrize(("content", "name", "words"), HOSTILE)
def test_a_hostile_file_is_answered_with_a_sentence_and_leaves_nothing(
    browser: Browser, app: Flask, street: Street, content: bytes, name: str, words: str
) -> None:
    page = sent(browser.sign_in("secretary"), (content, name))
    assert page.status == 422
    assert words in page.alert
    assert name in page.alert
    assert kept() == []
    files = Path(app.instance_path) / "files"
    assert [path for path in files.rglob("*") if path.is_file() and path.name != "lock"] == []


def test_a_good_file_among_bad_ones_is_kept_and_both_are_told(
    browser: Browser, street: Street
) -> None:
    page = sent(browser.sign_in("secretary"), (samples.pdf(), "好.pdf"), (samples.page(), "坏.jpg"))
    assert page.status == 422
    assert "坏.jpg" in page.alert
    assert "好.pdf" in page.links()
    assert kept() == [("好", "document")]


def test_a_path_for_a_name_leads_nowhere(browser: Browser, app: Flask, street: Street) -> None:
    sent(browser.sign_in("secretary"), (samples.pdf(), "../../../../tmp/evil.pdf"))
    assert kept() == [("evil", "document")]
    assert not Path("/tmp/evil.pdf").exists()


def test_a_name_of_three_hundred_characters_is_shortened(browser: Browser, street: Street) -> None:
    page = sent(browser.sign_in("secretary"), (samples.pdf(), "长" * 300 + ".pdf"))
    assert page.status == 200
    assert kept() == [("长" * 120, "document")]
    assert db.session.scalars(db.select(Material.filename)).one().endswith("长.pdf")


def test_a_duplicate_leads_to_the_one_that_is_there(browser: Browser, put: Put) -> None:
    material = put(title="原来的一份")
    page = sent(browser.sign_in("secretary"), (samples.pdf(), "又一份.pdf"))
    assert page.h1 == "原来的一份"
    assert "资料库里已经有这个文件" in page.text
    page = sent(browser, (samples.pdf(), "又一份.pdf"), (samples.picture(), "新.png"))
    assert "没有重复保存：又一份.pdf" in page.text
    assert db.session.query(Material).filter(Material.file_id == material.file_id).count() == 1


def test_no_file_is_said_beside_the_field(browser: Browser, street: Street) -> None:
    page = sent(browser.sign_in("secretary"), (b"", ""))
    assert page.status == 422
    assert "请先选择文件" in page.errors()["file"]


def test_nobody_uploads_for_another_part_of_the_tree(browser: Browser, street: Street) -> None:
    page = sent(browser.sign_in("secretary"), (samples.pdf(), "x.pdf"), owner=str(street.haikou.id))
    assert page.status == 422
    assert kept() == []


def test_a_body_beyond_all_limits_is_refused(browser: Browser, app: Flask, street: Street) -> None:
    for kind in ("PICTURE", "DOCUMENT", "AUDIO", "VIDEO"):
        app.config[f"PORTAL_MAX_{kind}_MB"] = 1
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    response = browser.sign_in("secretary").client.post(
        "/materials/new",
        input_stream=io.BytesIO(b"x" * 3 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 413
    assert "文件太大" in response.get_data(as_text=True)


def test_only_who_is_signed_in_sends_more_than_a_form(
    browser: Browser, app: Flask, street: Street
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    large = {"file": (io.BytesIO(b"x" * 200_000), "x.txt")}
    assert browser.client.post("/materials/new", data=large).status_code == 413


def test_a_full_disk_is_said_and_nothing_is_lost(
    browser: Browser, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "LEAST_FREE_BYTES", 2**62)
    page = sent(browser.sign_in("secretary"), (samples.pdf(), "x.pdf"))
    assert page.status == 409
    assert "存储空间不够" in page.alert
    assert kept() == []
