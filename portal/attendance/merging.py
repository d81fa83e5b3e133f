"""What several doors have seen of one person, put together; pure.

The result never depends on the order in which check-ins arrive, only on when they were made:

1. The earliest arrival counts, and whoever was in time at one door was in time.
2. What somebody said by hand about how a person counts stands: an earlier scan only brings
   the time of arrival forward.
3. Who was said not to be here (leave, absent, taken off) was not here until then: scans of
   before do not count, later ones do. The host sees both (`reconciling`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from portal.attendance.models import (
    OWN_ACTS,
    AttendanceStatus,
    Method,
    Outcome,
)
from portal.attendance.rules import Timing

_Rank = tuple[datetime, str, int, bool, str]
_NEVER = datetime.max.replace(tzinfo=UTC)


class Standing(NamedTuple):
    """How somebody stands on the roll."""

    status: AttendanceStatus
    is_listed: bool
    has_come: bool
    arrived_at: datetime | None
    away_at: datetime | None
    method: Method | None
    marked_by_id: int | None
    device: str = ""


class Seen(NamedTuple):
    """What a door saw: when (already clamped), how, who signed in there, which door it is."""

    at: datetime
    method: Method
    by_id: int | None
    device: str = ""


@dataclass(frozen=True)
class Window:
    """From when on a roll takes arrivals, and from when on one is late."""

    opens_at: datetime
    late_after: datetime

    @classmethod
    def of(cls, starts_at: datetime, timing: Timing) -> "Window":
        """Return the window of an event that starts then."""
        return cls(starts_at - timing.opens_before, starts_at + timing.late_after)

    def clamped(self, reported_at: datetime, received_at: datetime) -> datetime:
        """Return the moment that counts: nobody comes before the opening or after now."""
        return max(self.opens_at, min(reported_at, received_at))


def merged(now: Standing, seen: Seen, window: Window) -> tuple[Outcome, Standing]:
    """Return what comes of a check-in, and how the person stands after it."""
    if now.away_at is not None and seen.at <= now.away_at:
        return Outcome.ALREADY, now
    own = _own_status(now, seen, window)
    if not now.has_come:
        return Outcome.RECORDED, _seen_as(now, own, seen)
    arrived_at = min(now.arrived_at or _NEVER, seen.at)
    if now.status is AttendanceStatus.LATE and now.method in OWN_ACTS and own is not now.status:
        return Outcome.ALREADY, _seen_as(now, own, seen)._replace(arrived_at=arrived_at)
    if own is now.status and not _said_by_hand(now) and _rank(seen) < _rank_of(now):
        return Outcome.ALREADY, _seen_as(now, own, seen)
    return Outcome.ALREADY, now._replace(arrived_at=arrived_at)


def _own_status(now: Standing, seen: Seen, window: Window) -> AttendanceStatus:
    """Return how the person would count by this alone.

    Those outside the due list stay what they are. A tick by staff says present whenever it
    is made: a busy host ticks after the fact.
    """
    if not now.is_listed:
        return now.status
    is_late = seen.method in OWN_ACTS and seen.at > window.late_after
    return AttendanceStatus.LATE if is_late else AttendanceStatus.PRESENT


def _said_by_hand(now: Standing) -> bool:
    """Late by the clock is overruled by who saw the person earlier, late by hand is not."""
    return now.status is AttendanceStatus.LATE and now.method not in OWN_ACTS


def _seen_as(now: Standing, status: AttendanceStatus, seen: Seen) -> Standing:
    return now._replace(
        status=status,
        has_come=True,
        arrived_at=seen.at,
        method=seen.method,
        marked_by_id=seen.by_id,
        device=seen.device,
    )


def _rank(seen: Seen) -> _Rank:
    """Of two at the same moment one is always taken, whichever came first: one of a door first."""
    return seen.at, seen.method, seen.by_id or 0, not seen.device, seen.device


def _rank_of(now: Standing) -> _Rank:
    at, method = now.arrived_at or _NEVER, now.method or ""
    return at, method, now.marked_by_id or 0, not now.device, now.device
