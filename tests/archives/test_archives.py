"""One press, and a branch has its year: every paper, an index, hashes; the same each time."""

import hashlib
import io
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from portal.archives import hooks, queries, services
from portal.archives.models import ArchiveState, YearArchive
from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import Event, EventMaterial, EventState
from portal.jobs.hooks import StoppedError, Work
from portal.materials import services as materials
from tests import factories
from tests.attendance.conftest import HOUR, NINE, Gathering, at, gathering
from tests.chores import work_at
from tests.materials import samples
from tests.page import Browser, Page

__all__ = ["at", "gathering"]

At = Callable[[datetime], None]
AFTER = NINE + 2 * HOUR
NOTES = "讲义\n".encode()


@pytest.fixture
def held(gathering: Gathering, at: At, any_database: str) -> Event:
    """A lesson that is over and confirmed, with a file."""
    at(AFTER)
    event = gathering.lesson(title="党课：党员/群众?", host=gathering.branch_one)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    gathering.confirm(event)
    attach(gathering, event)
    return event


def attach(gathering: Gathering, event: Event) -> None:
    kept = materials.keep(
        stream=io.BytesIO(NOTES),
        filename="讲义.txt",
        owner=gathering.branch_one,
        actor=gathering.secretary,
    )
    factories._added(EventMaterial(event_id=event.id, material_id=kept.id, position=1))
    factories.commit()


def first_sheet(book: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(book)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def ask(browser: Browser, organisation_id: int, year: int = 2026) -> Page:
    return browser.post("/archives/", {"organisation": organisation_id, "year": year})


def made(app: Flask, browser: Browser, organisation_id: int, moment: datetime = AFTER) -> bytes:
    """Ask for an archive, let a worker make it, and take it."""
    assert ask(browser, organisation_id).status == 200
    work_at(app, moment)
    archive = db.session.scalars(db.select(YearArchive).order_by(YearArchive.id.desc())).first()
    assert archive is not None
    assert archive.state is ArchiveState.READY
    with browser.client.get(f"/archives/{archive.id}.zip", buffered=True) as response:
        assert response.status_code == 200
        whole = response.data
    assert hashlib.sha256(whole).hexdigest() == archive.digest
    return whole


def test_the_archive_holds_every_paper_with_an_index_and_hashes(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    archive = ZipFile(io.BytesIO(made(app, browser.sign_in("branch"), gathering.branch_one.id)))
    root = "汕头路社区第一党支部2026年度档案"
    folder = "11-25 党课：党员_群众_"
    assert sorted(archive.namelist()) == sorted(
        [
            f"{root}/目录.xlsx",
            f"{root}/校验.sha256",
            f"{root}/{folder}/签到表.xlsx",
            f"{root}/{folder}/请假补课.xlsx",
            f"{root}/{folder}/讲义.txt",
            f"{root}/学时/2026年学时统计表.xlsx",
        ]
    )
    assert archive.read(f"{root}/{folder}/讲义.txt") == NOTES
    sheet = first_sheet(archive.read(f"{root}/{folder}/签到表.xlsx"))
    assert "党课：党员/群众?签到表" in {cell.value for row in sheet.rows for cell in row}
    index = first_sheet(archive.read(f"{root}/目录.xlsx"))
    rows = [[cell.value for cell in row] for row in index.iter_rows(min_row=3)]
    assert [row[1:5] for row in rows] == [
        ["2026年11月25日", "党课：党员/群众?", "附件", f"{folder}/讲义.txt"],
        ["2026年11月25日", "党课：党员/群众?", "签到表", f"{folder}/签到表.xlsx"],
        ["2026年11月25日", "党课：党员/群众?", "请假补课", f"{folder}/请假补课.xlsx"],
        ["2026年12月31日", "2026年学时", "学时统计表", "学时/2026年学时统计表.xlsx"],
    ]
    assert rows[0][6] == hashlib.sha256(NOTES).hexdigest()
    told = archive.read(f"{root}/校验.sha256").decode().splitlines()
    for line in told:
        digest, _, path = line.partition("  ")
        assert hashlib.sha256(archive.read(f"{root}/{path}")).hexdigest() == digest
    assert len(told) == 5


def test_who_missed_it_is_filed_with_what_was_made_up_and_its_proof_and_never_why(
    gathering: Gathering, app: Flask, at: At, browser: Browser
) -> None:
    event = gathering.lesson(host=gathering.branch_one)
    at(NINE + HOUR)
    gathering.open(event)
    leave = {"person": gathering.a.id, "kind": "sick", "reason": "住院三天"}
    page = browser.sign_in("branch").post(f"/events/{event.id}/leaves/enter", leave)
    assert page.status == 200, page.text
    gathering.mark(event, gathering.b, "present")
    gathering.confirm(event)
    at(NINE + 72 * HOUR)
    make_ups = f"/events/{event.id}/leaves/make-ups"
    proof = samples.pdf("notes")
    typed: dict[str, Any] = {"method": "self_study", "made_on": "2026-11-27", "hours": "1"}
    typed["file"] = (io.BytesIO(proof), "笔记.pdf")
    browser.sign_in("branch")
    browser.submit(browser.get(make_ups).form("/make-ups"), person=[gathering.a.id], **typed)
    archive = ZipFile(io.BytesIO(made(app, browser, gathering.branch_one.id, NINE + 73 * HOUR)))
    (path,) = (name for name in archive.namelist() if name.endswith("请假补课.xlsx"))
    sheet = first_sheet(archive.read(path))
    rows = {row[0].value: [cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)}
    own = rows["党员测试甲"]
    assert own[2:4] == ["病假", "病假"]
    assert own[6:9] == ["自学", "2026-11-27", "1"]
    assert own[10] == "文件：笔记.pdf"
    assert ["缺席", ""] in [row[2:4] for row in rows.values()]
    assert "党员测试乙" not in rows
    assert not [cell for row in rows.values() for cell in row if "住院" in str(cell)]
    (kept,) = (name for name in archive.namelist() if "补课凭据 党员测试甲" in name)
    assert archive.read(kept) == proof


def test_the_same_papers_make_the_same_bytes_whenever_they_are_packed(
    gathering: Gathering, held: Event, app: Flask, browser: Browser, at: At
) -> None:
    browser.sign_in("branch")
    first = made(app, browser, gathering.branch_one.id)
    at(AFTER + timedelta(days=3))
    browser.sign_in("branch")
    second = made(app, browser, gathering.branch_one.id, AFTER + timedelta(days=3))
    assert first == second
    event = gathering.lesson(title="又一次", host=gathering.branch_one, starts_at=NINE - 24 * HOUR)
    gathering.open(event)
    gathering.confirm(event)
    assert made(app, browser, gathering.branch_one.id, AFTER + timedelta(days=3)) != first


def test_what_was_not_held_or_is_of_another_year_or_branch_is_not_in_it(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    others: tuple[dict[str, Any], ...] = (
        {"state": EventState.DRAFT, "title": "草稿"},
        {"state": EventState.CANCELLED, "title": "取消的"},
        {"starts_at": NINE - timedelta(days=365), "state": EventState.ENDED, "title": "去年的"},
        {"host": gathering.branch_two, "state": EventState.ENDED, "title": "别的支部"},
    )
    for values in others:
        attach(gathering, gathering.lesson(**{"host": gathering.branch_one, **values}))
    whole = ZipFile(io.BytesIO(made(app, browser.sign_in("branch"), gathering.branch_one.id)))
    assert not [
        name
        for name in whole.namelist()
        if any(word in name for word in ("草稿", "取消", "去年", "别的"))
    ]
    assert len(whole.namelist()) == 6


def test_an_archive_of_the_last_year_holds_that_year(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    before = gathering.lesson(
        title="元旦前夜",
        host=gathering.branch_one,
        starts_at=datetime(2025, 12, 31, 15, tzinfo=NINE.tzinfo),
    )
    before = db.session.get_one(Event, before.id)
    before.state = EventState.ENDED
    attach(gathering, before)
    browser.sign_in("branch")
    assert ask(browser, gathering.branch_one.id, 2025).status == 200
    work_at(app, AFTER)
    archive = db.session.scalars(db.select(YearArchive)).one()
    assert (archive.year, archive.papers) == (2025, 1)


def test_asking_twice_makes_one(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    browser.sign_in("branch")
    assert "排队中" in ask(browser, gathering.branch_one.id).text
    again = ask(browser, gathering.branch_one.id)
    assert again.status == 409
    assert services.UNDER_WAY in again.alert
    work_at(app, AFTER)
    assert db.session.scalar(db.select(db.func.count()).select_from(YearArchive)) == 1


def test_nobody_makes_or_takes_the_archive_of_another_branch(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    made(app, browser.sign_in("branch"), gathering.branch_one.id)
    archive = db.session.scalars(db.select(YearArchive)).one()
    other = Browser(app).sign_in("secretary2")
    assert "没有做过" not in browser.get("/archives/").text
    assert "还没有做过档案" in other.get("/archives/").text
    assert ask(other, gathering.branch_one.id).status == 422
    for path in (f"/archives/{archive.id}", f"/archives/{archive.id}.zip"):
        assert other.get(path).status == 403
    assert other.get("/archives/handover", org=gathering.branch_one.id).status == 404


def test_who_took_an_archive_is_written_down(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    made(app, browser.sign_in("branch"), gathering.branch_one.id)
    acts = db.session.scalars(
        db.select(AuditEntry.action)
        .where(AuditEntry.action.like("archive.%"))
        .order_by(AuditEntry.id)
    ).all()
    assert acts == ["archive.asked", "archive.downloaded"]


def test_a_year_is_put_away_for_good_after_it_is_archived(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    made(app, browser.sign_in("branch"), gathering.branch_one.id)
    archive = db.session.scalars(db.select(YearArchive)).one()
    page = browser.get(f"/archives/{archive.id}")
    assert "归档后内容不能再改" in page.text
    done = browser.post(f"/archives/{archive.id}/put-away")
    assert "已归档 1 次活动" in done.text
    assert "归档后内容不能再改" not in done.text
    assert db.session.get_one(Event, held.id).state is EventState.ARCHIVED
    assert browser.get(f"/events/{held.id}/edit").status == 409


def test_an_archive_is_thrown_away_and_made_again(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    first = made(app, browser.sign_in("branch"), gathering.branch_one.id)
    archive = db.session.scalars(db.select(YearArchive)).one()
    place, address = services.path_of(archive), f"/archives/{archive.id}"
    assert place.exists()
    assert "可以再做" in browser.post(f"{address}/remove").text
    work_at(app, AFTER)
    assert not place.exists()
    assert browser.get(address).status == 404
    assert made(app, browser, gathering.branch_one.id) == first


def test_a_worker_that_stops_leaves_nothing_half_made(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    ask(browser.sign_in("branch"), gathering.branch_one.id)
    archive = db.session.scalars(db.select(YearArchive)).one()
    place = services.path_of(archive)
    work = Work({"archive_id": archive.id}, is_stopping=lambda: True)
    db.session.rollback()
    with pytest.raises(StoppedError):
        services.make(work)
    assert list(place.parent.iterdir()) == []
    work_at(app, AFTER)
    assert place.exists()


def test_what_came_to_nothing_says_so_and_can_be_asked_for_again(
    gathering: Gathering, held: Event, app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_place: object) -> object:
        return type("Usage", (), {"free": 0})

    browser.sign_in("branch")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", full)
        ask(browser, gathering.branch_one.id)
        work_at(app, AFTER)
    archive = db.session.scalars(db.select(YearArchive)).one()
    page = browser.get(f"/archives/{archive.id}")
    assert "没有做成" in page.text
    assert "存储空间不够" in page.text
    page = browser.submit(page.form("/archives/"))
    assert "排队中" in page.text
    work_at(app, AFTER)
    states = db.session.scalars(db.select(YearArchive.state).order_by(YearArchive.id)).all()
    assert states == [ArchiveState.FAILED, ArchiveState.READY]


def test_how_far_it_is_shows_while_it_is_made(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    ask(browser.sign_in("branch"), gathering.branch_one.id)
    archive = db.session.scalars(db.select(YearArchive)).one()
    job = queries.job_of(archive)
    assert job is not None
    job.done, job.total = 3, 8
    db.session.commit()
    page = browser.get(f"/archives/{archive.id}", htmx=True)
    assert "已装入 3 份，共 8 份" in page.text
    assert "every 1500ms" in page.html
    work_at(app, AFTER)
    assert "every 1500ms" not in browser.get(f"/archives/{archive.id}").html


def test_whoever_takes_over_sees_what_is_open(
    gathering: Gathering, at: At, app: Flask, browser: Browser, any_database: str
) -> None:
    at(AFTER)
    forgotten = gathering.lesson(title="忘了确认", host=gathering.branch_one)
    gathering.open(forgotten)
    gathering.lesson(
        title="下周的会", host=gathering.branch_one, starts_at=NINE + timedelta(days=7)
    )
    gathering.lesson(
        title="别人的会", host=gathering.branch_two, starts_at=NINE + timedelta(days=7)
    )
    page = browser.sign_in("branch").get("/archives/handover")
    assert "忘了确认名册还没有确认2026年11月25日（周三）" in page.text
    assert "下周的会已发布，还要举办" in page.text
    assert "别人的会" not in page.text


def test_pages_ask_the_same_for_one_and_fifty(
    gathering: Gathering,
    held: Event,
    app: Flask,
    browser: Browser,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    made(app, browser.sign_in("branch"), gathering.branch_one.id)
    archive = db.session.scalars(db.select(YearArchive)).one()
    looks = ["/archives/", f"/archives/{archive.id}", "/archives/handover"]
    few = [queries_of(lambda path=path: browser.get(path)) for path in looks]  # type: ignore[misc]
    for _ in range(49):
        factories.archive(gathering.branch_one, gathering.secretary)
        gathering.lesson(host=gathering.branch_one, starts_at=NINE + timedelta(days=7))
    many = [queries_of(lambda path=path: browser.get(path)) for path in looks]  # type: ignore[misc]
    assert few == many
    assert max(many) <= 8


def test_a_source_is_asked_in_turn_and_may_have_lost_its_paper(
    gathering: Gathering, held: Event, app: Flask, browser: Browser
) -> None:
    lost = hooks.Paper(
        "11-25 主题党课", "没有了.txt", "记录", NINE.date(), "没有了", lambda _file: None
    )
    source = hooks.Source("lost", lambda _year: [lost])
    hooks.sources.append(source)
    try:
        whole = ZipFile(io.BytesIO(made(app, browser.sign_in("branch"), gathering.branch_one.id)))
    finally:
        hooks.sources.remove(source)
    assert not [name for name in whole.namelist() if "没有了" in name]


def test_the_office_archives_all_below_it(gathering: Gathering, held: Event, app: Flask) -> None:
    office = Browser(app).sign_in("office")
    whole = ZipFile(io.BytesIO(made(app, office, gathering.street.id)))
    assert len(whole.namelist()) == 6
