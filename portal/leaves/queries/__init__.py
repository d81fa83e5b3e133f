"""Questions about leave and about what was made up."""

from portal.leaves.queries.filing import Filed, events_missed, filed, proofs
from portal.leaves.queries.make_ups import (
    Missed,
    homes_of,
    made_up_by,
    make_up,
    missed,
    missed_among,
    number_made_up,
    proven_by,
    readable_ids,
)
from portal.leaves.queries.requests import (
    Standing,
    live_request,
    may_concern,
    request,
    requests_by,
    requests_of,
    standing,
    waiting_for,
)

__all__ = [
    "Filed",
    "Missed",
    "Standing",
    "events_missed",
    "filed",
    "homes_of",
    "live_request",
    "made_up_by",
    "make_up",
    "may_concern",
    "missed",
    "missed_among",
    "number_made_up",
    "proofs",
    "proven_by",
    "readable_ids",
    "request",
    "requests_by",
    "requests_of",
    "standing",
    "waiting_for",
]
