"""Pages of attendance, split by page family."""

from portal.attendance.views import codes, rolls, screen, settling, sheet
from portal.attendance.views.blueprint import bp

__all__ = ["bp", "codes", "rolls", "screen", "settling", "sheet"]
