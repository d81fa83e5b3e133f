"""Questions about leave and about what was made up."""

from portal.leaves.queries.make_ups import (
    Missed,
    make_up,
    missed,
    missed_among,
    number_made_up,
)
from portal.leaves.queries.requests import (
    Standing,
    live_request,
    request,
    requests_of,
    standing,
    waiting_for,
)

__all__ = [
    "Missed",
    "Standing",
    "live_request",
    "make_up",
    "missed",
    "missed_among",
    "number_made_up",
    "request",
    "requests_of",
    "standing",
    "waiting_for",
]
