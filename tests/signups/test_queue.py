"""The queue against a model of it: any order of steps, on both databases.

The model is a list of people in order of arrival. After every step the rows must agree with
it: nobody twice, never more places given than there are, exactly as many moved up as fit, in
order of arrival.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.database import db, write_transaction
from portal.errors import InvalidInputError
from portal.events import services as events
from portal.events.details import of as details_of
from portal.events.models import Event
from portal.events.queries import event as event_by_id
from portal.people.models import Person, RoleGrant
from portal.signups import queries, services
from portal.signups.errors import AlreadySignedUpError, SignupRefusedError
from portal.signups.models import LIVE, Signup, SignupMove, SignupStatus
from portal.signups.services import Outcome
from tests.factories import Street, commit, event, person

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China, on the day of the event
PEOPLE = 8

numbers = st.integers(0, PEOPLE - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("sign_up"), numbers),
        st.tuples(st.just("sign_up"), numbers),
        st.tuples(st.just("cancel"), numbers),
        st.tuples(st.just("remove"), numbers),
        st.tuples(st.just("many"), numbers),
        st.tuples(st.just("walk_in"), numbers),
        st.tuples(st.just("capacity"), st.integers(0, 5)),
        st.tuples(st.just("close"), st.just(0)),
        st.tuples(st.just("open"), st.just(0)),
        st.tuples(st.just("by_host"), st.just(0)),
    ),
    min_size=5,
    max_size=25,
)


@dataclass
class Model:
    """The queue as one would keep it on a sheet of paper."""

    capacity: int | None
    is_open: bool = True
    has_place: list[int] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)

    def holds(self, number: int) -> bool:
        return number in self.has_place or number in self.waits

    def move_up(self) -> None:
        while self.waits and (self.capacity is None or len(self.has_place) < self.capacity):
            self.has_place.append(self.waits.pop(0))

    def sign_up(self, number: int) -> None:
        self.waits.append(number)
        self.move_up()

    def let_in(self, number: int) -> None:
        if number in self.waits:
            self.waits.remove(number)
        if number not in self.has_place:
            self.has_place.append(number)

    def leave(self, number: int) -> None:
        had_place = number in self.has_place
        (self.has_place if had_place else self.waits).remove(number)
        if had_place and self.is_open:
            self.move_up()


@pytest.fixture
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


def in_any_order(orders: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try that many orders of steps."""

    def of(test: Callable[..., None]) -> Callable[..., None]:
        unusual = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
        tried = settings(max_examples=orders, deadline=None, suppress_health_check=unusual)
        return tried(given(taken=steps, capacity=st.integers(1, 4))(test))

    return of


@in_any_order(25)
def test_the_queue_is_what_a_sheet_of_paper_would_say(
    app: Flask, morning: None, taken: list[tuple[str, int]], capacity: int
) -> None:
    _as_on_paper(taken, capacity)


@pytest.mark.parametrize("any_database", ["postgresql"])
@pytest.mark.postgresql
@in_any_order(8)  # the rules are shown on SQLite: here it is what PostgreSQL locks and finds
def test_the_queue_is_the_same_on_postgresql(
    app: Flask, any_database: str, morning: None, taken: list[tuple[str, int]], capacity: int
) -> None:
    _as_on_paper(taken, capacity)


def _as_on_paper(taken: list[tuple[str, int]], capacity: int) -> None:
    street, people = _world()
    made = event(
        street.shantou,
        street.secretary,
        starts_at=MORNING + timedelta(hours=4),
        capacity=capacity,
    )
    commit()
    model = Model(capacity)
    for step, number in taken:
        with write_transaction():
            _take(step, number, event_by_id(made.id), people, street, model)
        _check(made.id, people, model)
    _check_log(made.id)


def _world() -> tuple[Street, list[Person]]:
    """The street of this test, made with the first example and found again by all others."""
    known = db.session.info.get("queue_world")
    if known is None:
        street = Street()
        people = [person(f"排队测试{number}", street.branch_one) for number in range(PEOPLE)]
        commit()
        known = db.session.info["queue_world"] = (street, people)
    return known


def _take(
    step: str, number: int, made: Event, people: list[Person], street: Street, model: Model
) -> None:
    who, host = people[number], _with_grants(street.secretary.id)
    live = queries.live_signups(made.id, [who.id]).get(who.id)
    assert (live is not None) == model.holds(number)
    match step:
        case "sign_up":
            _sign_up(made, who, number, model)
        case "many":
            _sign_up_two(made, people, number, host, model)
        case "cancel" | "remove" if live is not None:
            actor, reason = (who, "") if step == "cancel" else (host, "重复")
            services.cancel(event=made, signup=live, actor=actor, reason=reason)
            model.leave(number)
        case "walk_in":
            services.register_walk_in(event=made, person=who, actor=host)
            model.let_in(number)
        case "capacity":
            _change_capacity(made, number or None, host, model)
        case "close" | "open":
            model.is_open = step == "open"
            closes_at = None if model.is_open else clock.now() - timedelta(minutes=1)
            made.signup_closes_at = closes_at
            services.follow_change(made, actor=host)
            if model.is_open:
                model.move_up()
        case "by_host":
            _move_up_by_host(made, host, model)


def _sign_up_two(
    made: Event, people: list[Person], number: int, host: Person, model: Model
) -> None:
    chosen = {people[each].id: each for each in (number, (number + 1) % PEOPLE)}
    found = queries.chosen_people(list(chosen))
    if not model.is_open:
        with pytest.raises(SignupRefusedError):
            services.sign_up_many(event=made, people=found, actor=host)
        return
    for each, outcome in services.sign_up_many(event=made, people=found, actor=host):
        was_in = model.holds(chosen[each.id])
        assert (outcome is Outcome.ALREADY) == was_in
        if not was_in:
            model.sign_up(chosen[each.id])


def _move_up_by_host(made: Event, host: Person, model: Model) -> None:
    is_free = model.capacity is None or len(model.has_place) < model.capacity
    if model.waits and is_free:
        services.promote_by_host(event=made, actor=host)
        model.move_up()
        return
    with pytest.raises(SignupRefusedError):
        services.promote_by_host(event=made, actor=host)


def _with_grants(person_id: int) -> Person:
    wanted = select(Person).options(selectinload(Person.grants).joinedload(RoleGrant.organisation))
    found = db.session.scalar(
        wanted.where(Person.id == person_id).execution_options(populate_existing=True)
    )
    assert found is not None
    return found


def _sign_up(made: Event, who: Person, number: int, model: Model) -> None:
    if model.holds(number):
        with pytest.raises(AlreadySignedUpError):
            services.sign_up(event=made, person=who, actor=who)
    elif not model.is_open:
        with pytest.raises(SignupRefusedError):
            services.sign_up(event=made, person=who, actor=who)
    else:
        services.sign_up(event=made, person=who, actor=who)
        model.sign_up(number)


def _change_capacity(made: Event, capacity: int | None, host: Person, model: Model) -> None:
    details = replace(details_of(made), capacity=capacity)
    if capacity is not None and capacity < len(model.has_place):
        if capacity != model.capacity:
            with pytest.raises(InvalidInputError, match=f"已有 {len(model.has_place)} 人"):
                events.edit(event=made, details=details, actor=host)
        return
    was = model.capacity
    events.edit(event=made, details=details, actor=host)
    model.capacity = capacity
    if model.is_open and capacity != was:
        model.move_up()


def _check(event_id: int, people: list[Person], model: Model) -> None:
    rows = db.session.scalars(
        select(Signup).where(Signup.event_id == event_id).order_by(Signup.id)
    ).all()
    live = [row for row in rows if row.status in LIVE]
    numbers = {each.id: number for number, each in enumerate(people)}
    assert len({row.person_id for row in live}) == len(live), "somebody is on the list twice"
    confirmed = {numbers[r.person_id] for r in live if r.status is SignupStatus.CONFIRMED}
    waiting = [numbers[r.person_id] for r in live if r.status is SignupStatus.WAITLISTED]
    assert confirmed == set(model.has_place)
    assert waiting == model.waits, "the waiting list is the order of arrival"
    counts = queries.counts([event_id])[event_id]
    assert (counts.confirmed, counts.waitlisted) == (len(model.has_place), len(model.waits))
    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
    db.session.rollback()


def _check_log(event_id: int) -> None:
    """The log tells each sign-up's whole way, without a gap, and always says why."""
    moves = db.session.scalars(
        select(SignupMove).where(SignupMove.event_id == event_id).order_by(SignupMove.id)
    ).all()
    stands: dict[int, SignupStatus] = {}
    for move in moves:
        assert move.from_status == stands.get(move.signup_id)
        assert move.reason
        stands[move.signup_id] = move.to_status
    rows = db.session.scalars(select(Signup).where(Signup.event_id == event_id))
    assert stands == {row.id: row.status for row in rows}
    db.session.rollback()
