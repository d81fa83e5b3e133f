"""Doors send check-ins in batches: each is answered, kept, and counted once."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from portal.attendance import queries, services
from portal.attendance.models import AttendanceMark, AttendanceScan, AttendanceStatus, Method
from portal.attendance.rules import Timing
from portal.attendance.services import CheckIn
from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.errors import InvalidInputError
from portal.events import moves
from portal.events import queries as events
from portal.events.models import Audience, Event
from portal.people.models import Person
from portal.signups.models import Signup, SignupMove, SignupStatus
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.page import Browser

Clock = Callable[[datetime], None]
START = NINE - 12 * MINUTE
NOBODY = 2**31 - 1


def seen(who: Person | int | None, at: datetime = START, **more) -> CheckIn:
    number = who.id if isinstance(who, Person) else who
    client_id = str(more.pop("client_id", None) or uuid4())
    return CheckIn(client_id, number, at, more.pop("method", Method.SCAN), **more)


def send(
    gathering: Gathering, event: Event, *items: CheckIn, device: str = "东门"
) -> list[tuple[str, str | None]]:
    """Send one batch; return outcome and status of each."""
    with write_transaction():
        results = services.record(
            event=events.event(event.id),
            items=items,
            actor=gathering.secretary,
            timing=Timing(),
            device=device,
        )
    assert [result.client_id for result in results] == [item.client_id for item in items]
    return [
        (result.outcome.value, result.status.value if result.status else None) for result in results
    ]


def contradicted(event: Event) -> list[tuple[str, bool, int]]:
    """Whom doors have seen though somebody said otherwise, and how often."""
    found = queries.to_reconcile(
        events.event(event.id), queries.roll(event.id), closes_after=Timing().closes_after
    )
    return [(one.line.name, one.line.has_come, len(one.seen)) for one in found.contradictions]


def rows_of(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_everybody_is_recorded_and_the_roll_knows_it(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    before = gathering.open(event).revision
    answers = send(gathering, event, seen(gathering.a), seen(gathering.b, START - MINUTE))
    assert answers == [("recorded", "present")] * 2
    entry = gathering.entry(event, gathering.b)
    assert (entry.has_come, entry.arrived_at, entry.method) == (
        True,
        START - MINUTE,
        Method.SCAN,
    )
    assert gathering.numbers(event).present == 2
    assert queries.roll(event.id).revision == before + 1
    assert [mark.method for mark in queries.history(entry)] == [Method.SCAN]


def test_the_same_check_in_again_gets_the_same_answer_and_changes_nothing(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    items = [
        seen(gathering.a),
        seen(gathering.a, START - MINUTE),
        seen(gathering.c),
        seen(NOBODY),
        seen(None, is_bad_pass=True, given="X7K2"),
    ]
    answers = send(gathering, event, *items)
    assert answers == [
        ("recorded", "present"),
        ("already", "present"),
        ("not_expected", None),
        ("unknown", None),
        ("bad_pass", None),
    ]
    written = [rows_of(model) for model in (AttendanceMark, AttendanceScan, AuditEntry)]
    assert send(gathering, event, *reversed(items)) == answers[::-1]
    assert [rows_of(model) for model in (AttendanceMark, AttendanceScan, AuditEntry)] == written


def test_an_answer_stands_though_things_have_changed(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    refused, taken = seen(gathering.c), seen(gathering.a)
    send(gathering, event, refused, taken)
    at(NINE + HOUR)
    gathering.mark(event, gathering.a, "absent")
    gathering.confirm(event)
    assert send(gathering, event, refused, taken) == [
        ("not_expected", None),
        ("recorded", "present"),
    ]
    assert gathering.statuses(event)["党员测试甲"] == "absent"


def test_one_number_twice_in_a_batch_is_one_check_in(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    item = seen(gathering.a)
    other = item._replace(person_id=gathering.b.id)
    assert send(gathering, event, item, other) == [("recorded", "present")] * 2
    assert gathering.numbers(event).present == 1


def test_two_doors_come_to_the_earliest_arrival(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    at(NINE + 30 * MINUTE)
    late, in_time = seen(gathering.a, NINE + 20 * MINUTE), seen(gathering.a, NINE)
    assert send(gathering, event, late) == [("recorded", "late")]
    assert send(gathering, event, in_time, device="西门") == [("already", "present")]
    entry = gathering.entry(event, gathering.a)
    assert (entry.status, entry.arrived_at) == (AttendanceStatus.PRESENT, NINE)
    assert [mark.to_status.value for mark in queries.history(entry)] == ["late", "present"]


@pytest.mark.parametrize(
    ("reported", "counted"),
    [
        (START + 3 * HOUR, START),
        (NINE - 5 * HOUR, NINE - HOUR),
    ],
)
def test_a_clock_that_is_wrong_is_put_right_and_noted(
    gathering: Gathering, at: Clock, reported: datetime, counted: datetime
) -> None:
    event = gathering.lesson()
    assert send(gathering, event, seen(gathering.a, reported)) == [("recorded", "present")]
    assert gathering.entry(event, gathering.a).arrived_at == counted
    scan = db.session.scalars(select(AttendanceScan)).one()
    assert (scan.is_clamped, scan.reported_at, scan.counted_at) == (True, reported, counted)
    assert (scan.received_at, scan.device) == (START, "东门")


def test_before_the_opening_and_after_the_confirmation_nobody_is_counted_but_it_is_kept(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE - HOUR - MINUTE)
    assert send(gathering, event, seen(gathering.a, NINE), seen(NOBODY)) == [
        ("closed", None),
        ("unknown", None),
    ]
    at(NINE + HOUR)
    gathering.confirm(event)
    assert send(gathering, event, seen(gathering.a, NINE)) == [("closed", None)]
    assert gathering.statuses(event)["党员测试甲"] == "absent"
    assert rows_of(AttendanceScan) == 3


def test_a_door_that_has_not_heard_of_the_cancellation_is_told(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    moves.cancel(event=events.event(event.id), reason="台风", actor=gathering.secretary)
    factories.commit()
    assert send(gathering, event, seen(gathering.a)) == [("closed", None)]
    assert rows_of(AttendanceScan) == 1


def test_an_open_event_takes_whoever_comes_and_keeps_account_of_places(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson(audience=Audience.OPEN, capacity=1)
    gathering.sign_up(event, gathering.a)
    waiting = gathering.sign_up(event, gathering.b)
    waiting.status, waiting.confirmed_at = SignupStatus.WAITLISTED, None
    factories.commit()
    answers = send(
        gathering, event, seen(gathering.a), seen(gathering.b), seen(gathering.c), seen(NOBODY)
    )
    assert answers == [
        ("recorded", "present"),
        ("recorded", "present"),
        ("recorded", "guest"),
        ("unknown", None),
    ]
    assert set(db.session.scalars(select(Signup.status))) == {SignupStatus.CONFIRMED}
    reasons = set(db.session.scalars(select(SignupMove.reason)))
    assert {"本人到场，由候补转为已报名，超出名额（2/1）", "现场登记，超出名额（3/1）"} < reasons
    roll = gathering.statuses(event)
    assert (roll["党员测试乙"], roll["党员测试丙"]) == ("present", "guest")
    at(NINE + MINUTE)
    gathering.open(event)  # drawn anew and frozen: nobody is lost, nobody twice
    assert gathering.statuses(event) == roll
    assert gathering.entry(event, gathering.c).is_walk_in


def test_an_open_event_lets_nobody_in_on_the_day_before(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson(audience=Audience.OPEN, starts_at=NINE - 9 * HOUR + 30 * MINUTE)
    at(NINE - 10 * HOUR + 30 * MINUTE)  # 23:30, half an hour of it before midnight
    assert send(gathering, event, seen(gathering.c, NINE)) == [("not_expected", None)]


def test_who_was_said_to_be_away_is_listed_when_a_door_has_seen_them(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "leave_sick")
    at(START + MINUTE)
    earlier, later = seen(gathering.a, START - MINUTE), seen(gathering.a, START + MINUTE)
    assert send(gathering, event, earlier) == [("already", "leave_sick")]
    assert contradicted(event) == [("党员测试甲", False, 1)]
    assert send(gathering, event, later) == [("recorded", "present")]
    assert gathering.entry(event, gathering.a).arrived_at == START + MINUTE
    assert contradicted(event) == [("党员测试甲", True, 2)]


def test_what_was_taken_back_as_a_mistake_has_said_nothing(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    mark = gathering.mark_id(event, gathering.a, "leave_sick")
    services.undo(event=events.event(event.id), mark_id=mark, actor=gathering.secretary)
    factories.commit()
    assert send(gathering, event, seen(gathering.a, START - MINUTE)) == [("recorded", "present")]
    assert contradicted(event) == []


def test_a_door_adds_one_entry_to_the_audit_chain_for_all_it_sent(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    gathering.open(event)
    before = rows_of(AuditEntry)
    send(gathering, event, *(seen(person) for person in (gathering.a, gathering.b, gathering.c)))
    assert rows_of(AuditEntry) == before + 1
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "attendance.received"
    for words in ('"recorded": 2', '"not_expected": 1', '"device": "东门"'):
        assert words in entry.details
    assert audit.verify()[1] is None


def test_more_than_500_at_once_are_refused(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    with pytest.raises(InvalidInputError, match="500"):
        send(gathering, event, *(seen(NOBODY) for _ in range(501)))
    assert rows_of(AttendanceScan) == 0


@pytest.mark.parametrize("audience", [Audience.DUE, Audience.OPEN])
def test_500_take_as_many_statements_as_two(
    gathering: Gathering, at: Clock, queries_of, any_database: str, audience: Audience
) -> None:
    event = gathering.lesson(audience=audience)
    people = [person.id for person in gathering.many(502)]
    gathering.open(event)
    send(gathering, event, seen(gathering.a), seen(NOBODY))

    def statements(crowd: list[int]) -> int:
        items = [*map(seen, crowd), seen(NOBODY)]
        return queries_of(lambda: send(gathering, event, *items))

    few = statements(people[:2])
    assert statements(people[2:501]) <= few
    assert few <= (16 if audience is Audience.DUE else 30)


def test_what_was_sent_is_never_changed(gathering: Gathering, at: Clock, any_database: str) -> None:
    send(gathering, gathering.lesson(), seen(gathering.a))
    with pytest.raises(DatabaseError, match="never changed"):
        db.session.execute(update(AttendanceScan).values(outcome="already"))
    db.session.rollback()


def test_the_host_sees_what_was_refused_and_why(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson()
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/attendance/scans")
    assert "没有这样的签到" in page.text
    send(
        gathering,
        event,
        seen(gathering.c, START + HOUR),
        seen(None, is_bad_pass=True, given="X7K2"),
    )
    page = browser.get(f"/events/{event.id}/attendance/scans")
    for words in ("党员测试丙", "不在名册上", "与门户时间不符", "凭证尾号 X7K2", "签到凭证无效"):
        assert words in page.text


def test_the_list_of_refused_check_ins_asks_the_same_of_1_and_of_50(
    gathering: Gathering, at: Clock, browser: Browser, queries_of
) -> None:
    event = gathering.lesson()
    gathering.open(event)
    browser.sign_in("secretary")
    address = f"/events/{event.id}/attendance/scans"
    send(gathering, event, seen(gathering.c))
    browser.get(address)
    one = queries_of(lambda: browser.get(address))
    send(gathering, event, *(seen(gathering.d) for _ in range(60)))
    assert queries_of(lambda: browser.get(address)) == one
    assert one <= 8
    assert len(browser.get(address).find_all("li") or []) > 50
    assert "党员测试丙" in browser.get(address, page=2).text


# Two doors and what they saw, as minutes after nine: batches come in any order, any number of
# times, and the roll is the same.
_batches = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from("abce"),
            st.integers(-90, 60),
            st.sampled_from([Method.SCAN, Method.KIOSK, Method.TICK]),
        ),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_batches, st.data())
def test_batches_in_any_order_and_number_come_to_the_same_roll(
    gathering: Gathering, at: Clock, batches, data: st.DataObject
) -> None:
    at(NINE + 40 * MINUTE)
    people = {"a": gathering.a, "b": gathering.b, "c": gathering.c, "e": gathering.branch}
    numbered = [
        [(UUID(int=100 * batch + at_), *item) for at_, item in enumerate(items)]
        for batch, items in enumerate(batches)
    ]
    repeated = data.draw(st.permutations([*numbered, *numbered[:1]]))

    def come_to(order) -> dict[str, tuple[object, ...]]:
        event = gathering.lesson()
        gathering.mark(event, gathering.b, "leave_public")
        for items in order:
            send(
                gathering,
                event,
                *(
                    seen(people[who], NINE + minutes * MINUTE, method=method, client_id=number)
                    for number, who, minutes, method in items
                ),
            )
        db.session.rollback()
        return {
            row.name: (row.status, row.has_come, row.arrived_at, row.method)
            for row in db.session.scalars(queries.entries(event.id))
        }

    assert come_to(numbered) == come_to(repeated)
