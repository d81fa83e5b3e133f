"""What bookings do by the clock: contacts of visits are forgotten."""

from datetime import time

from flask import Flask

from portal.bookings import services
from portal.database import write_transaction
from portal.jobs import hooks
from portal.jobs.hooks import Chore


def _forget() -> None:
    with write_transaction():
        services.forget_contacts()


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("forget-contacts", _forget, at=time(3, 20)))
