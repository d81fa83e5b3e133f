"""The minutes of a year lie in its archive, beside the sheet of the same gathering."""

import io
from collections.abc import Callable
from datetime import datetime
from zipfile import ZipFile

from docx import Document
from flask import Flask

from portal.archives import services as archives
from portal.archives.models import YearArchive
from portal.database import db
from portal.events import queries as events
from portal.records import services
from tests import factories
from tests.chores import work_at
from tests.page import Browser
from tests.records.conftest import HOUR, NINE, Hall

At = Callable[[datetime], None]
AFTER = NINE + 2 * HOUR


def test_minutes_lie_beside_the_sheet_and_are_the_same_each_time(
    hall: Hall, at: At, app: Flask, browser: Browser, any_database: str
) -> None:
    at(AFTER)
    event = hall.seminar()
    hall.open(event)
    record = hall.record(event)
    hall.say(record, "路灯什么时候修？")
    hall.confirm(event)
    services.sum_up(
        event=events.event(event.id), text="一、成效\n都说好。", seen="", actor=hall.branch
    )
    factories.commit()
    browser.sign_in("branch")
    assert "记录还没有确认" in browser.get("/archives/handover").text

    def made() -> bytes:
        form = {"organisation": hall.branch_one.id, "year": 2026}
        assert browser.post("/archives/", form).status == 200
        work_at(app, AFTER)
        latest = db.session.scalars(db.select(YearArchive).order_by(YearArchive.id.desc())).first()
        assert latest is not None
        return archives.file_of(latest).read_bytes()

    whole = made()
    assert made() == whole
    archive = ZipFile(io.BytesIO(whole))
    minutes, sheet = (
        next(name for name in archive.namelist() if word in name) for word in ("纪要", "签到表")
    )
    assert minutes.endswith("/纪要 研讨座谈（草稿，未确认）.docx")
    assert minutes.rpartition("/")[0] == sheet.rpartition("/")[0]
    text = "\n".join(one.text for one in Document(io.BytesIO(archive.read(minutes))).paragraphs)
    assert "路灯什么时候修？" in text
    (summary,) = (name for name in archive.namelist() if name.endswith("/活动小结.docx"))
    words = [one.text for one in Document(io.BytesIO(archive.read(summary))).paragraphs]
    assert "都说好。" in words
