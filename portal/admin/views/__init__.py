"""Pages of the three administrators, by page family; all hang on the blueprint `admin`."""

from portal.admin.views import accounts, audit, grants
from portal.admin.views.blueprint import bp

__all__ = ["accounts", "audit", "bp", "grants"]
