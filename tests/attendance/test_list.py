"""Who is on the roll: drawn until the start, frozen then, added to by walk-ins alone."""

import threading
from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.attendance import queries, services
from portal.attendance.models import AttendanceEntry, Roll
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.errors import ConflictError
from portal.events import moves
from portal.events import queries as events
from portal.events.models import Audience, EventState
from portal.people.models import Membership, PersonKind
from portal.signups.models import SignupOrigin
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering

Clock = Callable[[datetime], None]
BRANCH_ONE = {
    "办公室测试甲",
    "书记测试甲",
    "支书测试甲",
    "记录测试甲",
    "物业测试甲",
    "党员测试甲",
    "党员测试乙",
}


def test_members_of_a_due_branch_are_expected(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.open(event)
    assert set(gathering.statuses(event)) == BRANCH_ONE
    assert set(gathering.statuses(event).values()) == {"expected"}


def test_a_due_community_means_all_its_branches(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson(gathering.shantou)
    gathering.open(event)
    assert set(gathering.statuses(event)) == BRANCH_ONE | {"党员测试丙"}


def test_the_exempt_are_on_the_list_but_not_due(gathering: Gathering, at: Clock) -> None:
    factories.person("党员测试戊", gathering.branch_one, is_exempt=True)
    event = gathering.lesson()
    gathering.open(event)
    assert gathering.statuses(event)["党员测试戊"] == "exempt"
    assert gathering.numbers(event).due == len(BRANCH_ONE)


def test_membership_counts_on_the_day_of_the_event(gathering: Gathering, at: Clock) -> None:
    joins = factories.person("后来的", gathering.branch_one, since=date(2026, 11, 26))
    leaves = factories.person("转走的", gathering.branch_one)
    held = select(Membership).where(Membership.person_id == leaves.id)
    relation = db.session.scalars(held).one()
    relation.valid_to = date(2026, 11, 25)
    db.session.add(
        Membership(
            person_id=leaves.id,
            organisation_id=gathering.branch_two.id,
            valid_from=date(2026, 11, 25),
        )
    )
    event = gathering.lesson(gathering.shantou)
    gathering.open(event)
    statuses = gathering.statuses(event)
    assert joins.name not in statuses
    assert leaves.name in statuses  # once, with the branch that took over on the day
    assert gathering.entry(event, leaves).unit_name == "汕头路社区第二党支部"


def test_who_signed_up_is_due_at_an_open_event(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    gathering.sign_up(event, gathering.c)
    gathering.open(event)
    assert gathering.statuses(event) == {"党员测试丙": "expected"}


def test_outsiders_at_an_event_for_organisations_sit_in(gathering: Gathering, at: Clock) -> None:
    guest = factories.person("来宾测试甲", kind=PersonKind.GUEST)
    event = gathering.lesson()
    gathering.sign_up(event, gathering.c)
    gathering.invite(event, gathering.d)
    gathering.sign_up(event, guest)
    gathering.sign_up(event, gathering.a)  # due anyway: the sign-up changes nothing
    gathering.open(event)
    statuses = gathering.statuses(event)
    assert (statuses["党员测试丙"], statuses["党员测试丁"]) == ("invited", "invited")
    assert statuses["来宾测试甲"] == "guest"
    assert statuses["党员测试甲"] == "expected"
    assert gathering.numbers(event).due == len(BRANCH_ONE)


def test_the_invited_are_due_at_an_event_by_invitation(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson(audience=Audience.INVITED)
    gathering.invite(event, gathering.c)
    gathering.open(event)
    assert gathering.statuses(event) == {"党员测试丙": "expected"}


def test_until_the_start_the_list_follows_sign_ups(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    first = gathering.sign_up(event, gathering.a)
    roll = gathering.open(event)
    assert roll.frozen_at is None
    gathering.sign_up(event, gathering.b, NINE - 12 * MINUTE)
    gathering.cancel(first, NINE - 12 * MINUTE)
    gathering.open(event)
    assert gathering.statuses(event) == {"党员测试乙": "expected"}


def test_whom_a_host_has_marked_stays_on_the_list(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    signup = gathering.sign_up(event, gathering.a)
    gathering.mark(event, gathering.a, "leave_sick")
    gathering.cancel(signup, NINE - 12 * MINUTE)
    gathering.open(event)
    assert gathering.statuses(event) == {"党员测试甲": "leave_sick"}


def test_at_the_start_the_list_is_frozen_as_it_stood_then(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    stays = gathering.sign_up(event, gathering.a)
    leaves = gathering.sign_up(event, gathering.b)
    gathering.cancel(leaves, NINE - MINUTE)
    gathering.cancel(stays, NINE + MINUTE)  # too late: the place was kept until the start
    gathering.sign_up(event, gathering.c, NINE + 5 * MINUTE)
    at(NINE + 20 * MINUTE)  # nobody looked before
    roll = gathering.open(event)
    assert roll.frozen_at == NINE
    assert gathering.numbers(event).due == 1
    assert gathering.statuses(event) == {"党员测试甲": "expected", "党员测试丙": "guest"}
    late = gathering.entry(event, gathering.c)
    assert late.is_walk_in
    assert not late.is_listed


def test_after_the_start_nobody_becomes_due(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    gathering.sign_up(event, gathering.a)
    at(NINE)
    gathering.open(event)
    gathering.sign_up(event, gathering.b, NINE + MINUTE, SignupOrigin.WALK_IN)
    factories.person("新党员测试", gathering.branch_one)
    at(NINE + 2 * MINUTE)
    gathering.open(event)
    numbers = gathering.numbers(event)
    assert (numbers.due, numbers.guests, numbers.others_come) == (1, 1, 1)


def test_registered_at_the_door_counts_as_come_and_a_mistake_is_taken_back(
    gathering: Gathering, at: Clock
) -> None:
    event = gathering.lesson()
    outsider = gathering.sign_up(event, gathering.c, NINE - 5 * MINUTE, SignupOrigin.WALK_IN)
    gathering.sign_up(event, gathering.a, NINE - 5 * MINUTE, SignupOrigin.WALK_IN)
    gathering.open(event)
    assert gathering.statuses(event)["党员测试甲"] == "present"  # was due all along
    assert gathering.entry(event, gathering.c).has_come
    gathering.cancel(outsider, NINE - 4 * MINUTE)
    gathering.open(event)
    entry = gathering.entry(event, gathering.c)
    assert not entry.has_come
    assert len(queries.history(entry)) == 2


def test_new_members_join_within_a_minute_before_the_start(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    at(NINE - 10 * MINUTE)
    gathering.open(event)
    factories.person("新党员测试", gathering.branch_one)
    factories.commit()
    at(NINE - 8 * MINUTE)
    gathering.open(event)
    assert "新党员测试" in gathering.statuses(event)


def test_an_event_moved_ahead_thaws_its_list(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    gathering.sign_up(event, gathering.a)
    at(NINE + MINUTE)
    gathering.open(event)
    moves.postpone(
        event=events.event(event.id),
        reason="讲师未到",
        actor=gathering.secretary,
        starts_at=NINE + 48 * HOUR,
    )
    factories.commit()
    gathering.sign_up(event, gathering.b, NINE + MINUTE)
    roll = gathering.open(event)
    assert roll.frozen_at is None
    assert set(gathering.statuses(event)) == {"党员测试甲", "党员测试乙"}


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.POSTPONED, EventState.CANCELLED])
def test_what_does_not_take_place_has_no_roll(
    gathering: Gathering, at: Clock, state: EventState
) -> None:
    event = gathering.lesson(state=state)
    with pytest.raises(ConflictError):
        services.open_roll(event=events.event(event.id), actor=gathering.secretary)


def test_two_thousand_people_are_drawn_in_a_few_statements(
    gathering: Gathering, at: Clock, queries_of: Callable, any_database: str
) -> None:
    gathering.many(600)
    event = gathering.lesson()
    assert queries_of(lambda: gathering.open(event)) <= 25
    assert gathering.numbers(event).due == 607


def test_many_screens_open_at_once_and_make_one_roll(
    app: Flask, gathering: Gathering, any_database: str
) -> None:
    event = gathering.lesson(starts_at=datetime.now(tz=NINE.tzinfo) - MINUTE)
    event_id = event.id
    barrier, failures = threading.Barrier(6), []

    def open_it() -> None:
        with app.app_context():
            barrier.wait()
            try:
                _open_in_a_request(event_id)
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert db.session.scalar(select(func.count()).select_from(Roll)) == 1
    people = select(func.count()).select_from(AttendanceEntry)
    assert db.session.scalar(people) == len(BRANCH_ONE)
    frozen = select(func.count()).where(AuditEntry.action == "attendance.frozen")
    assert db.session.scalar(frozen) == 1


def _open_in_a_request(event_id: int) -> None:
    with write_transaction():
        services.open_roll(event=events.event(event_id), actor=None)
