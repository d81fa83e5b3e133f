"""Pages of hands-on exercises; all hang on the blueprint `exercises`."""

from portal.exercises.views.blueprint import bp

__all__ = ["bp"]
