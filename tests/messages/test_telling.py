"""Everybody is told once, whatever is pressed twice; nobody who has switched it off."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, func, select

from portal import clock
from portal.database import db
from portal.messages import services
from portal.messages.models import Message, MessageKind, Silence
from portal.messages.policies import may_read
from portal.messages.services import Occasion, Told
from portal.people.models import Person, Role, RoleGrant
from tests import factories
from tests.factories import Street

CHANGE = MessageKind.CHANGE


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def tell(*people: Person, key: str = "event:1:2", **values: object) -> Told:
    given = {"kind": CHANGE, "subject": "改到周五", **values}
    return services.tell(people=[person.id for person in people], key=key, **given)  # type: ignore[arg-type]


def inbox(person: Person) -> list[str]:
    wanted = select(Message.key).where(Message.person_id == person.id).order_by(Message.id)
    return list(db.session.scalars(wanted))


def test_the_same_is_told_once_and_something_else_again(street: Street) -> None:
    assert tell(street.a, street.b) == Told(2, 0)
    assert tell(street.a, street.b, street.c) == Told(1, 0)
    assert tell(street.a, key="event:1:3") == Told(1, 0)
    assert inbox(street.a) == ["event:1:2", "event:1:3"]
    assert inbox(street.b) == ["event:1:2"]


def test_people_may_be_a_question_to_the_database(street: Street) -> None:
    everybody = select(Person.id).where(Person.name.startswith("党员测试"))
    told = services.tell(people=everybody, kind=CHANGE, subject="改期", key="k")
    assert told == Told(4, 0)


def test_five_hundred_people_are_told_in_one_statement(
    street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    people = [factories.person(f"众人{number}", street.branch_one) for number in range(500)]
    for number, person in enumerate(people):
        factories.account(person, f"many{number}")
    factories.commit()
    ids = [person.id for person in people]
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO message"):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        acted = queries_of(
            lambda: services.tell(people=ids, kind=CHANGE, subject="改期", key="event:1:2")
        )
        assert acted == 3
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(written) == 1
    assert db.session.scalar(select(func.count(Message.id))) == 500


def test_who_has_no_account_in_use_is_counted_and_not_written_to(street: Street) -> None:
    without = factories.person("无账号甲", street.branch_one)
    stopped = factories.person("停用甲", street.branch_one)
    factories.account(stopped, "stopped", is_active=False)
    waiting = factories.person("待确认甲", street.branch_one)
    factories.account(waiting, "waiting", confirmed_at=None)
    told = tell(street.a, without, stopped, waiting)
    assert told == Told(1, 3)
    assert told.words == "已通知 1 人；3 人没有账号，请另行告知"
    assert inbox(without) == inbox(stopped) == inbox(waiting) == []
    assert Told().words == ""


def test_a_kind_that_is_switched_off_is_not_sent_and_others_are(street: Street) -> None:
    services.choose(wanted=set(MessageKind) - {CHANGE}, actor=street.a)
    assert tell(street.a, street.b) == Told(1, 0)
    assert tell(street.a, kind=MessageKind.PLACE, key="p") == Told(1, 0)
    assert inbox(street.a) == ["p"]
    services.choose(wanted=list(MessageKind), actor=street.a)
    assert tell(street.a, key="later") == Told(1, 0)
    assert db.session.scalar(select(func.count(Silence.id))) == 0


def test_nobody_is_reminded_of_one_thing_more_than_three_times(street: Street) -> None:
    for _ in range(3):
        for occasion in Occasion:
            services.remind(
                people=[street.a.id], about="event:7", occasion=occasion, subject="请参加"
            )
    assert inbox(street.a) == ["event:7:called", "event:7:soon", "event:7:overdue"]
    services.remind(
        people=[street.a.id], about="event:8", occasion=Occasion.CALLED, subject="请参加"
    )
    assert len(inbox(street.a)) == 4


def test_old_messages_are_swept_when_something_new_is_told(street: Street) -> None:
    now = clock.now()
    factories.message(street.a, key="old", created_at=now - services.KEPT - timedelta(days=1))
    factories.message(street.a, key="young", created_at=now - services.KEPT + timedelta(days=1))
    tell(street.b)
    assert inbox(street.a) == ["young"]


def test_a_subject_too_long_for_the_column_is_cut(street: Street) -> None:
    tell(street.a, subject="长" * 400)
    assert db.session.scalars(select(Message.subject)).one() == "长" * 200


@given(
    acts=st.lists(st.tuples(st.sets(st.sampled_from("abcd")), st.sampled_from("xy")), max_size=8)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_whatever_is_told_in_whatever_order_nobody_has_a_double(
    street: Street, acts: list[tuple[set[str], str]]
) -> None:
    db.session.execute(delete(Message))
    known: set[tuple[str, str]] = set()
    for names, key in acts:
        told = tell(*(getattr(street, name) for name in names), key=key)
        fresh = {(name, key) for name in names} - known
        assert told.number == len(fresh)
        known |= fresh
    assert db.session.scalar(select(func.count(Message.id))) == len(known)


@pytest.mark.parametrize(
    ("reader", "role", "may"),
    [(1, None, True), (2, None, False), (2, Role.OFFICE, False), (1, Role.AUDITOR, False)],
)
def test_a_message_is_its_readers_alone(reader: int, role: Role | None, may: bool) -> None:
    grants = [RoleGrant(role=role)] if role else []
    person = Person(id=reader, name="读者", grants=grants)
    assert may_read(person, Message(person_id=1)) is may
