"""Questions about passes, tokens, and what a door is told."""

from portal.doors.queries.kiosks import (
    Named,
    find_kiosk,
    find_named,
    first_letters,
    kiosk,
    kiosks_of,
    named,
    named_as,
)
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
    "Named",
    "PassesMark",
    "RosterRow",
    "badges",
    "event_of_door",
    "find_kiosk",
    "find_named",
    "find_pass",
    "find_token",
    "first_letters",
    "hashes_on_roll",
    "is_live",
    "kiosk",
    "kiosks_of",
    "live_passes",
    "named",
    "named_as",
    "number_without_badge",
    "owners",
    "passes_ever",
    "passes_mark",
    "roster",
    "standing_tokens",
    "token",
    "tokens_of",
]
