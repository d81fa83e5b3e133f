"""The background worker of tests: does what is due at a moment, chores and jobs."""

from datetime import datetime

import time_machine
from flask import Flask

from portal.database import db
from portal.jobs import services
from portal.jobs.running import run_next


def work_at(app: Flask, moment: datetime) -> None:
    """Let it be that moment, and a worker do whatever is due by then."""
    db.session.commit()
    with time_machine.travel(moment, tick=False):
        with app.app_context():
            services.plan_chores()
        while run_next(app, worker="tests", is_stopping=lambda: False):
            pass
