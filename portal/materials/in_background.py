"""What the library does in the background: previews, and sweeping what nobody needs any more."""

from datetime import time, timedelta

from flask import Flask

from portal.database import write_transaction
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.materials import previews, services


def _sweep() -> None:
    with write_transaction():
        services.sweep()


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    previews.register()
    hooks.register(Chore("previews", previews.ask_for_missing, every=timedelta(hours=1)))
    hooks.register(Chore("sweep-files", _sweep, at=time(3, 10)))
