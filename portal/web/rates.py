"""How often something may be done a minute: counted in this process, or in Redis.

Where Redis is away the process counts for itself until it is back.
"""

import logging
import time
from typing import NamedTuple, cast

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

log = logging.getLogger(__name__)


class Rates:
    """Counts by name and by who does it, in a window that slides."""

    def __init__(self, redis_url: str) -> None:
        self._here = MemoryStorage()
        self._storage: Storage = self._here
        if redis_url:
            self._storage = cast(Storage, storage_from_string(redis_url, wrap_exceptions=True))

    def wait(self, name: str, per_minute: int, who: str) -> int:
        """Count once; return for how many seconds to wait, 0 for none."""
        item = RateLimitItemPerMinute(per_minute, namespace=name)
        try:
            return _count(self._storage, item, who)
        except StorageError as error:
            log.warning("limits: Redis is away, counting here: %s", error.storage_error)
            return _count(self._here, item, who)


class _Window(NamedTuple):
    reset_time: float
    remaining: int


def _count(storage: Storage, item: RateLimitItemPerMinute, who: str) -> int:
    limiter = SlidingWindowCounterRateLimiter(storage)
    if limiter.hit(item, who):
        return 0
    window = _Window(*limiter.get_window_stats(item, who))
    return max(1, round(window.reset_time - time.time()))
