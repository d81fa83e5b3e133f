"""The production server: gunicorn with a few threads a worker, behind no other program."""

from typing import Any

from flask import current_app
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

import portal


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return portal.create_app()


def run(*, host: str, port: int) -> None:
    """Serve until stopped, with PORTAL_WORKERS processes of PORTAL_THREADS threads."""
    _Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": current_app.config["PORTAL_WORKERS"],
            "threads": current_app.config["PORTAL_THREADS"],
            "worker_class": "gthread",
            "worker_tmp_dir": "/dev/shm",  # noqa: S108  the heartbeat file, in memory
            "keepalive": 15,
            "limit_request_line": 8190,  # whom one has ticked stands in the address of a search
            "graceful_timeout": 20,
            "max_requests": 50_000,
            "max_requests_jitter": 5_000,
            "proc_name": "portal",
            "loglevel": "warning",
        }
    ).run()
