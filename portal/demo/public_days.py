"""Public holidays of the demo: a year as its notice says, other years by the statutory days."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.workdays.models import DayKind


@dataclass(frozen=True)
class NamedDays:
    """Days off, or days worked in exchange, under one name."""

    name: str
    first: date
    last: date
    kind: DayKind = DayKind.OFF


# (name, first day, number of days), and the weekend days worked for it.
_NOTICES = {
    2026: (
        [
            ("元旦", (1, 1), 3),
            ("春节", (2, 15), 9),
            ("清明节", (4, 4), 3),
            ("劳动节", (5, 1), 5),
            ("端午节", (6, 19), 3),
            ("中秋节", (9, 25), 3),
            ("国庆节", (10, 1), 7),
        ],
        [
            ("元旦", (1, 4)),
            ("春节", (2, 14)),
            ("春节", (2, 28)),
            ("劳动节", (5, 9)),
            ("国庆节", (9, 20)),
            ("国庆节", (10, 10)),
        ],
    ),
}
# Statutory days alone: what is moved around them says a notice, once there is one.
_STATUTORY = [("元旦", (1, 1), 1), ("劳动节", (5, 1), 2), ("国庆节", (10, 1), 3)]
_BY_THE_MOON = {
    2027: [
        ("春节", (2, 5), 4),
        ("清明节", (4, 5), 1),
        ("端午节", (6, 9), 1),
        ("中秋节", (9, 15), 1),
    ],
}


def days_of(year: int) -> list[NamedDays]:
    """Return the days of a year that are not as their weekday says."""
    off, worked = _NOTICES.get(year, ([*_STATUTORY, *_BY_THE_MOON.get(year, [])], []))
    return [
        *(
            NamedDays(name, first, first + timedelta(days=count - 1))
            for name, (month, day), count in off
            for first in [date(year, month, day)]
        ),
        *(
            NamedDays(f"{name}调休", on, on, DayKind.WORKING)
            for name, (month, day) in worked
            for on in [date(year, month, day)]
        ),
    ]
