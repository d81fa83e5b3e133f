"""Rolls of sessions: drawn from the sign-ups of the whole, each counted once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.attendance import queries, reminders
from portal.attendance.rules import Timing
from portal.database import db
from portal.events import moves
from portal.events import queries as events
from portal.events.models import Audience, Event, EventState
from portal.events.sessions import services as sessions
from portal.events.sessions.services import Written
from portal.leaves import services as leaves
from portal.leaves.models import LeaveKind
from portal.reports.queries.events import event_figures
from portal.signups import services as signups
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.page import Browser

Clock = Callable[[datetime], None]
DAY = timedelta(days=1)
EARLY = NINE - 3 * DAY


@pytest.fixture
def whole(gathering: Gathering, at: Clock) -> Event:
    """A training whose second session is two days after the first."""
    return divided(gathering, at)


def divided(gathering: Gathering, at: Clock, audience: Audience = Audience.OPEN) -> Event:
    at(EARLY)
    made = gathering.lesson(audience=audience)
    for number in (0, 1):
        sessions.add(
            whole=events.event(made.id),
            written=Written(
                name=f"第{number + 1}场",
                starts_at=NINE + 2 * number * DAY,
                ends_at=NINE + 2 * number * DAY + 2 * HOUR,
            ),
            actor=gathering.secretary,
        )
        factories.commit()
    for one in parts(made):
        moves.publish(event=one, actor=gathering.secretary, tells=False)
    factories.commit()
    return events.event(made.id)


def parts(whole: Event) -> list[Event]:
    wanted = db.select(Event).where(Event.part_of_id == whole.id).order_by(Event.starts_at)
    return [events.event(one.id) for one in db.session.scalars(wanted)]


def on_roll(gathering: Gathering, event: Event) -> set[str]:
    return set(gathering.statuses(event))


def test_each_roll_is_drawn_from_the_whole_at_its_own_start(
    gathering: Gathering, whole: Event, at: Clock, any_database: str
) -> None:
    first, second = parts(whole)
    mine = gathering.sign_up(whole, gathering.a, EARLY)
    gathering.sign_up(whole, gathering.b, EARLY)
    at(NINE + MINUTE)
    gathering.open(first)
    assert on_roll(gathering, first) == {gathering.a.name, gathering.b.name}
    # Withdrawn between the two: the first roll stands, the second has one less.
    gathering.cancel(mine, NINE + DAY)
    at(NINE + 2 * DAY + MINUTE)
    gathering.open(second)
    assert on_roll(gathering, first) == {gathering.a.name, gathering.b.name}
    assert on_roll(gathering, second) == {gathering.b.name}


def test_the_list_of_a_session_follows_the_whole_until_it_begins(
    gathering: Gathering, whole: Event, at: Clock
) -> None:
    first = parts(whole)[0]
    at(NINE - 2 * HOUR)
    gathering.open(first)
    assert on_roll(gathering, first) == set()
    gathering.sign_up(whole, gathering.a, NINE - 2 * HOUR)
    gathering.open(first)
    assert on_roll(gathering, first) == {gathering.a.name}


def test_members_who_are_due_to_the_whole_are_due_to_each_session(
    gathering: Gathering, at: Clock, app: Flask
) -> None:
    whole = divided(gathering, at, Audience.DUE)
    first = parts(whole)[0]
    at(NINE + MINUTE)
    gathering.open(first)
    numbers = gathering.numbers(first)
    assert numbers.due == 7
    assert Browser(app).sign_in("a").get(f"/events/{first.id}").status == 200
    assert Browser(app).sign_in("c").get(f"/events/{first.id}").status == 404


def test_who_walks_in_to_one_session_is_not_expected_at_the_next(
    gathering: Gathering, whole: Event, at: Clock
) -> None:
    first, second = parts(whole)
    at(NINE + MINUTE)
    gathering.open(first)
    signups.register_walk_in(event=first, person=gathering.c, actor=gathering.secretary)
    factories.commit()
    gathering.open(first)
    entry = gathering.entry(first, gathering.c)
    assert (entry.is_walk_in, entry.has_come) == (True, True)
    at(NINE + 2 * DAY + MINUTE)
    gathering.open(second)
    assert on_roll(gathering, second) == set()


def test_the_whole_has_no_roll_and_says_where_they_are(
    gathering: Gathering, whole: Event, at: Clock, browser: Browser
) -> None:
    at(NINE + MINUTE)
    page = browser.sign_in("secretary").get(f"/events/{whole.id}/attendance")
    assert page.status == 409
    assert "每一场各有名册" in page.alert
    assert queries.find_roll(whole.id) is None


def test_an_empty_roll_goes_when_the_event_is_divided(gathering: Gathering, at: Clock) -> None:
    at(EARLY)
    event = gathering.lesson()
    gathering.open(event)
    sessions.add(
        whole=events.event(event.id),
        written=Written(name="第一场", starts_at=NINE, ends_at=NINE + HOUR),
        actor=gathering.secretary,
    )
    factories.commit()
    assert queries.find_roll(event.id) is None


def test_when_all_sessions_are_confirmed_the_whole_is_recorded_and_nothing_counts_twice(
    gathering: Gathering, whole: Event, at: Clock, any_database: str
) -> None:
    first, second = parts(whole)
    gathering.sign_up(whole, gathering.a, EARLY)
    gathering.sign_up(whole, gathering.b, EARLY)
    at(NINE + HOUR)
    gathering.mark(first, gathering.a, "present")
    gathering.mark(first, gathering.b, "present")
    gathering.confirm(first)
    assert events.event(whole.id).state is EventState.PUBLISHED
    at(NINE + 2 * DAY + HOUR)
    gathering.mark(second, gathering.a, "present")
    gathering.confirm(second)
    assert events.event(whole.id).state is EventState.RECORDED
    by_session, together = queries.numbers_together([first.id, second.id])
    assert (together.due, together.present, together.absent) == (4, 3, 1)
    assert by_session[second.id].present == 1
    figures = event_figures(events.event(whole.id))
    assert (figures.figures.due, figures.figures.present) == (4, 3)
    # Who signed up once is counted once, and came who came to any.
    assert (figures.turnout.confirmed, figures.turnout.came) == (2, 2)
    assert event_figures(second).turnout.came == 1


def test_the_host_sees_who_came_to_which_session(
    gathering: Gathering, whole: Event, at: Clock, browser: Browser
) -> None:
    secretary = browser.sign_in("secretary")
    address = f"/events/{whole.id}/sessions/people"
    assert "还没有名册" in secretary.get(address).text
    first, _second = parts(whole)
    people = gathering.many(51)
    for person in people:
        gathering.sign_up(whole, person, EARLY)
    at(NINE + MINUTE)
    secretary.sign_in("secretary")
    gathering.mark(first, people[0], "present")
    page = secretary.get(address)
    assert len(page.by("data-person")) == 50
    assert "实到 1 人次" in page.text
    assert len(secretary.get(f"{address}?page=2").by("data-person")) == 1
    assert Browser(browser.app).sign_in("a").get(address).status == 403


def test_the_table_takes_the_same_statements_for_one_person_and_for_fifty(
    gathering: Gathering, whole: Event, at: Clock, browser: Browser, queries_of: Callable
) -> None:
    address = f"/events/{whole.id}/sessions/people"
    first, _second = parts(whole)
    people = gathering.many(50)
    gathering.sign_up(whole, people[0], EARLY)
    at(NINE - 30 * MINUTE)
    gathering.open(first)
    secretary = browser.sign_in("secretary")
    secretary.get(address)
    one = queries_of(lambda: secretary.get(address))
    for person in people[1:]:
        gathering.sign_up(whole, person, EARLY)
    gathering.open(first)
    secretary.get(address)
    assert queries_of(lambda: secretary.get(address)) == one <= 8


def test_leave_is_asked_for_each_session(gathering: Gathering, whole: Event, at: Clock) -> None:
    first, second = parts(whole)
    gathering.sign_up(whole, gathering.a, EARLY)
    leaves.enter(
        event=events.event(first.id),
        person=gathering.a,
        kind=LeaveKind.SICK,
        reason="",
        proof_seen=False,
        actor=gathering.secretary,
        timing=Timing(),
    )
    factories.commit()
    at(NINE + 2 * DAY + MINUTE)
    gathering.open(second)
    assert gathering.statuses(first)[gathering.a.name] == "leave_sick"
    assert gathering.statuses(second)[gathering.a.name] == "expected"


def test_people_are_reminded_of_the_sessions_and_hosts_of_their_rolls(
    gathering: Gathering, whole: Event, at: Clock
) -> None:
    first, second = parts(whole)
    gathering.sign_up(whole, gathering.a, EARLY)
    at(NINE - DAY)
    assert list(reminders.starting_soon()) == [first.id]
    assert reminders.remind_of_start(first.id).number == 1
    at(NINE + 3 * DAY)
    assert list(reminders.not_confirmed()) == [first.id, second.id]
