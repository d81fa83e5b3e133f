"""A live portal for tests: the real server in a process of its own, and browsers' cookies.

    with serving(app) as live:
        connection = live.connect()

The server shares the database, instance folder and secret of the test's `app`.
"""

import http.client
import os
import secrets
import signal
import socket
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from portal import clock
from portal.database import db
from portal.people.models import Account, LoginSession
from portal.people.queries import token_hash
from tests import commands
from tests.commands import SECRET_KEY

START_LIMIT = 60.0


@dataclass(frozen=True)
class Live:
    """A running server."""

    port: int
    process: ForkServerProcess
    log: IO[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is open already: nothing but the request is left to send."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.connect()
        return connection

    @property
    def workers(self) -> list[int]:
        """The processes that answer requests: children of the one that was started."""
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children")
        return [int(pid) for pid in children.read_text(encoding="ascii").split()]

    def kill_worker(self, which: int) -> None:
        """Kill one of those that answer, at once and without asking (kill -9)."""
        workers = self.workers
        if workers:
            with suppress(ProcessLookupError):
                os.kill(workers[which % len(workers)], signal.SIGKILL)

    def kill(self) -> None:
        """Kill all of the server, at once and without asking (kill -9)."""
        workers = self.workers
        self.process.kill()
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.join(30)

    def said(self) -> str:
        """What the server wrote so far, for the message of a failed test."""
        self.log.flush()
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")[-4000:]


@dataclass(frozen=True)
class Cookie:
    """A signed-in browser without the browser."""

    name: str
    value: str
    csrf_token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"{self.name}={self.value}"}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(app: Flask, *, worker: bool = False, **settings: object) -> Iterator[Live]:
    """Serve the application's database and instance until the block ends; stop by its pid.

    With its background `worker` or without. `settings` are PORTAL_* variables. What the test
    has written must be committed.
    """
    instance, database = Path(app.instance_path), str(app.config["PORTAL_DATABASE_URL"])
    with running(instance, database, worker=worker, **settings) as live:
        yield live


@contextmanager
def running(
    instance: Path, database_url: str, *, worker: bool = False, **settings: object
) -> Iterator[Live]:
    """Run `portal serve` on an instance folder and a database until the block ends.

    On a port of its own, or on the `PORT` of one that has ended.
    """
    port = int(str(settings.get("PORT", 0))) or free_port()
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        words = ("serve", "--worker" if worker else "--no-worker")
        own = {"PORTAL_DATABASE_URL": database_url, "HOST": "127.0.0.1", "PORT": port}
        own["PORTAL_SECRET_KEY"] = SECRET_KEY
        streams = (os.devnull, log.name, log.name)
        process = commands.started(words, instance, streams, **own | settings)
        live = Live(port, process, log)
        try:
            _wait(live)
            yield live
        finally:
            process.terminate()
            process.join(30)
            if process.is_alive():
                process.kill()
                process.join(30)


def _wait(live: Live) -> None:
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        if not live.process.is_alive():
            raise RuntimeError(f"the server ended by itself: {live.said()}")
        try:
            with urllib.request.urlopen(f"{live.address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not answer in time: {live.said()}")


def cookies_of(app: Flask, accounts: Sequence[Account]) -> list[Cookie]:
    """Sign all of them in at once, without 200 slow password checks; commits."""
    now = clock.now()
    tokens = [secrets.token_urlsafe(32) for _ in accounts]
    db.session.add_all(
        LoginSession(
            account_id=account.id,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            address="127.0.0.1",
        )
        for account, token in zip(accounts, tokens, strict=True)
    )
    db.session.commit()
    return [_cookie(app, token) for token in tokens]


def _cookie(app: Flask, token: str) -> Cookie:
    sessions = SecureCookieSessionInterface().get_signing_serializer(app)
    assert sessions is not None
    csrf = secrets.token_hex(20)
    content = sessions.dumps({"_user_id": token, "_fresh": True, "csrf_token": csrf})
    signed = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(csrf)
    name = app.config["SESSION_COOKIE_NAME"]
    return Cookie(name, str(content), str(signed))
