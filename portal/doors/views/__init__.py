"""Pages of doors, split by page family."""

from portal.doors.views import (
    badges,
    entrance,
    kiosk,
    names,
    paper,
    passes,
    scanning,
    staff_page,
    standing,
    tokens,
)
from portal.doors.views.blueprint import bp, standing_bp

__all__ = [
    "badges",
    "bp",
    "entrance",
    "kiosk",
    "names",
    "paper",
    "passes",
    "scanning",
    "staff_page",
    "standing",
    "standing_bp",
    "tokens",
]
