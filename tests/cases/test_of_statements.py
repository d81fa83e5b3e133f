"""From what was said to a case in two actions, with the link both ways."""

from io import BytesIO

from docx import Document
from sqlalchemy import select

from portal.cases.models import Case, CaseSource, CaseStatement
from portal.database import db
from portal.records.models import StatementKind
from tests.cases.conftest import SignedIn
from tests.records.conftest import HOUR, NINE, At, Hall, at, hall

__all__ = ["at", "hall"]


def test_a_statement_becomes_one_case_in_two_actions_and_each_leads_to_the_other(
    hall: Hall, as_: SignedIn, at: At, way: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    said = hall.say(record, "路灯几点亮？晚上七点太晚了。")
    recorder = as_("recorder")
    page = recorder.get(f"/records/{record.id}")
    (act,) = [link for word, link in page.links().items() if word.startswith("转为事项")]
    form = recorder.get(act).form("/cases/new")  # the first action
    page = recorder.submit(form, htmx=way == "htmx", words="改写的话")  # the second
    assert page.status == 200, page.errors()
    case = db.session.scalars(select(Case)).one()
    assert case.words == "路灯几点亮？晚上七点太晚了。", "word for word, whatever was sent"
    assert (case.source, case.event_id) == (CaseSource.SEMINAR, record.event_id)
    back = f"/records/{record.id}/statements/{said.id}"
    assert back in recorder.get(f"/cases/{case.id}").links().values()
    page = recorder.get(f"/records/{record.id}")
    assert f"/cases/{case.id}" in page.links().values()
    assert not [word for word in page.links() if word.startswith("转为事项")]
    recorder.submit(form)
    assert len(db.session.scalars(select(CaseStatement)).all()) == 1


def test_an_answer_becomes_no_case(hall: Hall, as_: SignedIn, at: At) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    hall.say(record, "下周就办。", kind=StatementKind.ANSWER)
    page = as_("recorder").get(f"/records/{record.id}")
    assert not [word for word in page.links() if word.startswith("转为事项")]


def test_nobody_else_makes_a_case_of_what_was_said_there(hall: Hall, as_: SignedIn, at: At) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    said = hall.say(record, "路灯几点亮？")
    assert as_("secretary2").get("/cases/new", statement=said.id).status == 404
    assert as_("officer").get("/cases/new", statement=said.id).status == 404


def test_the_next_notice_says_what_was_asked_and_only_to_hosts(
    hall: Hall, as_: SignedIn, at: At
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    said = hall.say(record, "路灯几点亮？")
    recorder = as_("recorder")
    recorder.submit(recorder.get("/cases/new", statement=said.id).form("/cases/new"))
    coming = hall.seminar(title="下一次座谈会", starts_at=NINE + 24 * HOUR)
    page = recorder.get(f"/events/{coming.id}/notice")
    assert "、上次提出的事：上次提出的 1 件事：1 件还没有受理。" in page.text
    assert "1. 路灯几点亮？（还没有受理）" in page.text
    answer = recorder.client.get(f"/events/{coming.id}/notice.docx")
    assert "路灯几点亮" in "\n".join(one.text for one in Document(BytesIO(answer.data)).paragraphs)
    page = recorder.get(page.links()["不带“上次提出的事”"])
    assert "路灯几点亮" not in page.text
    assert "带上“上次提出的事”" in page.links()
    assert "路灯几点亮" not in as_("b").get(f"/events/{coming.id}/notice").text
