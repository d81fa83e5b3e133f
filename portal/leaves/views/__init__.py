"""Pages of leave and of lessons made up."""

from portal.leaves.views import asking, deciding, hosting, making_up
from portal.leaves.views.blueprint import bp

__all__ = ["asking", "bp", "deciding", "hosting", "making_up"]
