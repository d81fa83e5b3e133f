"""Pages of doors, split by page family."""

from portal.doors.views import badges, passes, standing, tokens
from portal.doors.views.blueprint import bp, standing_bp

__all__ = ["badges", "bp", "passes", "standing", "standing_bp", "tokens"]
