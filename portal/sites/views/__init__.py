"""Pages of demonstration sites; all hang on the blueprint `sites`."""

from portal.sites.views.blueprint import bp

__all__ = ["bp"]
