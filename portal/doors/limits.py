"""How often a device may speak: counted in this process, or in Redis where there is one.

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


class Limits:
    """What one token may send, and how many wrong tokens one address may try, a minute."""

    def __init__(self, *, redis_url: str, per_token: int, wrong_per_address: int) -> None:
        self._here = MemoryStorage()
        self._storage: Storage = self._here
        if redis_url:
            self._storage = cast(Storage, storage_from_string(redis_url, wrap_exceptions=True))
        self._per_token = RateLimitItemPerMinute(per_token, namespace="door-token")
        self._wrong = RateLimitItemPerMinute(wrong_per_address, namespace="door-wrong")

    def wait_of_token(self, token_hash: str) -> int:
        """Count a request; return for how many seconds the device should wait, 0 for none."""
        return self._counted(self._per_token, token_hash)

    def wait_after_wrong(self, address: str) -> int:
        """Count a wrong token; return for how many seconds to answer nothing else."""
        return self._counted(self._wrong, address)

    def _counted(self, item: RateLimitItemPerMinute, who: str) -> int:
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
