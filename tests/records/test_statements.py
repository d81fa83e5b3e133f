"""What is said is taken down word for word, in order, once; and never changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from portal.database import db
from portal.errors import InvalidInputError
from portal.records import hooks, queries, services
from portal.records.errors import RecordClosedError
from portal.records.models import Statement, StatementKind, Supplement
from portal.records.services import Said
from tests import factories
from tests.page import Browser, text_of
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]


def test_from_the_event_to_the_first_statement_in_two_steps(
    hall: Hall, as_: As, at: At, any_database: str, way: str
) -> None:
    event = hall.seminar(agenda="物业介绍\n自由发言")
    at(NINE)
    recorder = as_("recorder")
    page = recorder.submit(
        recorder.get(f"/records/new?event={event.id}").form("/records/new"), then="notes"
    )
    form = page.form("/statements")
    page = recorder.submit(
        form,
        htmx=way == "htmx",
        speaker="党员测试甲",
        kind="suggestion",
        text="装一部电梯。\n越快越好",
    )
    assert page.status == 200
    (row,) = page.by("data-statement", "1")
    assert "党员测试甲" in text_of(row)
    assert "建议" in text_of(row)
    said = db.session.scalars(select(Statement)).one()
    assert (said.text, said.speaker_id) == ("装一部电梯。\n越快越好", hall.a.id)
    assert said.written_at == NINE
    assert hall.again(said.record_id).agenda == "1. 物业介绍\n2. 自由发言"


def test_the_same_statement_sent_again_is_one(hall: Hall, as_: As, at: At) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    recorder = as_("recorder")
    typed = {
        "client_id": "f00dfeed-1",
        "speaker": "党员测试甲",
        "kind": "question",
        "text": "几点供水？",
    }
    for _ in range(3):
        page = recorder.post(f"/records/{record.id}/statements", typed, htmx=True)
        assert page.status == 200
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 1
    assert hall.again(record.id).statements == 1


def test_statements_keep_their_order_whoever_takes_them_down(
    hall: Hall, at: At, any_database: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    for number, who in enumerate((hall.recorder, hall.branch, hall.recorder, hall.secretary)):
        said = Said(f"order-{number}", "党员测试甲", "", StatementKind.NEED, f"第{number}句")
        services.take_down(record=record, said=said, actor=who)
    factories.commit()
    rows = queries.statements_of(hall.again(record.id))
    assert [(row.position, row.text) for row in rows] == [
        (place + 1, f"第{place}句") for place in range(4)
    ]


@pytest.mark.parametrize("column", ["text", "kind", "speaker_name", "written_at", "position"])
def test_the_database_refuses_to_change_what_was_said(
    hall: Hall, at: At, any_database: str, column: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    made = hall.say(record, "原话")
    value = {"written_at": NINE + HOUR, "position": 9, "kind": StatementKind.NEED}.get(column, "改")
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(update(Statement).values({column: value}))
    db.session.rollback()
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(delete(Statement))
    db.session.rollback()
    assert queries.statement(made.id).text == "原话"


def test_a_supplement_stands_beside_the_words_and_is_never_changed_either(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    made = hall.say(record, "停了三天")
    recorder = as_("recorder")
    page = recorder.get(f"/records/{record.id}/statements/{made.id}")
    assert recorder.submit(page.form(f"/statements/{made.id}"), text=" ").status == 422
    page = recorder.submit(page.form(f"/statements/{made.id}"), text="应为两天")
    assert page.text.index("停了三天") < page.text.index("应为两天")
    for change in (update(Supplement).values(text="改"), delete(Supplement)):
        with pytest.raises(DBAPIError, match="never changed"):
            db.session.execute(change)
        db.session.rollback()


def test_what_i_said_is_in_my_own_data_with_what_was_put_beside_it(
    hall: Hall, as_: As, at: At
) -> None:
    record = hall.record(hall.seminar())
    at(NINE + HOUR)
    said = [hall.say(record, words, speaker_id=hall.a.id) for words in ("几点供水？", "谢谢。")]
    hall.say(record, "别人说的", speaker="党员测试乙", speaker_id=hall.b.id)
    for text in ("是“几点停水”", "指三号楼"):
        statement = queries.statement(said[0].id)
        services.supplement(statement=statement, text=text, actor=hall.recorder)
    factories.commit()
    kept = as_("a").client.get("/me/data.json").get_json()["会上的发言"]
    told = [(one["原话"], [added["内容"] for added in one["更正补充"]]) for one in kept]
    assert told == [("几点供水？", ["是“几点停水”", "指三号楼"]), ("谢谢。", [])]
    assert kept[0]["更正补充"][0]["时间"].startswith("2026-11-25T10:00")


def test_reading_back_is_noted_once_with_its_moment(
    hall: Hall, as_: As, at: At, any_database: str, way: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    made = hall.say(record, "停了三天")
    at(NINE + timedelta(minutes=3))
    recorder = as_("recorder")
    address = f"/records/{record.id}/statements/{made.id}/read-back"
    page = recorder.post(address, htmx=way == "htmx")
    assert "已读回 9:03" in page.text
    again = recorder.post(address, htmx=way == "htmx")
    assert (again.status, again.alert) == (409, "这条发言已经读回过了。")
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(update(Statement).values(read_back_at=NINE + HOUR))
    db.session.rollback()


def test_a_speaker_is_found_by_two_letters_among_those_on_the_roll(hall: Hall, at: At) -> None:
    event = hall.seminar()
    record = hall.record(event)
    hall.initials(hall.a, "dycsj", "dang")
    hall.initials(hall.c, "dyc")
    at(NINE)
    assert hall.say(record, "一", speaker="dy").speaker_id == hall.a.id
    # Not on this roll, so no letters find them.
    assert [one.person_id for one in queries.find_speakers(record, "dyc")] == [hall.a.id]
    with pytest.raises(InvalidInputError, match="没有“xx”"):
        hall.say(record, "二", speaker="xx")


def test_two_who_answer_to_the_same_letters_are_both_named(hall: Hall, at: At) -> None:
    record = hall.record(hall.seminar())
    hall.initials(hall.a, "dy")
    hall.initials(hall.b, "dy")
    at(NINE)
    with pytest.raises(InvalidInputError, match=r"党员测试甲.*党员测试乙"):
        hall.say(record, "一", speaker="dy")


def test_somebody_who_is_not_on_the_roll_is_taken_as_given(hall: Hall, at: At) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    made = hall.say(record, "夜里太吵", speaker="岳长林", post="沿街住户")
    assert (made.speaker_id, made.speaker_name, made.speaker_post) == (None, "岳长林", "沿街住户")


def test_what_is_taken_down_long_after_the_meeting_says_so(hall: Hall, at: At) -> None:
    record = hall.record(hall.seminar())
    at(record.ends_at + timedelta(hours=1))
    assert not hall.say(record, "会上").is_late
    at(record.ends_at + timedelta(hours=3))
    assert hall.say(record, "会后").is_late


def test_a_confirmed_record_takes_no_more_statements(hall: Hall, as_: As, at: At) -> None:
    record = hall.confirmed()
    said = Said("late-0001", "党员测试甲", "", StatementKind.NEED, "还有一句")
    with pytest.raises(RecordClosedError):
        services.take_down(record=record, said=said, actor=hall.recorder)
    db.session.rollback()
    page = as_("recorder").get(f"/records/{record.id}/notes")
    assert "发言不再增加" in page.text
    assert not page.by("id", "note-form")


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"text": " "}, "text"), ({"speaker": ""}, "speaker"), ({"kind": "joke"}, "kind")],
)
def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(
    hall: Hall, as_: As, at: At, typed: dict[str, str], field: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    recorder = as_("recorder")
    form = recorder.get(f"/records/{record.id}/notes").form("/statements")
    fields = {"speaker": "党员测试甲", "text": "原话在此", "kind": "need", **typed}
    page = recorder.submit(form, htmx=False, **fields)
    assert page.status == 422
    assert field in page.errors()
    if field != "text":
        assert "原话在此" in page.text


def test_rooms_above_stand_beside_a_page_of_statements_in_one_question(
    hall: Hall, as_: As, at: At, monkeypatch: pytest.MonkeyPatch, queries_of: Callable[..., int]
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    asked: list[int] = []

    def stand_beside(reader, of, rows):
        asked.append(len(rows))
        return {
            row.id: [hooks.Beside("转为问题", f"/cases/new?statement={row.id}", is_act=True)]
            for row in rows
        }

    monkeypatch.setattr(hooks, "beside_statements", [stand_beside])
    recorder = as_("recorder")
    counts = []
    for number in range(2):
        for place in range(number * 29 + 1):
            hall.say(record, f"第{number}-{place}句")
        asked.clear()
        address = f"/records/{record.id}/notes"
        counts.append(queries_of(lambda address=address: recorder.get(address)))
        assert len(asked) == 1
    assert counts[0] == counts[1] <= 8
    page = recorder.get(f"/records/{record.id}/notes")
    assert sum(words.startswith("转为问题") for words in page.links()) > 0


def test_nothing_replaces_a_statement(hall: Hall, at: At) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    made = hall.say(record, "原话")
    row = {column.name: getattr(made, column.name) for column in Statement.__table__.columns}
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(insert(Statement).prefix_with("OR REPLACE"), [{**row, "text": "改"}])
    db.session.rollback()


def test_what_was_said_is_found_by_those_who_keep_it_alone(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    hall.say(record, "加装电梯一楼不同意")
    for who, finds in (("recorder", True), ("office", True), ("secretary2", False)):
        page = as_(who).get("/search?q=电梯&kind=statement")
        assert page.status == 200
        assert bool([path for path in page.links().values() if "/statements/" in path]) == finds
        page = as_(who).get("/search?q=座谈会&kind=record")
        assert (f"/records/{record.id}" in page.links().values()) == finds
    page = as_("recorder").get("/records/statements/1")
    assert "加装电梯一楼不同意" in page.text
    assert as_("secretary2").get("/records/statements/1").status == 404
    # The three administrators, and members, are offered neither.
    assert "加装电梯" not in as_("a").get("/search?q=电梯&kind=statement").text
