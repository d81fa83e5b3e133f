"""What sign-ups add to the event page, to lists of events, and to a change of an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from portal import clock
from portal.events import hooks
from portal.events.models import Audience, Event, EventState
from portal.people.models import Person
from portal.signups import policies, queries, seats, services
from portal.signups.models import LIVE, SignupStatus
from portal.signups.queries import Overlap, Standing


@dataclass(frozen=True)
class Mine:
    """What the panel says to one reader about one event, and what it offers."""

    standing: Standing
    overlaps: Sequence[Overlap]
    closes_at: datetime
    may_sign_up: bool
    may_cancel: bool
    may_add_others: bool
    is_due: bool

    @property
    def is_live(self) -> bool:
        """Whether the reader is on the list."""
        mine = self.standing.mine
        return mine is not None and mine.status in LIVE

    @property
    def is_waiting(self) -> bool:
        """Whether the reader waits for a place."""
        mine = self.standing.mine
        return mine is not None and mine.status is SignupStatus.WAITLISTED


def mine(event: Event, reader: Person) -> Mine:
    """Return the reader's own state with the event, told as it is now."""
    now = clock.now()
    standing = queries.standing(event, reader)
    signup = standing.mine
    is_live = signup is not None and signup.status in LIVE
    is_open = policies.takes_signups(event, now)
    may_sign_up = is_open and not is_live and standing.is_admitted
    is_off = event.state is EventState.CANCELLED
    matters = may_sign_up or (is_live and not is_off and now < event.ends_at)
    return Mine(
        standing=standing,
        overlaps=queries.overlapping(event, [reader.id]) if matters else [],
        closes_at=policies.closes_at(event),
        may_sign_up=may_sign_up,
        may_cancel=signup is not None
        and not is_off
        and policies.can_be_cancelled(signup, event, now),
        may_add_others=is_open and policies.may_sign_up_others(reader),
        is_due=event.audience is Audience.DUE and standing.is_admitted,
    )


def _panel(event: Event, reader: Person) -> Mapping[str, object] | None:
    """A draft is nobody's to sign up to; all other events say where the reader stands."""
    if event.state is EventState.DRAFT:
        return None
    return {"mine": mine(event, reader), "is_swapped": False, "refusal": "", "form": None}


def _row_facts(events: Sequence[hooks.Row]) -> Mapping[int, str]:
    """Return "报名 18/40，候补 3" for each event that has been published."""
    shown = [event for event in events if event.state is not EventState.DRAFT]
    if not shown:
        return {}
    numbers = queries.counts([event.id for event in shown])
    return {event.id: _fact(event, numbers[event.id]) for event in shown}


def _fact(event: hooks.Row, counts: queries.Counts) -> str:
    limit = f"/{event.capacity}" if event.capacity is not None else ""
    waiting = f"，候补 {counts.waitlisted}" if counts.waitlisted else ""
    return f"报名 {counts.confirmed}{limit}{waiting}"


class SeatsFollow:
    """Sign-ups agree to a change of the event, and follow it."""

    def check_change(self, event: Event, *, capacity: int | None) -> None:
        """Refuse fewer places than there are people who have one."""
        services.check_capacity(event, capacity)

    def event_changed(self, event: Event, *, actor: Person) -> None:
        """Move the waiting list up where places have become free."""
        services.follow_change(event, actor=actor)


_LISTENER = SeatsFollow()
_PANEL = hooks.Panel("signups/panel.html", "side", _panel)
_TAB = hooks.Tab("报名", "signups.index", policies.may_manage)


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
