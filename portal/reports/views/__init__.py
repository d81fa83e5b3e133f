"""Pages of statistics."""

from portal.reports.views import attendance, events
from portal.reports.views.blueprint import bp

__all__ = ["attendance", "bp", "events"]
