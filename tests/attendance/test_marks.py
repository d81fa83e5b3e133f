"""Marks: once each, taken back, kept in balance, corrected with a reason after confirmation."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.attendance import queries, services
from portal.attendance.models import AttendanceMark, AttendanceStatus, Method
from portal.attendance.rules import Timing
from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.events import queries as events
from portal.events.models import Audience, EventState
from portal.people.models import Person
from portal.signups.models import SignupOrigin
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering

Clock = Callable[[datetime], None]


def marks_made() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(AttendanceMark)) or 0


def test_a_tick_says_who_was_here_when_and_who_said_so(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    entry = gathering.entry(event, gathering.a)
    assert (entry.status.value, entry.has_come, entry.method) == ("present", True, Method.TICK)
    assert entry.arrived_at == NINE - 12 * MINUTE
    mark = queries.history(entry)[0]
    assert mark.from_status is AttendanceStatus.EXPECTED
    assert mark.marked_by_id == gathering.secretary.id


def test_a_tick_by_the_host_is_present_whatever_the_clock_says(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE + 40 * MINUTE)
    gathering.mark(event, gathering.a, "present")
    assert gathering.statuses(event)["党员测试甲"] == "present"


def test_what_is_ticked_after_the_end_is_marked_as_entered_later(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE + 26 * HOUR)
    gathering.mark(event, gathering.a, "present")
    entry = gathering.entry(event, gathering.a)
    assert entry.method is Method.LATER
    assert entry.arrived_at is None  # nobody saw when


@pytest.mark.parametrize("status", [status.value for status in AttendanceStatus])
def test_every_status_keeps_the_balance(gathering: Gathering, at: Clock, status: str) -> None:
    event = gathering.lesson()
    at(NINE + MINUTE)
    gathering.mark(event, gathering.a, "present")
    gathering.mark(event, gathering.a, status)
    numbers = gathering.numbers(event)
    assert gathering.statuses(event)["党员测试甲"] == status
    assert numbers.due == numbers.present + numbers.leave + numbers.absent
    assert numbers.due == (6 if status in {"exempt", "invited", "guest"} else 7)


def test_before_the_opening_nobody_has_come_but_leave_is_taken_down(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE - 61 * MINUTE)
    with pytest.raises(ConflictError, match="60 分钟"):
        gathering.mark(event, gathering.a, "present")
    with pytest.raises(ConflictError, match="还没有开始"):
        gathering.mark(event, gathering.a, "absent")
    gathering.mark(event, gathering.a, "leave_personal")
    assert gathering.numbers(event).leave == 1


def test_the_same_request_twice_is_one_mark(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    number = gathering.mark_id(event, gathering.a, "present", client_id="c1")
    gathering.mark(event, gathering.a, "leave_sick", client_id="c2")
    assert gathering.mark_id(event, gathering.a, "present", client_id="c1") == number
    assert gathering.statuses(event)["党员测试甲"] == "leave_sick"
    with pytest.raises(ConflictError):
        gathering.mark(event, gathering.b, "present", client_id="c1")


def test_saying_what_is_already_so_changes_nothing(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    gathering.mark(event, gathering.a, "present", actor=gathering.recorder)
    assert marks_made() == 1


def test_two_devices_tick_the_same_person_once(
    app: Flask, gathering: Gathering, any_database: str
) -> None:
    event = gathering.lesson(starts_at=datetime.now(tz=NINE.tzinfo) - MINUTE)
    gathering.open(event)
    event_id, person_id, host_id = event.id, gathering.a.id, gathering.secretary.id
    db.session.rollback()
    barrier, failures = threading.Barrier(8), []

    def tick(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with write_transaction():
                    services.mark(
                        event=events.event(event_id),
                        person_id=person_id,
                        status=AttendanceStatus.PRESENT,
                        actor=db.session.get_one(Person, host_id),
                        timing=Timing(),
                        client_id=f"device-{number % 4}",
                    )
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=tick, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert marks_made() == 1
    assert gathering.numbers(event).present == 1


def test_undo_gives_back_what_was_before_with_the_time_of_coming(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    at(NINE + 5 * MINUTE)
    wrong = gathering.mark_id(event, gathering.a, "leave_sick")
    services.undo(event=events.event(event.id), mark_id=wrong, actor=gathering.secretary)
    factories.commit()
    entry = gathering.entry(event, gathering.a)
    assert (entry.status.value, entry.has_come) == ("present", True)
    assert entry.arrived_at == NINE - 12 * MINUTE
    with pytest.raises(ConflictError):
        services.undo(event=events.event(event.id), mark_id=wrong, actor=gathering.secretary)


def test_what_somebody_else_changed_since_is_not_undone(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    first = gathering.mark_id(event, gathering.a, "present")
    gathering.mark(event, gathering.a, "late", actor=gathering.recorder)
    with pytest.raises(ConflictError):
        services.undo(event=events.event(event.id), mark_id=first, actor=gathering.secretary)
    assert gathering.statuses(event)["党员测试甲"] == "late"


def test_all_present_except_some_and_back(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.b, "leave_sick")
    last = max(entry.id for entry in queries.open_entries(event.id))
    marked = services.mark_rest_present(
        event=events.event(event.id),
        exceptions={gathering.a.id},
        up_to=last,
        actor=gathering.secretary,
        timing=Timing(),
    )
    factories.commit()
    numbers = gathering.numbers(event)
    assert (marked, numbers.present, numbers.leave, numbers.absent) == (5, 5, 1, 1)
    one = queries.last_mark_by(event.id, gathering.secretary.id, since=NINE - HOUR)
    assert one is not None
    taken_back = services.undo(
        event=events.event(event.id), mark_id=one.id, actor=gathering.secretary
    )
    factories.commit()
    assert taken_back == 5
    assert gathering.numbers(event).absent == 6


def test_whom_the_host_has_not_seen_is_not_marked_present(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    gathering.sign_up(event, gathering.a)
    gathering.open(event)
    seen = max(entry.id for entry in queries.open_entries(event.id))
    gathering.sign_up(event, gathering.b, NINE - 12 * MINUTE)
    services.mark_rest_present(
        event=events.event(event.id),
        exceptions=set(),
        up_to=seen,
        actor=gathering.secretary,
        timing=Timing(),
    )
    factories.commit()
    assert gathering.statuses(event) == {"党员测试甲": "present", "党员测试乙": "expected"}


def test_a_guest_comes_and_goes_without_touching_the_numbers(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    gathering.sign_up(event, gathering.c)
    gathering.mark(event, gathering.c, "present")
    numbers = gathering.numbers(event)
    assert (numbers.present, numbers.others_come) == (0, 1)
    assert gathering.statuses(event)["党员测试丙"] == "invited"
    gathering.mark(event, gathering.c, "absent")
    assert gathering.numbers(event).others_come == 0
    with pytest.raises(ConflictError, match="不在应到名单"):
        gathering.mark(event, gathering.c, "leave_sick")


def test_somebody_who_is_not_on_the_roll_is_not_found(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    with pytest.raises(NotFoundError):
        gathering.mark(event, gathering.d, "present")


def test_confirming_makes_the_missing_absent_and_settles_the_event(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    gathering.mark(event, gathering.b, "leave_sick")
    with pytest.raises(ConflictError, match="还没有开始"):
        gathering.confirm(event)
    at(NINE + 2 * HOUR)
    with pytest.raises(ConflictError, match="现在还有 5 人未到"):
        gathering.confirm(event, seen_expected=3)
    gathering.confirm(event, seen_expected=5)
    numbers = gathering.numbers(event)
    assert (numbers.due, numbers.present, numbers.leave, numbers.absent) == (7, 1, 1, 5)
    assert numbers.expected == 0
    assert events.event(event.id).state is EventState.RECORDED
    with pytest.raises(ConflictError):
        gathering.confirm(event)


def test_afterwards_there_are_only_corrections_with_a_reason(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    made = gathering.mark_id(event, gathering.a, "present")
    at(NINE + 2 * HOUR)
    gathering.confirm(event)
    with pytest.raises(InvalidInputError) as refused:
        gathering.mark(event, gathering.b, "present")
    assert refused.value.field == "reason"
    with pytest.raises(ConflictError):
        gathering.mark(event, gathering.b, "expected", reason="记错了")
    with pytest.raises(ConflictError):
        services.undo(event=events.event(event.id), mark_id=made, actor=gathering.secretary)
    with pytest.raises(ConflictError):
        services.mark_rest_present(
            event=events.event(event.id),
            exceptions=set(),
            up_to=10**6,
            actor=gathering.secretary,
            timing=Timing(),
        )
    at(NINE + 50 * HOUR)
    gathering.mark(event, gathering.b, "present", reason="签到表上有本人签名")
    numbers = gathering.numbers(event)
    assert (numbers.due, numbers.present, numbers.absent) == (7, 2, 5)
    (correction,) = queries.corrections(event.id)
    assert (correction.reason, correction.at) == ("签到表上有本人签名", NINE + 50 * HOUR)
    assert gathering.entry(event, gathering.b).arrived_at is None


def test_a_confirmed_roll_stays_as_it_is_whoever_signs_up(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    at(NINE + 2 * HOUR)
    gathering.confirm(event)
    gathering.sign_up(event, gathering.c, NINE + 3 * HOUR, SignupOrigin.WALK_IN)
    gathering.open(event)
    assert "党员测试丙" not in gathering.statuses(event)


def test_every_change_is_in_the_audit_chain(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    at(NINE + 2 * HOUR)
    gathering.confirm(event)
    gathering.mark(event, gathering.b, "present", reason="漏记")
    db.session.rollback()
    actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    wanted = ["opened", "marked", "frozen", "confirmed", "corrected"]
    assert [a for a in actions if a.startswith("attendance.")] == [
        f"attendance.{word}" for word in wanted
    ]
    assert audit.verify()[1] is None


steps = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from([status.value for status in AttendanceStatus]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_whatever_hosts_tap_the_numbers_add_up_and_every_change_has_its_mark(
    gathering: Gathering, at: Clock, taps
) -> None:
    event = gathering.lesson()
    at(NINE + MINUTE)
    gathering.open(event)
    people = sorted(entry.person_id for entry in queries.open_entries(event.id))
    for which, wanted, is_undone in taps:
        marked = services.mark(
            event=events.event(event.id),
            person_id=people[which],
            status=AttendanceStatus(wanted),
            actor=gathering.secretary,
            timing=Timing(),
        )
        if is_undone and marked.mark:
            services.undo(
                event=events.event(event.id), mark_id=marked.mark.id, actor=gathering.secretary
            )
        factories.commit()
    numbers = gathering.numbers(event)
    assert numbers.due == numbers.present + numbers.leave + numbers.absent
    assert numbers.due + numbers.exempt + numbers.invited + numbers.guests == 7
    for person_id in people:
        entry = queries.entry(event.id, person_id)
        status = AttendanceStatus.EXPECTED
        for mark in queries.history(entry):
            assert mark.from_status is status
            status = mark.to_status
        assert entry.status is status
