"""The world of the doors, and a clock."""

from tests.attendance.conftest import at
from tests.doors.conftest import doors

__all__ = ["at", "doors"]
