"""The order of what is found, in one number: kind, then rank, then the object's own id. Pure.

The full-text index gives its rows in order of their number. So the number of a row says where
it belongs: all of one kind together, what is later (or ranks higher) after what is earlier.
"""

from datetime import UTC, datetime, timedelta

# Never to be changed: rows that are kept bear these numbers.
KINDS = {
    "event": 1,
    "lesson": 2,
    "site": 3,
    "material": 4,
    "organisation": 5,
    "route": 6,
    "record": 10,
    "statement": 11,
    "case": 12,
}
# Kinds that most rows are of: their own token would be one more long list to go through.
COMMON = frozenset({"event", "statement", "case"})
# Kinds of which there are so few that all that match are put in order. To give rows from the last
# on, SQLite passes over every match of the kinds behind, one by one.
FEW = frozenset({"site", "organisation", "route"})

_ID_BITS, _RANK_BITS = 31, 27
ID_MASK = (1 << _ID_BITS) - 1
HIGHEST_RANK = (1 << _RANK_BITS) - 1
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def rank_of(moment: datetime) -> int:
    """Return the rank of what happens at a moment: minutes since 1970, up to the year 2225."""
    return min(max((moment - _BEGINNING) // _MINUTE, 0), HIGHEST_RANK)


def place(kind: str, object_id: int, rank: int = 0) -> int:
    """Return the number under which the object is kept; the id is its last 31 bits."""
    return (KINDS[kind] << _RANK_BITS | min(max(rank, 0), HIGHEST_RANK)) << _ID_BITS | object_id


def places(kind: str) -> tuple[int, int]:
    """Return the first and the last number that an object of this kind can have."""
    return place(kind, 0), place(kind, ID_MASK, HIGHEST_RANK)


def kind_token(kind: str) -> str:
    """Return the token that every row of this kind has."""
    return f"k{KINDS[kind]}"
