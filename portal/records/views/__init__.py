"""Pages of records."""

from portal.records.views import (
    beginning,
    confirming,
    deciding,
    editing,
    notes,
    preparing,
    printing,
    reading,
    showing,
    summing_up,
    templates,
)
from portal.records.views.blueprint import bp

__all__ = [
    "beginning",
    "bp",
    "confirming",
    "deciding",
    "editing",
    "notes",
    "preparing",
    "printing",
    "reading",
    "showing",
    "summing_up",
    "templates",
]
