"""Pages of themed lessons, split by page family; all hang on the blueprint `lessons`."""

from portal.lessons.views import editing, lists, moving, series, showing, versions
from portal.lessons.views.blueprint import bp

__all__ = ["bp", "editing", "lists", "moving", "series", "showing", "versions"]
