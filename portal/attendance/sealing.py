"""The seal of a confirmed roll, pure: a changed row does not bear its seal any more.

Each row's seal is an HMAC-SHA-256 over all that the confirmation froze of it, under a key of
the portal that is not in the database; the roll's seal is one over the seals of its rows, so
that none can be added, taken away or exchanged.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from portal.attendance.models import AttendanceStatus

_PURPOSE = b"portal confirmed roll"
# Characters of a roll's seal that tell its key from others.
_MARK = 8


class Sealed(NamedTuple):
    """What is sealed of one row."""

    person_id: int
    name: str
    unit_name: str
    status: AttendanceStatus
    is_listed: bool
    is_walk_in: bool
    has_come: bool
    arrived_at: datetime | None
    # Sealed where there is one alone: rolls of before people signed out bear the same seal.
    left_at: datetime | None = None


def key_of(secret: str) -> bytes:
    """Return the key of all seals, derived from the portal's secret."""
    return hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()


def seal_of(key: bytes, event_id: int, row: Sealed) -> str:
    """Return the seal of one row of the roll of that event."""
    *plain, arrived_at, left_at = row
    arrived = arrived_at.isoformat() if arrived_at else None
    left = [left_at.isoformat()] if left_at else []
    content = json.dumps([event_id, *plain, arrived, *left], ensure_ascii=False)
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def seal_of_roll(key: bytes, event_id: int, seals: Iterable[tuple[int, str]]) -> str:
    """Return the seal of a roll from its persons and the seals of their rows.

    It begins with the mark of its key: under another key nothing can be said of it.
    """
    content = json.dumps([event_id, sorted(seals)])
    seal = hmac.new(key, content.encode(), hashlib.sha256).hexdigest()
    return _mark_of(key) + seal[_MARK:]


def is_under(key: bytes, seal: str) -> bool:
    """Return whether the seal of a roll was made with this key."""
    return hmac.compare_digest(seal[:_MARK].encode(), _mark_of(key).encode())


def _mark_of(key: bytes) -> str:
    return hmac.new(key, b"mark of the key", hashlib.sha256).hexdigest()[:_MARK]
