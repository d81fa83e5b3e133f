"""Pages of the search page; all hang on the blueprint `find`."""

from portal.find.views import search
from portal.find.views.blueprint import bp

__all__ = ["bp", "search"]
