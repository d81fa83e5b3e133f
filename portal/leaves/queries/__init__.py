"""Questions about leave and about what was made up."""

from portal.leaves.queries.make_ups import (
    Missed,
    find_make_up,
    made_up,
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
    "find_make_up",
    "live_request",
    "made_up",
    "make_up",
    "missed",
    "missed_among",
    "number_made_up",
    "request",
    "requests_of",
    "standing",
    "waiting_for",
]
