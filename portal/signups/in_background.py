"""What sign-ups do by the clock: offers end, kept places are freed, groups are waited for no
more, the invited are asked once more for their answer, answers are forgotten.
"""

from datetime import time, timedelta

from flask import Flask

from portal import clock
from portal.database import write_transaction
from portal.events.queries import event as event_by_id
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.messages import quiet_hours
from portal.signups import queries, services, telling


def _tend() -> None:
    for event_id in queries.events_to_tend():
        with write_transaction():
            services.tend(event=event_by_id(event_id))


def _forget() -> None:
    with write_transaction():
        services.forget_answers()


def _remind() -> None:
    if quiet_hours.is_quiet(clock.now()):
        return
    for event_id in queries.events_awaiting_answers():
        with write_transaction():
            telling.remind_to_answer(event_by_id(event_id))


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("tend-queues", _tend, every=timedelta(minutes=5)))
    hooks.register(Chore("remind-of-answers", _remind, at=quiet_hours.END))
    hooks.register(Chore("forget-signup-answers", _forget, at=time(3, 50)))
