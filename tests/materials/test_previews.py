"""Previews of office files: made in the background, shown as a PDF, one for the same bytes."""

import io
import re
import shutil
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import time_machine
from docx import Document
from flask import Flask

from portal import clock
from portal.database import db
from portal.jobs import queries as jobs
from portal.jobs.models import JobState
from portal.jobs.running import run_next
from portal.materials import previews, queries, services
from tests.factories import Street
from tests.instances import left_out
from tests.materials import offices, samples
from tests.materials.conftest import Put
from tests.materials.test_serving import file_of, noted
from tests.page import Browser


def paper(text: str = "主题党课讲稿") -> bytes:
    document, content = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(content)
    return content.getvalue()


@pytest.fixture
def soffice() -> None:
    if shutil.which("soffice") is None:
        left_out("libreoffice", "no soffice on this machine")


def do_all(app: Flask) -> int:
    """Do what is due, as a worker would; return how many jobs that were."""
    db.session.rollback()  # the test reads nothing meanwhile
    count = 0
    while run_next(app, worker="test", is_stopping=lambda: False):
        count += 1
    return count


def state_of(digest: str) -> JobState | None:
    db.session.rollback()
    job = jobs.latest(previews.KIND, digest)
    return None if job is None else job.state


def test_an_office_file_is_read_in_the_page_once_its_preview_is_made(
    app: Flask, browser: Browser, street: Street, put: Put, soffice: None
) -> None:
    content = paper()
    material = put(content, "讲稿.docx", title="第三讲")
    address = f"/materials/{material.id}"
    page = browser.sign_in("secretary").get(address)
    assert "预览正在准备" in page.text
    assert page.find_all("section", **{"hx-get": address, "hx-trigger": "every 3s"})
    assert browser.client.get(f"{address}/preview").status_code == 404
    # The same bytes in another part of the library want no second preview.
    put(content, "同一份.docx", owner=street.haikou, actor=street.secretary2)
    assert do_all(app) == 1
    page = browser.get(address)
    assert [frame.get("src") for frame in page.find_all("iframe")] == [
        f"{address}/preview#view=FitH&navpanes=0"
    ]
    assert "every 3s" not in page.html
    sent = browser.client.get(f"{address}/preview", buffered=True)
    assert sent.data.startswith(b"%PDF-")
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["Content-Disposition"].startswith("inline")
    assert sent.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'self'" in sent.headers["Content-Security-Policy"]
    assert "script-src" not in sent.headers["Content-Security-Policy"]
    assert noted("material.opened") == [("书记测试甲", "第三讲")]
    # A preview goes with its file.
    place = previews.path_of(file_of(material))
    material = queries.material(material.id)
    for gone, actor in ((material, street.secretary), (None, street.secretary2)):
        one = gone or services.keep(
            stream=io.BytesIO(content), filename="x.docx", owner=street.haikou, actor=actor
        )
        services.archive(material=one, actor=actor)
        services.remove(material=one, actor=actor)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        services.sweep()
    assert not place.exists()


@pytest.mark.parametrize(
    ("part", "name", "content"),
    [
        ("calc", "名单.xlsx", offices.workbook("第一支部", "第二支部")),
        ("impress", "讲稿.pptx", offices.presentation("第一页", "第二页")),
    ],
)
def test_sheets_and_slides_are_read_in_the_page_too(
    app: Flask, browser: Browser, put: Put, part: str, name: str, content: bytes, soffice: None
) -> None:
    office = Path(shutil.which("soffice") or "").resolve().parent
    if not (office / f"pagein-{part}").exists():
        left_out("libreoffice", f"its {part} is not on this machine")
    material = put(content, name)
    do_all(app)
    page = browser.sign_in("secretary").get(f"/materials/{material.id}")
    assert page.find_all("iframe")
    sent = browser.client.get(f"/materials/{material.id}/preview", buffered=True)
    assert len(re.findall(rb"/Type/Page\b", sent.data)) == 2


def test_the_page_fills_in_the_preview_by_itself(
    app: Flask, browser: Browser, put: Put, soffice: None
) -> None:
    material = put(paper(), "讲稿.docx")
    browser.sign_in("secretary")
    do_all(app)
    part = browser.get(f"/materials/{material.id}", htmx=True)
    assert part.find_all("iframe")
    assert not part.whole


def test_where_no_converter_is_installed_the_page_says_so_until_there_is_one(
    app: Flask, browser: Browser, put: Put, soffice: None
) -> None:
    app.config["PORTAL_SOFFICE"] = "/nowhere/soffice"
    material = put(paper(), "讲稿.docx")
    digest = file_of(material).digest
    do_all(app)
    assert state_of(digest) is JobState.FAILED
    page = browser.sign_in("secretary").get(f"/materials/{material.id}")
    assert "没有可用的预览" in page.text
    previews.ask_for_missing()
    assert state_of(digest) is JobState.FAILED
    app.config["PORTAL_SOFFICE"] = ""
    previews.ask_for_missing()
    assert state_of(digest) is JobState.WAITING
    do_all(app)
    assert previews.path_of(file_of(material)).exists()


@pytest.mark.parametrize("makes", ["true", 'mkdir out && echo "<html>" > out/paper.pdf'])
def test_a_file_of_which_nothing_comes_has_no_preview_and_is_not_tried_for_ever(
    app: Flask, browser: Browser, put: Put, tmp_path: Path, makes: str
) -> None:
    converter, tried = tmp_path / "soffice", tmp_path / "tried"
    converter.write_text(f"#!/bin/sh\necho >> {tried}\n{makes}\n", encoding="utf-8")
    converter.chmod(0o755)
    app.config["PORTAL_SOFFICE"] = str(converter)
    material, moment = put(samples.docx(), "坏的.docx"), clock.now()
    for _ in range(5):
        with time_machine.travel(moment, tick=False):
            do_all(app)
        moment += timedelta(hours=7)
    assert len(tried.read_text().splitlines()) == 3
    page = browser.sign_in("secretary").get(f"/materials/{material.id}")
    assert "没有可用的预览" in page.text
    assert page.links()["下载"] == f"/materials/{material.id}/download"
    assert state_of(file_of(material).digest) is JobState.FAILED


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that notes who asks it for anything."""
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/seen.png", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_that_points_elsewhere_makes_the_converter_ask_nobody(
    app: Flask, put: Put, soffice: None, listener: tuple[str, list[str]]
) -> None:
    address, asked = listener
    material = put(pointing_to(address), "外链.docx")
    do_all(app)
    assert previews.path_of(file_of(material)).exists()
    assert asked == []


def pointing_to(address: str) -> bytes:
    """A document with a picture that lies on another server."""
    picture = (
        '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml">'
        '<v:shape style="width:100pt;height:100pt"><v:imagedata r:id="rIdOut" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
        "</v:shape></w:pict></w:r></w:p>"
    )
    relation = (
        '<Relationship Id="rIdOut" TargetMode="External" Target="' + address + '" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(paper())) as whole, zipfile.ZipFile(made, "w") as out:
        for name in whole.namelist():
            content = whole.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                content = content.replace("<w:body>", f"<w:body>{picture}")
            if name == "word/_rels/document.xml.rels":
                content = content.replace("</Relationships>", f"{relation}</Relationships>")
            out.writestr(name, content.encode("utf-8", "surrogateescape"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def test_what_a_killed_worker_left_on_its_bench_is_cleared(app: Flask, put: Put) -> None:
    bench = Path(app.instance_path) / "previews" / "left"
    bench.mkdir(parents=True)
    previews.ask_for_missing()
    assert bench.exists()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        previews.ask_for_missing()
    assert not bench.exists()
