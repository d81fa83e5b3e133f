"""The figures of attendance and their formulas (DOMAIN 2.4). Pure.

Numerators and denominators are added up, percentages never averaged. Nobody due is "—".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.attendance.models import AttendanceStatus
from portal.attendance.rules import attendance_rate, balance


@dataclass(frozen=True)
class Figures:
    """Counts over any number of rolls, in person-times (人次); they add up.

    `due` = `present` + `leave` + `absent`; the exempt are on the roster and not due.
    """

    present: int = 0
    leave: int = 0
    absent: int = 0
    exempt: int = 0
    late: int = 0
    left_early: int = 0
    # Of `leave`, for public duty: some units count it as attendance (a setting).
    leave_public: int = 0
    # Of `leave` and `absent`, those who made the lesson up afterwards.
    made_up: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(a + b for a, b in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[int, ...]:
        return tuple(vars(self).values())

    @property
    def due(self) -> int:
        """应到."""
        return self.present + self.leave + self.absent

    @property
    def roster(self) -> int:
        """花名册: the due and the exempt."""
        return self.due + self.exempt

    def attendance(self, *, public_leave_counts: bool = False) -> str:
        """出勤率: present ÷ due; with public leave added where the unit's rule says so."""
        counted = self.present + (self.leave_public if public_leave_counts else 0)
        return attendance_rate(counted, self.due)

    @property
    def learning(self) -> str:
        """参学率: (present + made up) ÷ due."""
        return attendance_rate(self.present + self.made_up, self.due)


def figures_of(counts: Mapping[AttendanceStatus, int], *, made_up: int = 0) -> Figures:
    """Return the figures of how many listed people have each status."""
    one = balance(counts)
    return Figures(
        present=one.present,
        leave=one.leave,
        absent=one.absent,
        exempt=one.exempt,
        late=one.late,
        left_early=one.left_early,
        leave_public=counts.get(AttendanceStatus.LEAVE_PUBLIC, 0),
        made_up=made_up,
    )


def total(figures: Iterable[Figures]) -> Figures:
    """Return the sum."""
    return sum(figures, Figures())


@dataclass(frozen=True)
class Turnout:
    """Of those who signed up in time, how many came (voluntary events, DOMAIN 2.4).

    `confirmed` had a place at some time before the start; `cancelled` gave it back in time.
    """

    confirmed: int
    cancelled: int
    came: int

    @property
    def kept(self) -> int:
        """Those whose place was theirs when the event began."""
        return self.confirmed - self.cancelled

    @property
    def no_shows(self) -> int:
        """报名未到: confirmed − checked in − cancelled in time."""
        return self.kept - self.came

    @property
    def rate(self) -> str:
        """参会率: checked in ÷ confirmed places; nobody confirmed is "—"."""
        return attendance_rate(self.came, self.kept)
