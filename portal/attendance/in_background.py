"""What is told of events by the clock, never in the quiet hours."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Flask

from portal import clock
from portal.attendance import reminders
from portal.database import write_transaction
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.messages import quiet_hours
from portal.messages.services import Told

_QUARTER = timedelta(minutes=15)


def _each(due: Callable[[], Sequence[int]], remind: Callable[[int], Told]) -> None:
    """Remind of each in a transaction of its own: nobody waits for all of them."""
    if quiet_hours.is_quiet(clock.now()):
        return
    for event_id in due():
        with write_transaction():
            remind(event_id)


def _remind_of_starts() -> None:
    _each(reminders.starting_soon, reminders.remind_of_start)


def _remind_of_early_starts() -> None:
    if quiet_hours.is_last_hour(clock.now()):
        _each(reminders.starting_before_morning, reminders.remind_of_start)


def _remind_of_rolls() -> None:
    _each(reminders.not_confirmed, reminders.remind_of_roll)


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("remind-of-starts", _remind_of_starts, at=quiet_hours.END))
    # More than once in that hour: what is posted at half past eight is told as well.
    hooks.register(Chore("remind-of-early-starts", _remind_of_early_starts, every=_QUARTER))
    hooks.register(Chore("remind-of-rolls", _remind_of_rolls, at=quiet_hours.END))
