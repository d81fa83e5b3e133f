"""Starting and stopping what is measured: each side under the same gunicorn settings."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.world import CODE_SECONDS

WORKERS = "2"
THREADS = "8"
START_LIMIT = 30.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(command: list[str], environment: dict[str, str], port: int) -> Iterator[int]:
    """Run a server until the block ends; wait until it answers /healthz."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=log, stderr=log
        )
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not answer in time")


@contextmanager
def portal(
    instance: Path, database_url: str, *, has_worker: bool = False, **settings: str
) -> Iterator[int]:
    """Serve the portal with this instance folder and database; a background worker on demand.

    `settings` are more PORTAL_* variables.
    """
    port = free_port()
    environment = {
        "PORTAL_ENV": "test",
        "PORTAL_INSTANCE_PATH": str(instance),
        "PORTAL_DATABASE_URL": database_url,
        "PORTAL_WORKERS": WORKERS,
        "PORTAL_THREADS": THREADS,
        "PORTAL_CODE_SECONDS": str(CODE_SECONDS),
        # A device of the bench stands for a hundred.
        "PORTAL_API_PER_MINUTE": "1000000",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **settings,
    }
    command = [str(Path(sys.executable).parent / "portal"), "serve"]
    command += [] if has_worker else ["--no-worker"]
    with serving(command, environment, port):
        yield port


@contextmanager
def limit(database_url: str) -> Iterator[int]:
    """Serve the bare application."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "bench.limit:app", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", WORKERS, "--threads", THREADS, "--worker-class", "gthread"]
    command += ["--keep-alive", "15", "--worker-tmp-dir", "/dev/shm", "--log-level", "warning"]
    with serving(command, {"LIMIT_DATABASE_URL": database_url}, port):
        yield port
