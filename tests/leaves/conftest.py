"""A community whose branch one is due to a lesson at nine o'clock."""

from tests.attendance.conftest import Gathering, at, gathering

__all__ = ["Gathering", "at", "gathering"]
