"""Pages of sign-ups, by page family; all hang on the blueprint `signups`."""

from portal.signups.views import adding, door, lists, mine
from portal.signups.views.blueprint import bp

__all__ = ["adding", "bp", "door", "lists", "mine"]
