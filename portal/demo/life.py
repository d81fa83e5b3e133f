"""The year of the demo, lived in order: every act at its own moment, none after now."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import clock
from portal.attendance.models import AttendanceStatus
from portal.database import db
from portal.demo import doing
from portal.demo.programme import EventPlan, Fate
from portal.demo.world import World
from portal.events.models import Audience, Event, EventState
from portal.people.models import Person

_NO_TIME = ["临时出差", "单位有会议", "家中有事", "身体不适，需要休息", "与其他活动时间冲突"]
_LEAVES = [
    AttendanceStatus.LEAVE_PUBLIC,
    AttendanceStatus.LEAVE_SICK,
    AttendanceStatus.LEAVE_PERSONAL,
]


@dataclass(frozen=True)
class Act:
    """Something that is done at a moment; acts of one moment keep their order."""

    at: datetime
    what: Callable[[], None]


class Life:
    """One event of the demo from its first draft to its confirmed roll."""

    def __init__(self, world: World, plan: EventPlan, chance: random.Random) -> None:
        self.world = world
        self.plan = plan
        self.chance = chance
        self.host = world.host_of(plan.host)
        self._event: Event | None = None

    @property
    def event(self) -> Event:
        """The event, once it has been written."""
        if self._event is None:
            raise RuntimeError(f"nobody has written “{self.plan.title}” yet")
        return self._event

    def acts(self) -> Iterator[Act]:
        """Yield everything that happens to the event, past and future alike."""
        plan = self.plan
        posted = plan.published_at
        yield Act(posted - timedelta(hours=18), self._write)
        if plan.fate is Fate.DRAFT:
            return
        yield Act(posted, lambda: doing.publish(self.event, actor=self.host))
        yield from self._signups(max(posted, plan.signup_opens_at or posted))
        if plan.fate in {Fate.CANCELLED, Fate.POSTPONED}:
            yield Act(self.called_off_at, self._call_off)
            return
        yield from self._roll()

    @property
    def called_off_at(self) -> datetime:
        """What does not take place as planned was called off yesterday."""
        return clock.now() - timedelta(hours=20)

    # ---- before

    def _write(self) -> None:
        self._event = doing.write_event(self.world, self.plan, actor=self.host)

    def _call_off(self) -> None:
        cancelled = self.plan.fate is Fate.CANCELLED
        state = EventState.CANCELLED if cancelled else EventState.POSTPONED
        doing.move(self.event, state, self.plan.reason, actor=self.host)

    def _signups(self, opens_at: datetime) -> Iterator[Act]:
        """Let the named sign up first, then the crowd; some of the crowd withdraw."""
        plan = self.plan
        named = [self.world.persons[key] for key in plan.signed_up]
        others = [p for p in self.world.below(plan.pool) if p not in named and not p.is_exempt]
        crowd = self.chance.sample(others, min(plan.crowd, len(others)))
        people = named + crowd
        if not people:
            return
        closes_at = plan.signup_closes_at or plan.starts_at
        if plan.fate in {Fate.CANCELLED, Fate.POSTPONED}:
            closes_at = self.called_off_at
        until = min(closes_at, max(opens_at + timedelta(days=4), clock.now() - timedelta(hours=2)))
        step = (until - opens_at - timedelta(minutes=20)) / (len(people) + 1)
        for place, person in enumerate(people, 1):
            yield Act(opens_at + step * place, self._sign_up(person))
        for place, person in enumerate(crowd[: plan.leavers], 1):
            at = until - timedelta(minutes=15) + timedelta(minutes=4 * place)
            yield Act(at, self._withdraw(person, self.chance.choice(_NO_TIME)))

    def _sign_up(self, person: Person) -> Callable[[], None]:
        return lambda: doing.sign_up(self.event, person)

    def _withdraw(self, person: Person, reason: str) -> Callable[[], None]:
        return lambda: doing.withdraw(self.event, person, reason)

    # ---- during and after

    def _roll(self) -> Iterator[Act]:
        plan = self.plan
        start = plan.starts_at
        if plan.audience is Audience.DUE or plan.signed_up or plan.crowd:
            yield Act(start, lambda: doing.open_roll(self.world, self.event, plan))
            yield Act(start + timedelta(minutes=1), self._greet)
            yield Act(start + timedelta(minutes=50), self._finish)
        if plan.fate is Fate.UNCONFIRMED:
            return
        yield Act(plan.ends_at + timedelta(minutes=25), self._confirm)
        if plan.corrected:
            yield Act(plan.ends_at + timedelta(hours=20), self._correct)

    def _greet(self) -> None:
        for entry in doing.entries(self.event):
            if entry.status is AttendanceStatus.EXPECTED and self.chance.random() < 0.55:
                doing.mark(entry, AttendanceStatus.PRESENT, actor=self.host)

    def _finish(self) -> None:
        for entry in doing.entries(self.event):
            if entry.status is not AttendanceStatus.EXPECTED:
                continue
            doing.mark(entry, self._fortune(), actor=self.host)

    def _fortune(self) -> AttendanceStatus:
        luck = self.chance.random()
        if luck < 0.80:
            return AttendanceStatus.PRESENT
        if luck < 0.88:
            return AttendanceStatus.LATE
        if luck < 0.90:
            return AttendanceStatus.LEFT_EARLY
        if luck < 0.97:
            return self.chance.choice(_LEAVES)
        return AttendanceStatus.EXPECTED

    def _confirm(self) -> None:
        doing.confirm(self.event, actor=self.host)

    def _correct(self) -> None:
        for entry in doing.entries(self.event):
            if entry.status is AttendanceStatus.ABSENT:
                doing.mark(
                    entry,
                    AttendanceStatus.PRESENT,
                    actor=self.host,
                    reason="当日在会务组服务，漏点，经记录人核实",
                )
                return


def live(
    world: World, plans: list[EventPlan], *, until: datetime, progress: Callable[[int], object]
) -> None:
    """Do every act up to `until`, in order of time; `progress` hears of each."""
    acts = [
        act
        for number, plan in enumerate(plans)
        for act in Life(world, plan, random.Random(number)).acts()
        if act.at <= until
    ]
    acts.sort(key=lambda act: act.at)
    for act in acts:
        with clock.stopped_at(act.at):
            act.what()
            db.session.flush()
        progress(len(acts))
