"""Other training: entered with its paper, confirmed by the branch, never counted twice."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import db
from portal.hours.kinds import TrainingState
from portal.hours.models import Training
from portal.materials.models import Material
from tests import factories
from tests.hours.conftest import HOUR, NINE, At, Gathering, changes, halves
from tests.materials import samples
from tests.page import Browser, Page

TYPED: dict[str, Any] = {
    "source": "course",
    "title": "基层党员集中轮训班",
    "organiser": "区委组织部",
    "document_no": "示例〔2026〕12 号",
    "starts_on": "2026-11-10",
    "ends_on": "2026-11-12",
    "quantity": "2.5",
    "unit": "day",
}


def entered(browser: Browser, **changes: Any) -> Page:
    form = browser.get("/hours/new").form("/hours/new")
    return browser.submit(form, **{**TYPED, **changes})


def only() -> Training:
    db.session.rollback()
    return db.session.scalars(select(Training)).one()


def test_a_member_enters_it_the_branch_confirms_it_and_it_counts(
    gathering: Gathering, app: Flask, at: At, any_database: str
) -> None:
    at(NINE)
    me = Browser(app).sign_in("a")
    page = entered(me, file=(io.BytesIO(samples.pdf()), "结业证.pdf"))
    assert page.status == 200, page.errors()
    assert "待认定" in page.text
    assert halves(gathering.a) == [40]
    assert me.get("/hours/").by("data-count", "waiting")[0].text == "20"
    paper = db.session.scalars(select(Material)).one()
    assert me.get(f"/materials/{paper.id}").status == 200
    assert Browser(app).sign_in("b").get(f"/materials/{paper.id}").status == 404
    branch = Browser(app).sign_in("branch")
    assert "有 1 条其他培训等您认定" in branch.get("/hours/branch").text
    assert TYPED["title"] in branch.get("/hours/waiting").text
    training = only()
    shown = branch.get(f"/hours/{training.id}")
    assert paper.title in shown.text
    branch.submit(shown.form(f"/hours/{training.id}/confirm"))
    assert only().state is TrainingState.CONFIRMED
    assert me.get("/hours/").by("data-count", "confirmed")[0].text == "20"
    assert changes(gathering.a) == []
    # Taken back: the hours go, and the reason stays.
    form = branch.get(f"/hours/{training.id}").form("/refuse")
    assert branch.submit(form, note="").status == 422
    branch.submit(form, note="没有结业")
    assert halves(gathering.a) == []
    assert "没有结业" in me.get("/hours/").text
    assert changes(gathering.a)[0].to_halves is None


@pytest.mark.parametrize(
    "title", ["基层党员集中轮训班", "基层党员 集中轮训班（）", " 基层党员集中轮训班。"]
)
def test_the_same_training_is_not_entered_twice(
    gathering: Gathering, app: Flask, at: At, title: str
) -> None:
    at(NINE)
    me = Browser(app).sign_in("a")
    entered(me)
    page = entered(me, title=title)
    assert page.status == 422
    assert "只计一次" in page.errors()["title"]
    assert page.form("/hours/new").fields["organiser"] == TYPED["organiser"]
    assert len(db.session.scalars(select(Training)).all()) == 1
    # Another day, another person: another training.
    assert entered(me, starts_on="2026-11-11", quantity="1").status == 200
    assert entered(Browser(app).sign_in("b")).status == 200


def test_who_was_refused_may_enter_it_again(gathering: Gathering, app: Flask, at: At) -> None:
    at(NINE)
    me, branch = Browser(app).sign_in("a"), Browser(app).sign_in("branch")
    entered(me)
    first = only()
    branch.post(f"/hours/{first.id}/refuse", {"note": "文号不对"})
    assert halves(gathering.a) == []
    assert entered(me).status == 200
    withdrawn = db.session.scalars(select(Training).order_by(Training.id.desc())).first()
    assert withdrawn is not None
    me.post(f"/hours/{withdrawn.id}/withdraw")
    assert halves(gathering.a) == []
    assert entered(me).status == 200
    assert len(halves(gathering.a)) == 1


def test_an_event_of_the_portal_is_no_other_training(
    gathering: Gathering, app: Flask, at: At
) -> None:
    event = gathering.lesson(title="社区治理主题党课")
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    at(NINE + 24 * HOUR)
    day = {"starts_on": "2026-11-25", "ends_on": "", "quantity": "2", "unit": "hour"}
    page = entered(Browser(app).sign_in("a"), title="社区治理 主题党课", **day)
    assert page.status == 422
    assert "不用另外登记" in page.errors()["title"]
    assert entered(Browser(app).sign_in("b"), title="社区治理主题党课", **day).status == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "。。。"}, "title"),
        ({"organiser": ""}, "organiser"),
        ({"quantity": ""}, "quantity"),
        ({"quantity": "3.5"}, "quantity"),  # more than three days hold
        ({"quantity": "0"}, "quantity"),
        ({"ends_on": "2026-11-09"}, "ends_on"),
        ({"ends_on": "2026-12-30"}, "ends_on"),
        ({"starts_on": "2024-11-10"}, "ends_on"),
        ({"starts_on": "wann"}, "starts_on"),
        ({"source": "lesson"}, "source"),
        ({"file": (io.BytesIO(b"MZ\x90\x00"), "setup.exe")}, "file"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    gathering: Gathering, app: Flask, at: At, changed: dict[str, Any], field: str
) -> None:
    at(NINE)
    page = entered(Browser(app).sign_in("a"), **changed)
    assert page.status == 422
    assert field in page.errors()
    assert db.session.scalars(select(Training)).all() == []


def test_it_is_changed_while_it_waits_and_by_whom_it_concerns(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    me = Browser(app).sign_in("a")
    entered(me)
    training = only()
    form = me.get(f"/hours/{training.id}/edit").form("/edit")
    assert form.fields["quantity"] == "2.5"
    assert me.submit(form, quantity="1").status == 200
    assert halves(gathering.a) == [16]
    assert me.submit(form, quantity="2").status == 409  # of the version before
    assert Browser(app).sign_in("branch").get(f"/hours/{training.id}/edit").status == 403
    assert Browser(app).sign_in("b").get(f"/hours/{training.id}").status == 404
    assert Browser(app).sign_in("recorder").get(f"/hours/{training.id}").status == 404
    Browser(app).sign_in("branch").post(f"/hours/{training.id}/confirm")
    assert me.get(f"/hours/{training.id}/edit").status == 409
    assert me.post(f"/hours/{training.id}/withdraw").status == 409


def test_nobody_confirms_their_own(gathering: Gathering, app: Flask, at: At) -> None:
    at(NINE)
    branch = Browser(app).sign_in("branch")
    entered(branch)
    training = only()
    assert training.state is TrainingState.WAITING
    assert branch.post(f"/hours/{training.id}/confirm").status == 403
    assert TYPED["title"] not in branch.get("/hours/waiting").text
    for who in ("secretary2", "recorder"):
        answer = Browser(app).sign_in(who).post(f"/hours/{training.id}/confirm")
        assert answer.status in {403, 404}
    secretary = Browser(app).sign_in("secretary")
    assert secretary.post(f"/hours/{training.id}/confirm").status == 200
    assert secretary.post(f"/hours/{training.id}/confirm").status == 409


def test_a_secretary_enters_it_for_a_member_and_it_counts_at_once(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    branch = Browser(app).sign_in("branch")
    form = branch.get("/hours/new", person=gathering.a.id).form("/hours/new")
    assert branch.submit(form, **TYPED).status == 200
    assert only().person_id == gathering.a.id
    assert only().state is TrainingState.CONFIRMED
    recorder = Browser(app).sign_in("recorder")
    recorder.post(f"/hours/new?person={gathering.b.id}", TYPED)
    waiting = db.session.scalars(select(Training).filter_by(person_id=gathering.b.id)).one()
    assert waiting.state is TrainingState.WAITING
    assert branch.get("/hours/new", person=gathering.d.id).status == 404
    assert branch.post(f"/hours/new?person={gathering.d.id}", TYPED).status == 404


def test_who_belongs_nowhere_is_told_so(gathering: Gathering, app: Flask) -> None:
    assert Browser(app).sign_in("visitor").get("/hours/new").status == 409
    assert Browser(app).sign_in("visitor").get("/hours/").status == 200


def test_a_class_over_the_turn_of_the_year_counts_in_both(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE.replace(year=2027, month=1, day=20))
    me = Browser(app).sign_in("a")
    page = entered(me, starts_on="2026-12-30", ends_on="2027-01-02", quantity="3", document_no="")
    assert page.status == 200
    assert me.get("/hours/", year=2026).by("data-count", "waiting")[0].text == "16"
    assert me.get("/hours/", year=2027).by("data-count", "waiting")[0].text == "8"
    assert only().ends_on == date(2027, 1, 2)
    factories.commit()
