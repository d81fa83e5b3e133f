"""Pages of attendance, split by page family."""

from portal.attendance.views import (
    codes,
    reconciling,
    rolls,
    scans,
    screen,
    sessions,
    settling,
    sheet,
    signing_out,
)
from portal.attendance.views.blueprint import bp

__all__ = [
    "bp",
    "codes",
    "reconciling",
    "rolls",
    "scans",
    "screen",
    "sessions",
    "settling",
    "sheet",
    "signing_out",
]
