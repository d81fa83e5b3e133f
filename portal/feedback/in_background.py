"""What feedback does by the clock: who has answered is forgotten the night after the end."""

from datetime import time

from flask import Flask

from portal.database import write_transaction
from portal.feedback import queries, services
from portal.jobs import hooks
from portal.jobs.hooks import Chore


def _forget() -> None:
    for feedback_id in queries.to_forget():
        with write_transaction():
            services.forget_marks(feedback_id)


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("forget-who-answered", _forget, at=time(3, 30)))
