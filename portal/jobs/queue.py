"""The bell between those who ask and those who work: the only module that knows huey.

A message says "look", no more: which job is next is asked of the table. Losing the queue loses
nothing, ringing twice does nothing twice. On SQLite in the instance folder, or on Redis.
"""

import hmac
import importlib.util
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from huey import SqliteHuey
from huey.api import Huey
from huey.registry import Message
from huey.serializer import Serializer

_NAME = "portal"
_log = logging.getLogger("portal.jobs")
# Its errors are told by what comes of them; a Redis that is away would fill the log.
logging.getLogger("huey").setLevel(logging.CRITICAL)


class _Plain(Serializer):  # type: ignore[misc]
    """JSON: whoever may write to the queue must not thereby run code, as pickle would let them."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


def folder(app: Flask) -> Path:
    """Return where the queue and the marks of living workers lie."""
    return Path(app.instance_path) / "jobs"


@contextmanager
def _opened(app: Flask) -> Iterator[Huey]:
    options: dict[str, Any] = {"results": False, "serializer": _Plain()}
    url = str(app.config["PORTAL_REDIS_URL"])
    if url:
        queue = Huey(_name(app), storage_class=_redis_storage(), url=url, **options)
    else:
        folder(app).mkdir(mode=0o750, exist_ok=True)
        path = str(folder(app) / "queue.sqlite")
        # The table is the truth: the bell need not survive a power cut.
        queue = SqliteHuey(_NAME, filename=path, fsync=False, cache_mb=1, timeout=2, **options)
    try:
        yield queue
    finally:
        queue.storage.close()
        if url:
            queue.storage.pool.disconnect()


@cache
def _redis_storage() -> type:
    """Return huey's way to Redis, with the library that it was kept from (`portal.jobs`).

    From a second copy of the module: to load the first anew would break what uses it already.
    """
    spec = importlib.util.find_spec("huey.storage")
    if spec is None or spec.loader is None:
        raise ImportError("huey.storage")
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    with_redis: type = copy.RedisStorage
    return with_redis


def _name(app: Flask) -> str:
    """Return a name that the nodes of one installation share, and no other on the same Redis."""
    secret = str(app.config["SECRET_KEY"]).encode()
    return _NAME + hmac.digest(secret, b"queue of jobs", "sha256").hex()[:12]


def _bell(queue: Huey, look: Callable[[], None]) -> Callable[[], object]:
    def looking() -> None:
        look()

    ring: Callable[[], object] = queue.task(name="look")(looking)
    return ring


def ring(app: Flask) -> bool:
    """Wake a worker; return False where the queue cannot be reached.

    Whatever is the matter with the bell, it must not spoil what was asked for: a worker looks
    by itself before long.
    """
    try:
        with _opened(app) as queue:
            if not queue.storage.queue_size():
                _bell(queue, lambda: None)()
    except Exception as error:
        _log.warning("the queue cannot be reached, a worker will look by itself: %s", error)
        return False
    return True


@contextmanager
def listening(
    app: Flask, look: Callable[[], None], *, patience: float
) -> Iterator[Callable[[], object]]:
    """Call `look` in a thread whenever the bell rings, until the block ends.

    What is given is to be called now and then: it sees to it that the thread is alive. At the
    end a `look` that is under way is waited for, `patience` seconds at most.
    """
    with _opened(app) as queue:
        _bell(queue, look)
        consumer = queue.create_consumer(
            workers=1,
            periodic=False,
            initial_delay=0.1,
            max_delay=1.0,
            scheduler_interval=60,
            shutdown_timeout=patience,
        )
        consumer.start()
        try:
            yield consumer.check_worker_health
        finally:
            consumer.stop(graceful=True)
