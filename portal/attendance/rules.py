"""The rules of the roll, pure: what counts as what, and when a mark may be made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from types import MappingProxyType

from portal.attendance.models import (
    LEAVE,
    MISSING,
    OUTSIDE,
    PRESENT,
    AttendanceStatus,
)


@dataclass(frozen=True)
class Timing:
    """When the roll takes marks, and from when on somebody is late."""

    opens_before: timedelta = timedelta(minutes=60)
    # DOMAIN 5.1, attendance.late_after: a grace of ten minutes.
    late_after: timedelta = timedelta(minutes=10)
    # People sign in with the code until so long after the end, or until the confirmation.
    closes_after: timedelta = timedelta(minutes=30)

    def is_open(self, starts_at: datetime, moment: datetime) -> bool:
        """Return whether somebody can have come already: hosts may mark presence from then on."""
        return moment >= starts_at - self.opens_before

    def takes_codes(self, starts_at: datetime, ends_at: datetime, moment: datetime) -> bool:
        """Return whether people may sign in by themselves with the projected code."""
        return self.is_open(starts_at, moment) and moment <= ends_at + self.closes_after

    def by_own_act(self, starts_at: datetime, moment: datetime) -> AttendanceStatus:
        """Return present or late for somebody who signs in at that moment.

        Only the portal's own clock makes somebody late. A host's tap says present, whenever
        it is made, because a busy host ticks after the fact; the menu says late.
        """
        late = self.is_late(starts_at, moment)
        return AttendanceStatus.LATE if late else AttendanceStatus.PRESENT

    def is_late(self, starts_at: datetime, moment: datetime) -> bool:
        """Return whether the grace after the start is over."""
        return moment > starts_at + self.late_after


def stayed(arrived_at: datetime | None, left_at: datetime | None) -> timedelta | None:
    """Return how long somebody was here, to the minute; None where one of the two is unknown."""
    if arrived_at is None or left_at is None:
        return None
    return max(left_at.replace(second=0) - arrived_at.replace(second=0), timedelta(0))


@dataclass(frozen=True)
class Balance:
    """The four numbers of a roll, and beside them who was not due (DOMAIN 2.4).

    `due` = `present` + `leave` + `absent`, always: before the confirmation those who are
    still expected stand in the fourth number, called 未到 until it becomes 缺席.
    """

    present: int
    leave: int
    absent: int
    expected: int = 0
    late: int = 0
    left_early: int = 0
    exempt: int = 0
    invited: int = 0
    guests: int = 0
    # Of the invited and the guests, those who came.
    others_come: int = 0

    @property
    def due(self) -> int:
        """应到: everybody on the due list who is not exempt."""
        return self.present + self.leave + self.absent

    @property
    def rate(self) -> str:
        """出勤率: see `attendance_rate`."""
        return attendance_rate(self.present, self.due)


def balance(counts: Mapping[AttendanceStatus, int], *, others_come: int = 0) -> Balance:
    """Return the numbers of a roll from how many people have each status."""

    def total(statuses: frozenset[AttendanceStatus]) -> int:
        return sum(counts.get(status, 0) for status in statuses)

    return Balance(
        present=total(PRESENT),
        leave=total(LEAVE),
        absent=total(MISSING),
        expected=counts.get(AttendanceStatus.EXPECTED, 0),
        late=counts.get(AttendanceStatus.LATE, 0),
        left_early=counts.get(AttendanceStatus.LEFT_EARLY, 0),
        exempt=counts.get(AttendanceStatus.EXEMPT, 0),
        invited=counts.get(AttendanceStatus.INVITED, 0),
        guests=counts.get(AttendanceStatus.GUEST, 0),
        others_come=others_come,
    )


def attendance_rate(present: int, due: int) -> str:
    """Return present ÷ due in per cent with one decimal, half up; nobody due is "—", not 0%.

    DOMAIN 2.4. Computed in decimals: floats round 92.25 down.
    """
    if due == 0:
        return "—"
    share = Decimal(present * 100) / Decimal(due)
    return f"{share.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"


def standing(
    wanted: AttendanceStatus, *, now: AttendanceStatus, is_listed: bool, is_open: bool
) -> tuple[AttendanceStatus, bool] | None:
    """Return the status that `wanted` leads to, and whether the person is here.

    Somebody outside the due list stays invited or guest: present means that they came,
    expected and absent that they did not; None where the wish makes no sense for them.
    Whoever is made invited or guest while the roll `is_open` is here.
    """
    if wanted in OUTSIDE:
        return wanted, is_open
    if is_listed:
        return wanted, wanted in PRESENT
    if wanted in PRESENT:
        return now, True
    return (now, False) if wanted in MISSING else None


@cache
def offered(
    now: AttendanceStatus, *, is_listed: bool, has_come: bool, is_open: bool, has_begun: bool
) -> Mapping[AttendanceStatus, str]:
    """Return the statuses that a row's menu offers beside the tap, and their words."""
    if not is_listed:
        come, gone = {AttendanceStatus.PRESENT: "到场"}, {AttendanceStatus.EXPECTED: "没有到场"}
        standings = {status: status.label for status in OUTSIDE if status is not now}
        return MappingProxyType({**(gone if has_come else come), **standings} if is_open else {})
    return MappingProxyType(
        {
            status: f"改回{status.label}" if status is AttendanceStatus.EXPECTED else status.label
            for status in AttendanceStatus
            if status is not now
            and (is_open or status not in PRESENT | OUTSIDE)
            and (has_begun or status is not AttendanceStatus.ABSENT)
        }
    )
