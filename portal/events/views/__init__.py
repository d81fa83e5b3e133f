"""Pages of events, split by page family."""

from portal.events.views import lists, showing
from portal.events.views.blueprint import bp

__all__ = ["bp", "lists", "showing"]
