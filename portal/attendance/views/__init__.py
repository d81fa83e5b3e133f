"""Pages of attendance, split by page family."""

from portal.attendance.views import codes, rolls, scans, screen, settling, sheet
from portal.attendance.views.blueprint import bp

__all__ = ["bp", "codes", "rolls", "scans", "screen", "settling", "sheet"]
