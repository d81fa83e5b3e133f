"""Pages of themed lessons; all hang on the blueprint `lessons`."""

from portal.lessons.views.blueprint import bp

__all__ = ["bp"]
