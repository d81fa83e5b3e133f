"""The year of the demo, lived in order: every act at its own moment, none after now."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import clock
from portal.attendance.models import AttendanceStatus
from portal.demo import doing
from portal.demo.programme import EventPlan, Fate
from portal.demo.world import World
from portal.events.models import Audience, Event
from portal.feedback.questions import standard
from portal.people.models import Person
from portal.signups.rules import Rules

_NO_TIME = ["临时出差", "单位有会议", "家中有事", "需要休息", "与其他活动时间冲突"]
_LEAVES = [
    AttendanceStatus.LEAVE_PUBLIC,
    AttendanceStatus.LEAVE_SICK,
    AttendanceStatus.LEAVE_PERSONAL,
]
_LATE = [AttendanceStatus.LATE, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY]
# Of an event long past, hosts enter everybody but the named from paper.
_LONG_AGO = timedelta(days=10)
_TICKED_AT_FIRST = 0.55
_CORRECTION = "当日在会务组服务，现场漏登，经记录人核实"


@dataclass(frozen=True)
class Act:
    """Something that is done at a moment; acts of one moment keep their order."""

    at: datetime
    what: Callable[[], None]


class Life:
    """One event of the demo from its first draft to its confirmed roll."""

    def __init__(self, world: World, plan: EventPlan, now: datetime, chance: random.Random) -> None:
        self.world = world
        self.plan = plan
        self.now = now
        self.chance = chance
        self.host = world.host_of(plan.host)
        self._event: Event | None = None

    @property
    def event(self) -> Event:
        """The event, once it has been written."""
        if self._event is None:
            raise RuntimeError(f"nobody has written “{self.plan.title}” yet")
        return self._event

    @property
    def is_long_ago(self) -> bool:
        """Whether the single steps interest nobody any more."""
        return self.plan.starts_at < self.now - _LONG_AGO

    @property
    def called_off_at(self) -> datetime:
        """What does not take place as planned was called off yesterday."""
        return self.now - timedelta(hours=20)

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
        elif plan.audience is not Audience.OPEN or plan.signed_up or plan.crowd:
            yield from self._roll()
            yield from self._feedback()

    # ---- before

    def _write(self) -> None:
        self._event = doing.write_event(self.world, self.plan, actor=self.host)
        if self.plan.rules != Rules() or self.plan.units:
            doing.set_rules(self.world, self._event, self.plan, actor=self.host)
        if self.plan.questions:
            doing.ask_on_signing_up(self._event, self.plan, actor=self.host)

    def _call_off(self) -> None:
        step = doing.call_off if self.plan.fate is Fate.CANCELLED else doing.put_off
        step(self.event, self.plan.reason, actor=self.host)

    def _signups(self, opens_at: datetime) -> Iterator[Act]:
        """Let the named sign up first, then the crowd; some of the crowd withdraw."""
        plan = self.plan
        named = [self.world.persons[key] for key in plan.signed_up]
        last = [self.world.persons[key] for key in plan.too_late]
        # Those with accounts sign up only where the plan says so.
        known = {person.id for person in self.world.persons.values()}
        others = [p for p in self.world.below(plan.pool) if p.id not in known and not p.is_exempt]
        crowd = self.chance.sample(others, min(plan.crowd, len(others)))
        closes_at = plan.signup_closes_at or plan.starts_at
        if plan.fate in {Fate.CANCELLED, Fate.POSTPONED}:
            closes_at = self.called_off_at
        until = min(closes_at, max(opens_at + timedelta(days=4), self.now - timedelta(hours=2)))
        on_paper = crowd if self.is_long_ago else crowd[: len(crowd) * 2 // 3]
        reach = self.world.within_reach_of(plan.host)
        together = [person for person in on_paper if person.id in reach]
        if together:
            early = opens_at + (until - opens_at) / 3
            yield Act(early, lambda: doing.sign_up_together(self.event, together, actor=self.host))
        one_by_one = [*named, *(p for p in crowd if p not in together), *last]
        step = (until - opens_at - timedelta(minutes=30)) / (len(one_by_one) + 1)
        for place, person in enumerate(one_by_one, 1):
            yield Act(opens_at + step * place, self._sign_up(person))
        if plan.approved:
            half = opens_at + (until - opens_at) / 2
            yield Act(half, lambda: doing.approve(self.event, plan.approved, actor=self.host))
        for place, person in enumerate(crowd[: plan.leavers], 1):
            at = until - timedelta(minutes=25) + timedelta(minutes=4 * place)
            yield Act(at, self._withdraw(person, self.chance.choice(_NO_TIME)))

    def _sign_up(self, person: Person) -> Callable[[], None]:
        return lambda: doing.sign_up(self.event, person)

    def _withdraw(self, person: Person, reason: str) -> Callable[[], None]:
        return lambda: doing.withdraw(self.event, person, reason)

    # ---- during and after

    @property
    def _sure_to_come(self) -> set[int]:
        """Whoever has an account comes where feedback is asked, to have something to say."""
        known = self.world.persons.values()
        return {person.id for person in known} if self.plan.feedback else set()

    def _roll(self) -> Iterator[Act]:
        plan = self.plan
        if not self.is_long_ago:
            door = plan.starts_at - timedelta(minutes=15)
            yield Act(door, lambda: doing.open_roll(self.event, actor=self.host))
        yield Act(plan.starts_at + timedelta(minutes=2), self._tick)
        yield Act(plan.starts_at + timedelta(minutes=50), self._tick_rest)
        if plan.fate is Fate.UNCONFIRMED:
            return
        yield Act(
            plan.ends_at + timedelta(minutes=25),
            lambda: doing.confirm(self.event, actor=self.host),
        )
        if plan.corrected:
            yield Act(plan.ends_at + timedelta(hours=20), self._correct)

    def _tick(self) -> None:
        """Tick name by name, at an event that runs now; leaves were told beforehand.

        Whoever has an account is left to sign in by themself, with the code on the wall.
        """
        doing.open_roll(self.event, actor=self.host)
        by_themselves = {person.id for person in self.world.persons.values()}
        is_over = self.plan.ends_at < self.now
        expected = [
            entry
            for entry in doing.entries(self.event)
            if entry.status is AttendanceStatus.EXPECTED
            and (is_over or entry.person_id not in by_themselves)
        ]
        uncertain = [entry for entry in expected if entry.person_id not in self._sure_to_come]
        away = self.chance.sample(uncertain, min(len(uncertain), len(expected) // 12))
        for entry in away:
            doing.mark(self.event, entry, self.chance.choice(_LEAVES), actor=self.host)
        if is_over:
            return
        for entry in expected:
            if entry not in away and self.chance.random() < _TICKED_AT_FIRST:
                doing.mark(self.event, entry, AttendanceStatus.PRESENT, actor=self.host)

    def _tick_rest(self) -> None:
        """Mark the rest present, set the late right; one or two did not come."""
        but = self.chance.choice([0, 1, 1, 2])
        doing.mark_rest(
            self.event, actor=self.host, but=but, chance=self.chance, sure=self._sure_to_come
        )
        present = [
            entry for entry in doing.entries(self.event) if entry.status is AttendanceStatus.PRESENT
        ]
        for entry in self.chance.sample(present, min(len(present), self.chance.randrange(3))):
            doing.mark(self.event, entry, self.chance.choice(_LATE), actor=self.host)

    def _feedback(self) -> Iterator[Act]:
        """Ask those who were there; some answer the same evening, others two days later.

        Whoever has an account is left to answer by themself.
        """
        plan = self.plan
        asked = standard(plan.feedback)
        if asked is None:
            return
        yield Act(
            plan.starts_at - timedelta(hours=1),
            lambda: doing.ask(self.event, asked, plan.feedback_days, actor=self.host),
        )
        for after, share in ((timedelta(hours=6), 0.4), (timedelta(days=2), 0.35)):
            yield Act(plan.ends_at + after, self._answer(share))

    def _answer(self, share: float) -> Callable[[], None]:
        known = {person.id for person in self.world.persons.values()}
        return lambda: doing.say(self.event, share=share, but=known, chance=self.chance)

    def _correct(self) -> None:
        """Put right, a day later, what was overlooked."""
        for entry in doing.entries(self.event):
            if entry.status in {AttendanceStatus.ABSENT, AttendanceStatus.LEAVE_PERSONAL}:
                doing.mark(
                    self.event,
                    entry,
                    AttendanceStatus.PRESENT,
                    actor=self.host,
                    reason=_CORRECTION,
                )
                return


def live(
    world: World,
    plans: list[EventPlan],
    *,
    until: datetime,
    progress: Callable[[int], object],
    besides: Iterable[Act] = (),
) -> None:
    """Do every act up to `until`, in order of time; `progress` hears of each.

    `besides` are the acts of what is no event, done before those of the same moment.
    """
    acts = [act for act in besides if act.at <= until]
    acts += [
        act
        for number, plan in enumerate(plans)
        for act in Life(world, plan, until, random.Random(number)).acts()
        if act.at <= until
    ]
    acts.sort(key=lambda act: act.at)
    for act in acts:
        with clock.stopped_at(act.at):
            act.what()
        progress(len(acts))
