"""What sign-ups do by the clock: offers end, kept places are freed, groups are waited for no
more, answers are forgotten.
"""

from datetime import time, timedelta

from flask import Flask

from portal.database import write_transaction
from portal.events.queries import event as event_by_id
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.signups import queries, services


def _tend() -> None:
    for event_id in queries.events_to_tend():
        with write_transaction():
            services.tend(event=event_by_id(event_id))


def _forget() -> None:
    with write_transaction():
        services.forget_answers()


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("tend-queues", _tend, every=timedelta(minutes=5)))
    hooks.register(Chore("forget-signup-answers", _forget, at=time(3, 50)))
