"""How alike two cases are in their words, by pairs of characters. Pure.

Word segmentation guesses wrong; pairs of neighbouring characters do not. What is compared is
what the search keeps of a text (`portal.search.tokens`).
"""

from portal.search.tokens import HAN, WORD, tokens_of

# From this share of the shorter text's pairs on, two cases are shown as alike.
ALIKE = 0.34
ALIKE_AT_ONE_PLACE = 0.18
# A pair of Chinese characters: the letter of its kind and two of six hexadecimal digits.
_PAIR = 1 + 2 * 6


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of characters, and the words in Latin letters, of a text."""
    return frozenset(
        token
        for token in tokens_of(body=[text])
        if (token[0] == HAN and len(token) == _PAIR) or (token[0] == WORD and len(token) > 2)
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which share of the shorter text's pairs the other one has too, from 0 to 1."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def are_alike(words: str, place: str, other_words: str, other_place: str) -> float:
    """Return the likeness of two cases if they are alike enough to be shown, else 0."""
    found = likeness(pairs_of(words), pairs_of(other_words))
    is_same_place = bool(place and other_place) and (
        place in other_place
        or other_place in place
        or likeness(pairs_of(place), pairs_of(other_place)) > 0.6
    )
    enough = ALIKE_AT_ONE_PLACE if is_same_place else ALIKE
    return found + is_same_place if found >= enough else 0.0
