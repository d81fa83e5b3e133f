"""Pages of doors, split by page family."""

from portal.doors.views import badges, entrance, kiosk, passes, scanning, standing, tokens
from portal.doors.views.blueprint import bp, standing_bp

__all__ = [
    "badges",
    "bp",
    "entrance",
    "kiosk",
    "passes",
    "scanning",
    "standing",
    "standing_bp",
    "tokens",
]
