"""Pages of hands-on exercises, split by page family; all hang on the blueprint `exercises`."""

from portal.exercises.views import building, filling, running
from portal.exercises.views.blueprint import bp

__all__ = ["bp", "building", "filling", "running"]
