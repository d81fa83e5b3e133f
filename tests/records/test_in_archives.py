"""Minutes of a year lie in its archive, beside the sheet of the same gathering; resolutions."""

import io
from collections.abc import Callable
from datetime import date, datetime
from zipfile import ZipFile

from docx import Document
from flask import Flask
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from portal.archives import services as archives
from portal.archives.models import YearArchive
from portal.database import db
from portal.events import queries as events
from portal.records import queries, services
from portal.records.models import Progress
from tests import factories
from tests.chores import work_at
from tests.page import Browser
from tests.records.conftest import HOUR, NINE, Hall

At = Callable[[datetime], None]
AFTER = NINE + 2 * HOUR


def made(app: Flask, browser: Browser, hall: Hall) -> bytes:
    """Ask for the archive of branch one, let a worker make it, and return its bytes."""
    form = {"organisation": hall.branch_one.id, "year": 2026}
    assert browser.post("/archives/", form).status == 200
    work_at(app, AFTER)
    latest = db.session.scalars(db.select(YearArchive).order_by(YearArchive.id.desc())).first()
    assert latest is not None
    return archives.file_of(latest).read_bytes()


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

    whole = made(app, browser, hall)
    assert made(app, browser, hall) == whole
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


def test_what_was_resolved_is_filed_with_how_far_it_has_come(
    hall: Hall, at: At, app: Flask, browser: Browser, any_database: str
) -> None:
    at(NINE)
    record = hall.record(hall.seminar())
    day = date(2026, 12, 5)
    for text in ("修好路灯", "印发公约"):
        services.resolve(record=record, text=text, owner="物业", due_on=day, actor=hall.recorder)
    first = queries.resolutions(record)[0]
    for progress, note in ((Progress.UNDER_WAY, "已经报修"), (Progress.DONE, "")):
        services.report(resolution=first, progress=progress, note=note, actor=hall.branch)
    far = hall.seminar(host=hall.branch_far, title="别处的会")
    other = hall.record(far, organisation=hall.branch_far, actor=hall.secretary2)
    services.resolve(
        record=other, text="别处的事", owner="物业", due_on=None, actor=hall.secretary2
    )
    factories.commit()
    at(AFTER)
    whole = made(app, browser.sign_in("branch"), hall)
    assert made(app, browser, hall) == whole
    archive = ZipFile(io.BytesIO(whole))
    (name,) = (one for one in archive.namelist() if "决议落实" in one)
    assert name.endswith("/决议落实/2026年决议落实清单.xlsx")
    sheet = load_workbook(io.BytesIO(archive.read(name))).active
    assert isinstance(sheet, Worksheet)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[3], row[4], row[5], row[6]) for row in rows] == [
        ("修好路灯", "物业", "2026-12-05", "已落实"),
        ("印发公约", "物业", "2026-12-05", "未开始"),
    ]
    assert rows[0][7] == (
        "2026-11-25 落实中（支书测试甲）：已经报修\n2026-11-25 已落实（支书测试甲）"
    )


def test_a_year_without_resolutions_has_no_list_of_them(
    hall: Hall, at: At, app: Flask, browser: Browser
) -> None:
    hall.record(hall.seminar())
    at(AFTER)
    archive = ZipFile(io.BytesIO(made(app, browser.sign_in("branch"), hall)))
    assert not [one for one in archive.namelist() if "决议落实" in one]
