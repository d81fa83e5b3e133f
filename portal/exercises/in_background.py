"""What exercises do by the clock: what was typed is forgotten on its day."""

from datetime import time

from flask import Flask

from portal.database import write_transaction
from portal.exercises import services
from portal.jobs import hooks
from portal.jobs.hooks import Chore


def _forget() -> None:
    with write_transaction():
        services.delete_expired()


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("forget-answers", _forget, at=time(0, 10)))
