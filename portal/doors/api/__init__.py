"""The API of devices (CONTRACT, "Check-in API"): tokens instead of sessions, JSON, problems."""

from portal.doors.api import checkins, description, rosters, taking
from portal.doors.api.blueprint import bp, init_app

__all__ = ["bp", "checkins", "description", "init_app", "rosters", "taking"]
