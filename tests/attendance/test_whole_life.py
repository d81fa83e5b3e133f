"""One event from the first sign-up to the last correction: what must hold after every step."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from portal import clock
from portal.attendance import queries, services
from portal.attendance.models import (
    LEAVE,
    MISSING,
    NOT_DUE,
    PRESENT,
    AttendanceEntry,
    AttendanceMark,
    AttendanceStatus,
    Direction,
    Method,
)
from portal.attendance.rules import Timing
from portal.attendance.services import CheckIn
from portal.database import db, write_transaction
from portal.errors import PortalError
from portal.events import queries as events
from portal.events.models import Audience
from portal.leaves import services as leaves
from portal.leaves.models import LeaveKind
from portal.people.models import Person
from portal.signups import services as signups
from portal.signups.models import LIVE, Signup, SignupOrigin, SignupStatus
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering

Clock = Callable[[datetime], None]
CAPACITY, PEOPLE = 2, 5
WHO = st.integers(0, PEOPLE - 1)
MOMENTS = (NINE - 30 * HOUR, NINE - 12 * MINUTE, NINE + 5 * MINUTE, NINE + 40 * MINUTE)


class Life(RuleBasedStateMachine):
    """Five people who want two seats, a host, a door."""

    gathering: Gathering
    at: Clock

    def __init__(self) -> None:
        super().__init__()
        self.at(MOMENTS[0])
        self.phase = 0
        made = self.gathering.lesson(audience=Audience.OPEN, capacity=CAPACITY)
        self.event_id = made.id
        self.people = [person.id for person in self.gathering.many(PEOPLE)]
        # Whoever stands at the door gets in, also before those who wait.
        self.at_the_door: set[int] = set()
        self.frozen: dict[int, tuple[object, ...]] | None = None

    def act(self, work: Callable[[Any, Person], object], who: int = 0) -> bool:
        """Do it for somebody; return whether the portal did not refuse."""
        with suppress(PortalError), write_transaction():
            person = db.session.get_one(Person, self.people[who])
            work(events.event(self.event_id), person)
            return True
        db.session.rollback()
        return False

    @property
    def host(self) -> Person:
        return db.session.merge(self.gathering.secretary)

    @initialize(number=st.integers(0, PEOPLE))
    def some_sign_up(self, number: int) -> None:
        for who in range(number):
            self.sign_up(who)

    @rule(who=WHO)
    def sign_up(self, who: int) -> None:
        self.act(lambda event, one: signups.sign_up(event=event, person=one, actor=one), who)

    @rule(who=WHO)
    def cancel(self, who: int) -> None:
        def work(event: Any, one: Person) -> None:
            live = Signup.status.in_(LIVE)
            of_one = (Signup.event_id == event.id, Signup.person_id == one.id, live)
            mine = db.session.scalar(select(Signup).where(*of_one))
            if mine is not None:
                signups.cancel(event=event, signup=mine, actor=one)

        self.act(work, who)

    @rule(who=WHO)
    def ask_for_leave_by_telephone(self, who: int) -> None:
        """After the confirmation, what is granted is a correction with its reason."""

        def work(event: Any, one: Person) -> None:
            leaves.enter(
                event=event,
                person=one,
                kind=LeaveKind.SICK,
                reason="",
                proof_seen=False,
                actor=self.host,
                timing=Timing(),
            )

        if self.act(work, who) and self.frozen is not None:
            self.frozen[self.people[who]] = self.rows()[self.people[who]]

    @rule()
    def time_goes_on(self) -> None:
        self.phase = min(self.phase + 1, len(MOMENTS) - 1)
        self.at(MOMENTS[self.phase])

    @precondition(lambda self: self.frozen is None)
    @rule(signs_out=st.booleans(), minimum_stay=st.sampled_from([1, 30]))
    def ask_to_sign_out(self, signs_out: bool, minimum_stay: int) -> None:
        def work(event: Any, _one: Person) -> None:
            services.ask_to_sign_out(
                event=event,
                signs_out=signs_out,
                early_grace=10,
                minimum_stay=minimum_stay,
                actor=self.host,
            )

        self.act(work)

    @precondition(lambda self: self.phase > 0)
    @rule(who=WHO)
    def say_that_somebody_left(self, who: int) -> None:
        def work(event: Any, one: Person) -> None:
            services.sign_out(
                event=event,
                person_id=one.id,
                left_at=clock.now(),
                actor=self.host,
                reason="门口看见" if self.frozen else "",
            )

        if self.act(work, who) and self.frozen is not None:
            self.frozen[self.people[who]] = self.rows()[self.people[who]]

    @precondition(lambda self: self.phase > 0)
    @rule(who=WHO, way=st.sampled_from([None, *Direction]))
    def check_in(self, who: int, way: Direction | None) -> None:
        def work(event: Any, one: Person) -> None:
            seen = CheckIn(str(uuid4()), one.id, clock.now(), Method.SCAN, direction=way)
            services.record(
                event=event, items=[seen], actor=self.host, timing=Timing(), device="东门"
            )
            self.at_the_door.add(one.id)

        self.act(work, who)

    @precondition(lambda self: self.phase > 0)
    @rule(who=WHO, status=st.sampled_from([*PRESENT, AttendanceStatus.ABSENT, *LEAVE]))
    def mark(self, who: int, status: AttendanceStatus) -> None:
        def work(event: Any, one: Person) -> None:
            services.mark(
                event=event, person_id=one.id, status=status, actor=self.host, timing=Timing()
            )

        self.act(work, who)

    @precondition(lambda self: self.frozen is None)
    @rule()
    def confirm(self) -> None:
        self.phase = max(self.phase, 2)
        self.at(MOMENTS[self.phase])
        if self.act(lambda event, _one: services.confirm(event=event, actor=self.host)):
            self.frozen = self.rows()

    @precondition(lambda self: self.frozen is not None)
    @rule(who=WHO, status=st.sampled_from([*PRESENT, AttendanceStatus.ABSENT]))
    def correct(self, who: int, status: AttendanceStatus) -> None:
        assert self.frozen is not None

        def work(event: Any, one: Person) -> None:
            services.mark(
                event=event,
                person_id=one.id,
                status=status,
                actor=self.host,
                timing=Timing(),
                reason="签到表上有签名",
            )

        if self.act(work, who):
            self.frozen[self.people[who]] = self.rows()[self.people[who]]

    def rows(self) -> dict[int, tuple[object, ...]]:
        db.session.rollback()
        found = db.session.scalars(queries.entries(self.event_id))
        return {
            row.person_id: (
                row.status,
                row.is_listed,
                row.has_come,
                row.arrived_at,
                row.left_at,
            )
            for row in found
        }

    def lists(self) -> list[Signup]:
        of_event = Signup.event_id == self.event_id
        return list(db.session.scalars(select(Signup).where(of_event).order_by(Signup.id)))

    @invariant()
    def no_more_places_than_there_are(self) -> None:
        taken = [
            one
            for one in self.lists()
            if one.status is SignupStatus.CONFIRMED
            and one.origin is not SignupOrigin.WALK_IN
            and one.person_id not in self.at_the_door
        ]
        assert len(taken) <= CAPACITY

    @invariant()
    def nobody_overtakes(self) -> None:
        """Of those who did not come to the door, whoever has a place signed up before who waits."""
        far = [
            one
            for one in self.lists()
            if one.origin is not SignupOrigin.WALK_IN and one.person_id not in self.at_the_door
        ]
        placed = [one.id for one in far if one.status is SignupStatus.CONFIRMED]
        waiting = [one.id for one in far if one.status is SignupStatus.WAITLISTED]
        assert not placed or not waiting or max(placed) < min(waiting)
        if waiting and self.phase == 0:
            assert len(placed) == CAPACITY

    @invariant()
    def everybody_stands_once_on_each_list(self) -> None:
        live = [one.person_id for one in self.lists() if one.status in LIVE]
        assert len(live) == len(set(live))
        of_event = AttendanceEntry.event_id == self.event_id
        rows = select(func.count(), func.count(AttendanceEntry.person_id.distinct()))
        total, different = db.session.execute(rows.where(of_event)).one()
        assert total == different

    @invariant()
    def the_roll_balances(self) -> None:
        rows = [row[0] for row in self.rows().values()]
        numbers = queries.numbers(self.event_id)
        assert numbers.due == numbers.present + numbers.leave + numbers.absent
        assert numbers.due == sum(status not in NOT_DUE for status in rows)
        assert numbers.present == sum(status in PRESENT for status in rows)
        assert numbers.leave == sum(status in LEAVE for status in rows)
        assert numbers.absent == sum(status in MISSING for status in rows)

    @invariant()
    def nobody_leaves_who_was_not_here_or_before_coming(self) -> None:
        for row in db.session.scalars(queries.entries(self.event_id)):
            assert row.left_at is None or row.has_come
            if row.left_at is not None and row.arrived_at is not None:
                assert row.left_at >= row.arrived_at

    @invariant()
    def a_confirmed_roll_changes_by_corrections_alone(self) -> None:
        if self.frozen is None:
            return
        assert self.rows() == self.frozen
        assert services.broken(queries.roll(self.event_id)) is None
        corrected = select(AttendanceMark.reason).where(
            AttendanceMark.event_id == self.event_id, AttendanceMark.is_correction
        )
        assert all(db.session.scalars(corrected))


def test_the_life_of_an_event_keeps_its_promises(gathering: Gathering, at: Clock) -> None:
    machine = type("OneLife", (Life,), {"gathering": gathering, "at": staticmethod(at)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            phases=[Phase.generate],  # a step costs much: what failed is told as it was found
            suppress_health_check=list(HealthCheck),
        ),
    )
