"""Pages of bookings of visits; all hang on the blueprint `bookings`."""

from portal.bookings import models
from portal.bookings.views.blueprint import bp
from portal.sites.uses import models as uses

__all__ = ["bp", "models", "uses"]
