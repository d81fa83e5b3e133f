"""Finding one's own name by its first letters, pure: which keys lead on, who is left."""

import string
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from portal.doors.queries.kiosks import Named

# What no letter stands for: names that begin with no character of pinyin.
OTHER = "#"
KEYS = (*string.ascii_uppercase, OTHER)
# Three letters tell almost everybody apart; more are not asked for.
MOST_LETTERS = 3


class Found(NamedTuple):
    """Who is left after some letters, and the letters that lead further."""

    people: Sequence[Named]
    next_keys: frozenset[str]


def keys_of(first_letters: Iterable[str]) -> frozenset[str]:
    """Return the keys that somebody's name begins with."""
    return frozenset(_key(letter) for letter in first_letters)


def initials(pinyin_key: str) -> str:
    """Return the keys of a name: LXJ for a key that reads li, xiao, jing."""
    return "".join(_key(part[:1]) for part in pinyin_key.split(" ") if part)


def narrowed(people: Iterable[Named], typed: str) -> Found:
    """Return those whose names begin with the typed letters."""
    left = [(initials(one.pinyin_key), one) for one in people]
    left = [(letters, one) for letters, one in left if letters.startswith(typed)]
    further = {letters[len(typed)] for letters, _ in left if len(letters) > len(typed)}
    may_go_on = len(left) > 1 and len(typed) < MOST_LETTERS
    return Found([one for _, one in left], frozenset(further if may_go_on else ()))


def typed_letters(given: str) -> str:
    """Return what of the address can be letters of the pad."""
    return "".join(letter for letter in given.upper() if letter in KEYS)[:MOST_LETTERS]


def _key(letter: str) -> str:
    upper = letter.upper()
    return upper if len(upper) == 1 and upper in string.ascii_uppercase else OTHER
