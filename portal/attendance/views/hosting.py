"""The way in to every page of the roll: hosts only, the list as things stand."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import current_app

from portal import clock
from portal.attendance import policies, queries, services
from portal.attendance.models import Roll
from portal.attendance.rules import Timing
from portal.database import write_transaction
from portal.errors import ConflictError
from portal.events import queries as events
from portal.events.models import Event
from portal.people.access import current_person, current_reader, require

View = Callable[..., Any]
_NOT_HOST = "只有这次活动的主办方能查看和登记名册。"


def timing() -> Timing:
    """Return when rolls open, when one is late, when codes close, as the settings say."""
    minutes = {
        name: timedelta(minutes=current_app.config[f"PORTAL_{setting}_MINUTES"])
        for name, setting in (
            ("opens_before", "ROLL_OPENS"),
            ("late_after", "LATE_AFTER"),
            ("closes_after", "CODE_CLOSES"),
        )
    }
    return Timing(**minutes)


def hosted_event(event_id: int) -> Event:
    """Return the event, with its host, whose roll the reader runs; refuse everybody else."""
    roll = queries.sources(event_id).roll
    if roll is not None and policies.may_open_tab(current_reader(), roll.event):
        return roll.event
    event = events.event_seen_by(current_reader(), event_id)
    require(policies.may_run_roll(current_reader(), event), _NOT_HOST)
    if not policies.has_roll(event):
        raise ConflictError(policies.why_no_roll(event))
    return event


def on_roll(view: View) -> View:
    """Give a page that reads the roll its `event` and `roll`, drawn as things stand now.

    Where the list has to be drawn first (opened, brought up to date, frozen), that is done in
    a transaction of its own.
    """

    @wraps(view)
    def reading(event_id: int, **parts: Any) -> Any:
        sources = queries.sources_to_read(event_id)
        roll = sources.roll
        if roll is None or not _is_ready(sources, roll.event):
            with write_transaction():
                services.open_roll(event=hosted_event(event_id), actor=current_person())
            roll = queries.sources_to_read(event_id).roll
            assert roll is not None  # noqa: S101  it was opened two lines above
        return view(event=roll.event, roll=roll, **parts)

    return reading


def _is_ready(sources: queries.Sources, event: Event) -> bool:
    """Return whether the reader may see the roll and its list needs no drawing."""
    return policies.may_open_tab(current_reader(), event) and services.is_current(sources, event)


def roll_is_open(event: Event, roll: Roll) -> bool:
    """Return whether presence may be marked now."""
    return roll.confirmed_at is None and timing().is_open(event.starts_at, clock.now())
