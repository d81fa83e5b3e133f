"""What sign-ups do by the clock: end offers, free kept places, stop waiting for groups."""

from datetime import timedelta

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


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("tend-queues", _tend, every=timedelta(minutes=5)))
