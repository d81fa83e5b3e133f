"""Pages of sign-ups, by page family; all hang on the blueprint `signups`."""

from portal.signups.views import adding, deciding, door, lists, mine, ruling, written
from portal.signups.views.blueprint import bp

__all__ = ["adding", "bp", "deciding", "door", "lists", "mine", "ruling", "written"]
