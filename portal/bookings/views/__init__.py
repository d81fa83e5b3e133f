"""Pages of bookings of visits; all hang on the blueprint `bookings`."""

from portal.bookings.views.blueprint import bp

__all__ = ["bp"]
