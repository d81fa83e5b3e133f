"""Pages of the home, by page family; all hang on the blueprint `home`."""

from portal.home.views import calendar, index, me
from portal.home.views.blueprint import bp

__all__ = ["bp", "calendar", "index", "me"]
