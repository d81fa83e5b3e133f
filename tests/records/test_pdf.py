"""Minutes as PDF: made by a worker where there is a converter; else the page says so."""

import shutil
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tests.chores import work_at
from tests.instances import left_out
from tests.page import Browser
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]


def test_without_a_converter_the_page_says_so(
    app: Flask, hall: Hall, as_: As, at: At, way: str
) -> None:
    app.config["PORTAL_SOFFICE"] = "no-such-program"
    record = hall.record(hall.seminar())
    at(NINE)
    recorder = as_("recorder")
    form = recorder.get(f"/records/{record.id}").form("/pdf")
    page = recorder.submit(form, htmx=way == "htmx")
    assert page.status == 200
    assert "没有安装转换程序" in page.text
    assert recorder.client.get(f"/records/{record.id}/minutes.pdf").status_code == 409


def test_a_worker_makes_the_pdf_of_the_words_as_they_stand(
    app: Flask, hall: Hall, as_: As, at: At
) -> None:
    if shutil.which("soffice") is None:
        left_out("libreoffice", "no soffice on this machine")
    record = hall.record(hall.seminar())
    at(NINE)
    recorder = as_("recorder")
    page = recorder.submit(recorder.get(f"/records/{record.id}").form("/pdf"))
    assert "正在生成" in page.text
    work_at(app, NINE + timedelta(minutes=1))
    page = recorder.get(f"/records/{record.id}/pdf")
    answer = recorder.client.get(page.links()["下载 PDF"])
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    answer.close()
    # What was said since is in none of it: it is made anew.
    hall.say(record, "几点供水？")
    assert "生成 PDF" in recorder.get(f"/records/{record.id}/pdf").text
    assert recorder.get(f"/records/{record.id}/minutes.pdf").status == 409
    at(NINE + HOUR)
    assert as_("c").get(f"/records/{record.id}/minutes.pdf").status == 404
