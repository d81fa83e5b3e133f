"""Pages of events, split by page family."""

from portal.events.views import calendars, editing, inviting, lists, moving, showing
from portal.events.views.blueprint import bp

__all__ = ["bp", "calendars", "editing", "inviting", "lists", "moving", "showing"]
