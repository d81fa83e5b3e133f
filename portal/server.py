"""The production server: gunicorn with a few threads a worker, behind no other program.

Beside it stands one process for background work. It is a fork of gunicorn's master, so that it
shares the memory of what is loaded already; it is started anew when it dies, and ends with the
master, even where that is killed.
"""

import gc
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from flask import Flask, current_app
from gunicorn import sock
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

import portal
from portal.database import db
from portal.jobs.worker import PATIENCE, Worker

# Seconds between two starts of a background worker that dies at once.
_NOT_AGAIN_BEFORE = 5.0


class _Arbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which keeps the background worker as it keeps its own."""

    def __init__(self, server: "_Server") -> None:
        super().__init__(server)
        self._portal = server.portal
        self._background = 0
        self._started_at = -_NOT_AGAIN_BEFORE

    def manage_workers(self) -> None:
        """Called once a second and whenever a child has died."""
        super().manage_workers()
        if self._portal is None or self._is_alive():
            return
        if time.monotonic() - self._started_at >= _NOT_AGAIN_BEFORE:
            self._start(self._portal)

    def stop(self, graceful: bool = True) -> None:
        """Stop everybody; the background worker finishes or puts back what it is doing."""
        if self._is_alive():
            os.kill(self._background, signal.SIGTERM)
        super().stop(graceful)
        until = time.monotonic() + PATIENCE + 5
        while self._is_alive():
            if time.monotonic() > until:
                os.kill(self._background, signal.SIGKILL)
            time.sleep(0.05)

    def _is_alive(self) -> bool:
        """Ask without being deceived by another process that has got the number since."""
        if not self._background:
            return False
        with suppress(ChildProcessError):
            if os.waitpid(self._background, os.WNOHANG) == (0, 0):
                return True
        self._background = 0
        return False

    def _start(self, app: Flask) -> None:
        self._started_at = time.monotonic()
        master = os.getpid()
        self._background = os.fork()
        if self._background:
            return
        status = 1
        try:
            self._become_worker(app, master)
            status = 0
        except Exception:
            self.log.exception("the background worker has failed")
        finally:
            sys.stderr.flush()
            os._exit(status)  # nothing of the master's is to be tidied up here

    def _become_worker(self, app: Flask, master: int) -> None:
        for number in (*self.SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        sock.close_sockets(self.LISTENERS, unlink=False)
        for sibling in self.WORKERS.values():
            sibling.tmp.close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose(close=False)
        Worker(app).run(beside=master)


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any], beside: Flask | None) -> None:
        self._options = options
        self.portal = beside
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return portal.create_app()

    def run(self) -> None:
        _Arbiter(self).run()


def run(*, host: str, port: int, has_worker: bool) -> None:
    """Serve until stopped, with PORTAL_WORKERS processes of PORTAL_THREADS threads."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    # What is loaded now is loaded for good: a collection in a fork that looked at it would copy it.
    gc.collect()
    gc.freeze()
    _Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": app.config["PORTAL_WORKERS"],
            "threads": app.config["PORTAL_THREADS"],
            "worker_class": "gthread",
            "worker_tmp_dir": "/dev/shm",  # noqa: S108  the heartbeat file, in memory
            "keepalive": 15,
            "limit_request_line": 8190,  # whom one has ticked stands in the address of a search
            "graceful_timeout": 20,
            "max_requests": 50_000,
            "max_requests_jitter": 5_000,
            "proc_name": "portal",
            "loglevel": "warning",
        },
        app if has_worker else None,
    ).run()
