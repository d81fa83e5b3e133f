"""What stays of cases: in the year archive, and among the own data of whoever asked."""

import io
from datetime import timedelta
from zipfile import ZipFile

import time_machine
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from portal import clock
from portal.archives.models import YearArchive
from portal.cases import services
from portal.cases.models import Case
from portal.cases.services import Asker
from portal.database import db, write_transaction
from portal.materials import services as materials
from tests import factories
from tests.cases.conftest import SignedIn
from tests.chores import work_at
from tests.factories import Street
from tests.materials import samples


def archived(app: Flask, as_: SignedIn, street: Street) -> ZipFile:
    year = clock.today().year
    branch = as_("branch")
    page = branch.post("/archives/", {"organisation": street.branch_one.id, "year": year})
    assert page.status == 200, page.alert
    work_at(app, clock.now())
    number = db.session.scalars(select(YearArchive.id).order_by(YearArchive.id.desc())).first()
    with branch.client.get(f"/archives/{number}.zip", buffered=True) as response:
        assert response.status_code == 200
        return ZipFile(io.BytesIO(response.data))


def test_the_archive_has_every_case_step_and_paper_and_nobody_who_asked(
    app: Flask, street: Street, as_: SignedIn
) -> None:
    asker = Asker(name="测试居民", phone="13900000001")
    case = factories.case(street.branch_one, street.branch, asker=asker)
    factories.case(street.branch_two, street.secretary, words="二支部的事")
    long_ago = clock.now() - timedelta(days=800)
    with time_machine.travel(long_ago, tick=False):
        factories.case(street.branch_one, street.branch, words="前年的事")
    services.accept(case=case, words="当天去看", has_contacted=True, actor=street.branch)
    services.settle(case=case, words="=换了灯泡", actor=street.branch)
    factories.commit()
    with write_transaction():
        kept = materials.keep(
            stream=io.BytesIO(samples.picture(size=(33, 35))),
            filename="修好以后.png",
            owner=db.session.merge(street.branch_one),
            actor=db.session.merge(street.branch),
        )
        services.attach(case=db.session.merge(case), materials=[kept], actor=street.branch)
    whole = archived(app, as_, street)
    (papers,) = [name for name in whole.namelist() if name.endswith("修好以后.png")]
    assert "问题建议" in papers
    (name,) = [name for name in whole.namelist() if name.endswith("问题建议清单.xlsx")]
    book = load_workbook(io.BytesIO(whole.read(name)))
    listed = [[cell.value for cell in row] for row in book["清单"].iter_rows()]
    assert len(listed) == 2
    assert case.words in listed[1]
    assert "=换了灯泡" in listed[1], "text, never a formula"
    log = [[cell.value for cell in row] for row in book["办理过程"].iter_rows(min_row=2)]
    assert [row[2] for row in log] == ["登记", "受理", "办结"]
    assert log[1][5] == "当天去看"
    told = str(listed) + str(log)
    for absent in ("测试居民", "13900000001", "二支部的事", "前年的事"):
        assert absent not in told
    first = {entry.filename: entry.CRC for entry in whole.infolist()}
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        again = archived(app, as_, street)
    assert first == {entry.filename: entry.CRC for entry in again.infolist()}


def test_whoever_takes_over_is_told_of_cases_that_are_open(street: Street, as_: SignedIn) -> None:
    case = factories.case(street.branch_one, street.branch)
    factories.commit()
    page = as_("branch").get("/archives/handover")
    assert f"{case.number} {case.headline}" in page.text
    assert "没有销号（待受理）" in page.text


def test_what_i_asked_is_among_my_own_data(street: Street, as_: SignedIn) -> None:
    asker = Asker(name="党员测试甲", person_id=street.a.id)
    case: Case = factories.case(street.branch_one, street.branch, asker=asker)
    factories.case(street.branch_one, street.branch, words="别人的事")
    factories.commit()
    kept = as_("a").client.get("/me/data.json").get_json()
    (mine,) = kept["反映的问题建议"]
    assert (mine["编号"], mine["原话"], mine["状态"]) == (case.number, case.words, "待受理")
    assert mine["公开范围"] == "只有办理单位"
