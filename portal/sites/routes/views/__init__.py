"""Pages of routes, split by page family; all hang on the blueprint `routes`."""

from portal.sites.routes.views import editing, showing, stops
from portal.sites.routes.views.blueprint import bp

__all__ = ["bp", "editing", "showing", "stops"]
