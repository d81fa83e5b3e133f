"""What is told of sites by the clock: a review is due."""

from flask import Flask

from portal import clock
from portal.database import write_transaction
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.messages import quiet_hours
from portal.sites import telling


def _remind_of_reviews() -> None:
    if quiet_hours.is_quiet(clock.now()):
        return
    with write_transaction():
        telling.remind_of_reviews()


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("remind-of-reviews", _remind_of_reviews, at=quiet_hours.END))
