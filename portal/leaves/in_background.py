"""What leave does by the clock: why people could not come is forgotten."""

from datetime import time

from flask import Flask

from portal.database import write_transaction
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.leaves import services


def _forget() -> None:
    with write_transaction():
        services.forget_reasons()


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("forget-leave-reasons", _forget, at=time(3, 40)))
