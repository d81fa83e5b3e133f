"""Questions about passes, tokens, and what a door is told."""

from portal.doors.queries.passes import (
    Badge,
    PassesMark,
    badges,
    find_pass,
    hashes_on_roll,
    live_passes,
    number_without_badge,
    owners,
    passes_ever,
    passes_mark,
)
from portal.doors.queries.rosters import RosterRow, event_of_door, roster
from portal.doors.queries.tokens import (
    find_token,
    is_live,
    standing_tokens,
    token,
    tokens_of,
)

__all__ = [
    "Badge",
    "PassesMark",
    "RosterRow",
    "badges",
    "event_of_door",
    "find_pass",
    "find_token",
    "hashes_on_roll",
    "is_live",
    "live_passes",
    "number_without_badge",
    "owners",
    "passes_ever",
    "passes_mark",
    "roster",
    "standing_tokens",
    "token",
    "tokens_of",
]
