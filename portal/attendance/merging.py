"""What several doors have seen of one person, put together; pure.

The result never depends on the order in which check-ins arrive, only on when they were made:

1. The earliest arrival counts, with the door that saw it, and whoever was in time at one door
   was in time. A tick says in time whenever it is made; a scan of the same moment or before it
   gives the time and the door all the same. Of two at one moment a scan goes before a tick, then
   the lower number of who signed in there, then a door before the roll's page, then by its name.
2. What somebody said by hand about how a person counts (late, left early) stands: an earlier
   scan only brings the time of arrival forward. Who was entered later without a time stays
   in time, and gets the time and the door of the first who saw the person.
3. Who was said not to be here (leave, absent, taken off) was not here until then: scans of
   before do not count, later ones do. The host sees both (`reconciling`).
4. Where people sign out, the latest time somebody was seen decides: gone, if the door says so
   or if the person was here for the minimum stay by then; here, if a door let them in since.
   A tick that does not say "out" is no leaving: a busy host ticks after the fact. Who was only
   seen leaving was here, nobody knows since when. A time of leaving given by hand stands.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from portal.attendance.models import (
    OWN_ACTS,
    AttendanceStatus,
    Direction,
    Method,
    Outcome,
)
from portal.attendance.rules import Timing

_Rank = tuple[datetime, str, int, bool, str]
_NEVER = datetime.max.replace(tzinfo=UTC)
# How doors see people; everything else is said by hand, or made of what doors saw.
_OF_DOORS = OWN_ACTS | {Method.TICK}


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
    left_at: datetime | None = None
    left_by_hand: bool = False
    last_seen_at: datetime | None = None
    last_seen_as: Direction | None = None


class Seen(NamedTuple):
    """What a door saw: when (already clamped), how, who signed in there, which door it is.

    And which way the person went, if the door says so.
    """

    at: datetime
    method: Method
    by_id: int | None
    device: str = ""
    direction: Direction | None = None


@dataclass(frozen=True)
class Window:
    """From when on a roll takes arrivals, and from when on one is late.

    And after what stay who is seen again has left; None where nobody signs out.
    """

    opens_at: datetime
    late_after: datetime
    minimum_stay: timedelta | None = None

    @classmethod
    def of(
        cls, starts_at: datetime, timing: Timing, minimum_stay: timedelta | None = None
    ) -> "Window":
        """Return the window of an event that starts then."""
        return cls(starts_at - timing.opens_before, starts_at + timing.late_after, minimum_stay)

    def clamped(self, reported_at: datetime, received_at: datetime) -> datetime:
        """Return the moment that counts: nobody comes before the opening or after now."""
        return max(self.opens_at, min(reported_at, received_at))


def merged(now: Standing, seen: Seen, window: Window) -> tuple[Outcome, Standing]:
    """Return what comes of a check-in, and how the person stands after it."""
    if now.away_at is not None and seen.at <= now.away_at:
        return Outcome.ALREADY, now
    if window.minimum_stay is None:
        return _arrived(now, seen, window)
    if seen.direction is Direction.OUT:
        outcome, after = _gone(now, seen)
    elif _was_only_seen_leaving(now):
        outcome, after = Outcome.RECORDED, _seen_as(now, _own_status(now, seen, window), seen)
    else:
        outcome, after = _arrived(now, seen, window)
    after = with_leaving(_seen_last(after, seen), window.minimum_stay)
    is_news = after.left_at is not None and after.left_at != now.left_at
    return Outcome.RECORDED if is_news else outcome, after


def with_leaving(now: Standing, minimum_stay: timedelta) -> Standing:
    """Return the standing with the time of leaving that follows from when it was seen last."""
    if now.left_by_hand:
        return now
    return now._replace(
        left_at=leaving(now.arrived_at, now.last_seen_at, now.last_seen_as, minimum_stay)
    )


def leaving(
    arrived_at: datetime | None,
    last_seen_at: datetime | None,
    last_seen_as: Direction | None,
    minimum_stay: timedelta,
) -> datetime | None:
    """Return when somebody left who was last seen then, None for who is still here."""
    if last_seen_at is None or last_seen_as is Direction.IN:
        return None
    if arrived_at is None:
        return last_seen_at if last_seen_as is Direction.OUT else None
    stay = timedelta(0) if last_seen_as is Direction.OUT else minimum_stay
    return last_seen_at if last_seen_at - arrived_at >= stay else None


def last_seen(
    known: tuple[datetime, Direction | None] | None, seen: Seen
) -> tuple[datetime, Direction | None] | None:
    """Return the later of the two; at the same moment the same one, whichever came first."""
    if seen.method is Method.TICK and seen.direction is None:
        return known
    this = seen.at, seen.direction
    return max(known or this, this, key=lambda one: (one[0], one[1] or ""))


def _seen_last(now: Standing, seen: Seen) -> Standing:
    known = (now.last_seen_at, now.last_seen_as) if now.last_seen_at is not None else None
    latest = last_seen(known, seen)
    if latest is None:
        return now
    return now._replace(last_seen_at=latest[0], last_seen_as=latest[1])


def _gone(now: Standing, seen: Seen) -> tuple[Outcome, Standing]:
    """Return how somebody stands who is seen leaving: was here, since nobody knows when."""
    if now.has_come and not _was_only_seen_leaving(now):
        return Outcome.ALREADY, now
    if now.has_come and _rank(seen) <= _rank_of(now, now.last_seen_at):
        return Outcome.ALREADY, now
    status = AttendanceStatus.PRESENT if now.is_listed else now.status
    outcome = Outcome.ALREADY if now.has_come else Outcome.RECORDED
    return outcome, _seen_as(now, status, seen)._replace(arrived_at=None)


def _was_only_seen_leaving(now: Standing) -> bool:
    return (
        now.has_come
        and now.arrived_at is None
        and now.last_seen_as is Direction.OUT
        and now.method in _OF_DOORS
    )


def _arrived(now: Standing, seen: Seen, window: Window) -> tuple[Outcome, Standing]:
    """Return how somebody stands who is seen coming.

    How the person counts and who saw the person first are decided apart, each by a rule that
    knows no order: in time by one is in time; of all who saw the person `_rank` picks one.
    """
    own = _own_status(now, seen, window)
    if not now.has_come:
        return Outcome.RECORDED, _seen_as(now, own, seen)
    if _said_by_hand(now):
        arrived_at = min(now.arrived_at or _NEVER, seen.at)
        return Outcome.ALREADY, now._replace(arrived_at=arrived_at)
    status = own if now.status is AttendanceStatus.LATE else now.status
    if _rank(seen) < _rank_of(now, now.arrived_at):
        return Outcome.ALREADY, _seen_as(now, status, seen)
    return Outcome.ALREADY, now._replace(status=status)


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
    if now.status is AttendanceStatus.LATE:
        return now.method not in OWN_ACTS
    return now.status is AttendanceStatus.LEFT_EARLY


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


def _rank_of(now: Standing, moment: datetime | None) -> _Rank:
    at, method = moment or _NEVER, now.method or ""
    return at, method, now.marked_by_id or 0, not now.device, now.device
