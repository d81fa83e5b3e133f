"""Pages of themed lessons, split by page family; all hang on the blueprint `lessons`."""

from portal.lessons.views import attaching, editing, lists, moving, series, showing, versions
from portal.lessons.views.blueprint import bp

__all__ = ["attaching", "bp", "editing", "lists", "moving", "series", "showing", "versions"]
