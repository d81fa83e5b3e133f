"""What sign-ups add to the event page, to lists of events, and to a change of an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask

from portal import clock
from portal.events import hooks
from portal.events.models import Audience, Event, EventState
from portal.people import hooks as people_hooks
from portal.people.models import Person
from portal.people.policies import is_administrator
from portal.people.readers import Somebody
from portal.signups import policies, queries, seats, services
from portal.signups.models import LIVE, SignupStatus
from portal.signups.queries import Answered, Line, Overlap, Standing
from portal.signups.rules import UnitNumbers, in_words, unit_of


@dataclass(frozen=True)
class Mine:
    """What the panel says to one reader about one event, and what it offers."""

    standing: Standing
    overlaps: tuple[Overlap, ...]
    closes_at: datetime
    may_sign_up: bool
    may_cancel: bool
    may_add_others: bool
    is_due: bool
    may_add_family: bool = False
    # Whether the reader is asked by name and may answer no; what was answered before.
    may_refuse: bool = False
    answered: Answered = field(default_factory=Answered)
    # Whether the reader may send somebody else, or come after all instead of who was sent.
    may_send: bool = False
    may_come_oneself: bool = False
    # Whether signing up now would mean waiting; the rule in words; why one stands where one does.
    would_wait: bool = False
    rule: tuple[str, ...] = ()
    why: str = ""
    unit: UnitNumbers | None = None
    # Places free now that are kept for other units.
    kept_for_others: int = 0
    # Until when one gives the place back alone, where that is not the start; whether it is over.
    cancel_closes_at: datetime | None = None
    is_too_late_to_cancel: bool = False

    @property
    def is_live(self) -> bool:
        """Whether the reader is on the list."""
        mine = self.standing.mine
        return mine is not None and mine.status in LIVE

    @property
    def is_waiting(self) -> bool:
        """Whether the reader waits for a place."""
        mine = self.standing.mine
        return mine is not None and mine.status is SignupStatus.WAITLISTED and not mine.is_offered

    @property
    def offer_ends_at(self) -> datetime | None:
        """Until when the place that is held for the reader may be taken."""
        mine = self.standing.mine
        return mine.offer_ends_at if mine is not None and mine.is_offered else None

    @property
    def is_pending(self) -> bool:
        """Whether the host has not decided yet."""
        return self.standing.state == SignupStatus.PENDING

    @property
    def is_declined(self) -> bool:
        """Whether the host has not let the reader in."""
        return self.standing.state == SignupStatus.DECLINED


def mine(event: Event, reader: Somebody) -> Mine:
    """Return the reader's own state with the event, told as it is now."""
    now = clock.now()
    standing = queries.standing(event, reader)
    signup, rules = standing.mine, standing.rules
    is_live = signup is not None and signup.status in LIVE
    is_open = policies.takes_signups(event, now)
    may_sign_up = (
        is_open and not is_live and standing.is_admitted and standing.state != SignupStatus.DECLINED
    )
    is_invited = event.audience is Audience.INVITED and not is_administrator(reader)
    answered = queries.answered_by(event.id, reader) if is_invited else Answered()
    is_sent = bool(answered.stand_in)
    has_place = signup is not None and signup.status is SignupStatus.CONFIRMED
    is_off = event.state is EventState.CANCELLED
    # What is held in sessions takes none of the days between them.
    matters = (
        standing.is_expected_elsewhere
        and not event.session_count
        and (may_sign_up or (is_live and not is_off and now < event.ends_at))
    )
    # What the line says matters before it begins; where it is full and plain, it says nothing.
    is_plain = not standing.has_quotas
    is_full = standing.counts.free(event.capacity) == 0
    concerns = now < event.starts_at and not (
        is_plain and (is_full or not standing.counts.waitlisted)
    )
    line = queries.standing_in_line(event, standing) if concerns else None
    unit = unit_of(standing.path, line.units) if line else None
    may_give_back = (
        signup is not None and not is_off and policies.can_be_cancelled(signup, event, now)
    )
    is_alone = signup is not None and policies.can_be_cancelled_alone(signup, rules, event, now)
    return Mine(
        standing=standing,
        overlaps=tuple(queries.overlapping(event, [reader.id])) if matters else (),
        closes_at=policies.closes_at(event),
        may_sign_up=may_sign_up and not is_sent,
        may_cancel=may_give_back and is_alone,
        may_add_others=is_open and policies.may_sign_up_others(reader),
        may_refuse=is_invited and may_sign_up and not is_sent,
        answered=answered,
        may_send=is_invited
        and is_open
        and standing.is_admitted
        and not is_sent
        and (may_sign_up or has_place),
        may_come_oneself=is_sent and event.state is EventState.PUBLISHED and now < event.starts_at,
        may_add_family=is_open and standing.is_helper,
        is_due=event.audience is Audience.DUE and standing.is_admitted,
        would_wait=not line.would_get_a_place(event, standing.path, now) if line else is_full,
        rule=tuple(in_words(event, rules, line.units if line else [])),
        why=_why(event, standing, line, now),
        unit=unit,
        kept_for_others=_kept_for_others(event, line, unit, now),
        cancel_closes_at=rules.cancel_closes_at(event) if rules.cancel_hours else None,
        is_too_late_to_cancel=may_give_back and not is_alone,
    )


def _why(event: Event, standing: Standing, line: Line | None, now: datetime) -> str:
    """Return why the reader stands where he does: who waits, as the queue is now."""
    signup = standing.mine
    if signup is None or signup.status is not SignupStatus.WAITLISTED or signup.is_offered:
        return standing.reason
    known = line.whys(event, now).get(signup.id) if line else None
    return known or Line.full(standing.counts, event.capacity)


def _kept_for_others(
    event: Event, line: Line | None, unit: UnitNumbers | None, now: datetime
) -> int:
    if line is None or event.capacity is None or now >= line.rules.floors_end_at(event):
        return 0
    kept = sum(one.kept for one in line.units if unit is None or one.id != unit.id)
    return min(kept, line.counts.free(event.capacity) or 0)


def _panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """A draft is nobody's to sign up to, nor a session; all others say where the reader stands."""
    if event.state is EventState.DRAFT or event.part_of_id is not None:
        return None
    return {"mine": mine(event, reader), "is_swapped": False, "refusal": "", "form": None}


def _row_facts(events: Sequence[hooks.Row]) -> Mapping[int, str]:
    """Return "报名 18/40，候补 3" for each event that has been published."""
    shown = [
        event
        for event in events
        if event.state is not EventState.DRAFT and event.part_of_id is None
    ]
    if not shown:
        return {}
    numbers = queries.counts([event.id for event in shown])
    return {event.id: _fact(event, numbers[event.id]) for event in shown}


def _fact(event: hooks.Row, counts: queries.Counts) -> str:
    limit = f"/{event.capacity}" if event.capacity is not None else ""
    others = (("候补", counts.waitlisted), ("待确认", counts.offered), ("待审核", counts.pending))
    besides = "".join(f"，{word} {number}" for word, number in others if number)
    return f"报名 {counts.confirmed}{limit}{besides}"


def _helpers(person: Person, reader: Somebody) -> Mapping[str, object] | None:
    """Whoever keeps the record says who may sign the person up."""
    may_keep = policies.may_keep_helpers(reader, person.keeping_memberships(clock.today()))
    return {} if may_keep else None


class SeatsFollow:
    """Sign-ups agree to a change of the event, and follow it."""

    def check_change(self, event: Event, *, capacity: int | None) -> None:
        """Refuse fewer places than there are people who have one."""
        services.check_capacity(event, capacity)

    def event_changed(self, event: Event, *, actor: Person) -> None:
        """Move the waiting list up where places have become free."""
        services.follow_change(event, actor=actor)

    def event_copied(self, event: Event, made: Event) -> None:
        """Let the copy go by the same rules."""
        services.copy_rules(event=event, made=made)
        services.copy_questions(event=event, made=made)


_LISTENER = SeatsFollow()
_PANEL = hooks.Panel("signups/panel.html", "side", _panel)
_HELPERS = people_hooks.PersonPanel("signups/helpers_panel.html", _helpers)
_TAB = hooks.Tab("报名", "signups.index", policies.may_open_tab)


def init_app(app: Flask) -> None:
    """Choose the guard of the seats; take part in the pages of events."""
    unguarded = app.config["PORTAL_TEST_UNGUARDED"]
    seats.use_guard(seats.UnguardedForTests() if unguarded else seats.LockedGuard())
    if _LISTENER in hooks.listeners:
        return
    hooks.listeners.append(_LISTENER)
    hooks.panels.append(_PANEL)
    hooks.tabs.append(_TAB)
    hooks.row_facts.append(_row_facts)
    hooks.lists_of.append(queries.events_signed_up_to)
    hooks.concerned.append(queries.signed_up)
    people_hooks.person_panels.append(_HELPERS)
