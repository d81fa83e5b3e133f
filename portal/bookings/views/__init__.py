"""Pages of bookings of visits; all hang on the blueprint `bookings`."""

from portal.bookings.views import asking, calendars, deciding, editing, rules, showing
from portal.bookings.views.blueprint import bp

__all__ = ["asking", "bp", "calendars", "deciding", "editing", "rules", "showing"]
