"""The process that does the work: `portal worker`, or beside the server (`portal.server`)."""

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.jobs import marks, queries, queue, services
from portal.jobs.running import run_next

# Seconds: whether the server is still there; what is due, and what the dead have left.
_PARENT_EVERY = 1.0
_LOOK_EVERY = 5
# How long a job may go on once the worker is to stop, before it is put back.
PATIENCE = 20.0
_LONGEST_HOST = 40
_log = logging.getLogger("portal.jobs")


class Worker:
    """One worker; it has a name that no other ever had."""

    def __init__(self, app: Flask) -> None:
        host = socket.gethostname()[:_LONGEST_HOST].replace("/", "-")
        self.app = app
        self.folder = queue.folder(app)
        self.name = f"{host}-{os.getpid()}-{secrets.token_hex(4)}"
        self.stopping = threading.Event()

    def run(self, *, beside: int | None = None, ready: Callable[[], None] = lambda: None) -> None:
        """Work until stopped by SIGTERM or SIGINT, or until the parent `beside` is gone."""
        with marks.alive(self.folder, self.name):
            with queue.listening(self.app, self.look, patience=PATIENCE) as see_to_thread:
                for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    signal.signal(signal_number, self._stop)
                ready()
                self._plan()
                ticks = 0
                while not self._is_over(beside):
                    if ticks % _LOOK_EVERY == 0:
                        see_to_thread()
                        self.sweep()
                    ticks += 1
                self.stopping.set()
            with self.app.app_context():
                services.put_back(worker=self.name)

    def _stop(self, _signal: int, _frame: object) -> None:
        self.stopping.set()

    def _is_over(self, parent: int | None) -> bool:
        if parent is not None and os.getppid() != parent:
            return True
        return self.stopping.wait(_PARENT_EVERY)

    def look(self) -> None:
        """Do all that is due; the bell has rung."""
        try:
            while not self.stopping.is_set() and run_next(
                self.app, worker=self.name, is_stopping=self.stopping.is_set
            ):
                pass
        except (SQLAlchemyError, OSError) as error:
            _log.warning("the work goes on when the database answers again: %s", error)

    def sweep(self) -> None:
        """Take back what the dead have left, and ring for what is due."""
        try:
            with self.app.app_context():
                dead = marks.dead_among(self.folder, queries.running_with())
                services.take_back(dead=dead)
                marks.forget(self.folder, dead)
                is_due = queries.has_due(clock.now())
        except (SQLAlchemyError, OSError) as error:
            _log.warning("the database does not answer: %s", error)
            return
        if is_due and not queue.ring(self.app):
            self.look()

    def _plan(self) -> None:
        with self.app.app_context():
            services.plan_chores()
