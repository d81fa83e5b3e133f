"""Text cut into tokens: what is kept of a text, and what a typed search must find.

Chinese has no spaces, and word segmentation guesses wrong; so a text is kept as every pair of
neighbouring characters and every single one, and a search of two characters suffices. Pinyin
is kept from every character on, in full and as initials: `stl` and `shantou` find 汕头路.

Every token is plain ASCII letters and digits behind a letter that says its kind. No
tokeniser of a database ever sees a Chinese character, an emoji or an operator.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from portal.people.characters import is_han, readings, spellings
from portal.people.naming import plain_text, search_keys

# Letters before a token: a Chinese character or pair, a word as written, pinyin, initials.
HAN, WORD, PINYIN, INITIALS = "h", "w", "p", "i"
# A mark that a room gives its objects: nothing that is typed becomes one.
MARK = "m"
# The same of the headline alone: what bears the words in its name is found before the rest.
_OF_HEADLINE = str.maketrans(HAN + WORD + PINYIN + INITIALS, "abcd")

# What numbers stand beside (第7号, 2单元, 12月5日): row after row has these characters.
_BESIDE_NUMBERS = frozenset("第号楼栋幢层室户座单元组次届期年月日时点分个名人岁位项")

LONGEST_SEARCH = 60
LONGEST_WORD = 30
# Pinyin of a place or title is kept for this many characters from each one on.
SYLLABLES = 8
# One character among this many may be read in an unusual way (重庆路 by its second reading).
UNUSUAL_WITHIN = 4
MOST_READINGS = 3
LONGEST_TEXT = 10_000


class Wanted(NamedTuple):
    """One thing that a match must have: any of the tokens, or of what begins with them.

    `is_everywhere` if it is a character that nearly every row has: beside other things it is
    looked for in what they have found.
    """

    tokens: tuple[str, ...]
    is_prefix: bool
    is_everywhere: bool = False


def tokens_of(
    *, titles: Iterable[str] = (), names: Iterable[str] = (), body: Iterable[str] = ()
) -> list[str]:
    """Return the tokens of an object, sorted.

    `titles` are found by characters and pinyin, `names` of persons by every reading of a
    surname as well, `body` by characters only. The first of the titles is the headline.
    """
    titles, names = list(titles), list(names)
    found: set[str] = set()
    for text in titles[:1]:
        of_headline = {*_of_characters(text), *_of_pinyin(text)}
        found.update(token[0].translate(_OF_HEADLINE) + token[1:] for token in of_headline)
    for text in [*titles, *names, *body]:
        found.update(_of_characters(text))
    for text in titles:
        found.update(_of_pinyin(text))
    for name in names:
        found.update(_of_name(name))
    return sorted(found)


def wanted(typed: str) -> list[Wanted] | None:
    """Return what a match must have, all of it; None if nothing at all can match."""
    parts: dict[Wanted, None] = {}
    for run in runs_of(typed[:LONGEST_SEARCH]):
        if is_han(run[0]):
            pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
            parts.update(dict.fromkeys(map(_wanted_pair, pairs)))
        else:
            parts[_wanted_word(run)] = None
    return list(parts) or None


def in_headline(parts: Sequence[Wanted]) -> list[Wanted]:
    """Return what a match must have to have all of it in its headline."""
    return [
        part._replace(
            tokens=tuple(token[0].translate(_OF_HEADLINE) + token[1:] for token in part.tokens)
        )
        for part in parts
    ]


def _wanted_pair(pair: str) -> Wanted:
    return Wanted((_code(HAN, pair),), is_prefix=False, is_everywhere=pair in _BESIDE_NUMBERS)


def _wanted_word(word: str) -> Wanted:
    cut = word[:LONGEST_WORD]
    kinds = (WORD, PINYIN, INITIALS) if cut.isascii() and cut.isalpha() else (WORD,)
    return Wanted(tuple(_code(kind, cut) for kind in kinds), True)


def _of_characters(text: str) -> Iterator[str]:
    for run in runs_of(text[:LONGEST_TEXT]):
        if not is_han(run[0]):
            yield _code(WORD, run[:LONGEST_WORD])
            continue
        for at, character in enumerate(run):
            yield _code(HAN, character)
            if at + 1 < len(run):
                yield _code(HAN, run[at : at + 2])


def runs_of(text: str) -> Iterator[str]:
    """Yield runs of Chinese characters, words, and single symbols such as an emoji."""
    run, run_kind = "", ""
    for character in plain_text(text).casefold():
        kind = _kind(character)
        if run and (kind != run_kind or kind == "symbol"):
            yield run
            run = ""
        if kind:
            run += character
        run_kind = kind
    if run:
        yield run


def _kind(character: str) -> str:
    if is_han(character):
        return "han"
    if character.isalnum():
        return "word"
    return "symbol" if unicodedata.category(character) == "So" else ""


def _code(kind: str, text: str) -> str:
    """Return the token: ASCII letters and digits stay, all else becomes six hexadecimal digits."""
    return kind + "".join(
        character if character.isascii() and character.isalnum() else f"{ord(character):06x}"
        for character in text
    )


def _of_pinyin(text: str) -> Iterator[str]:
    for run in runs_of(text):
        if is_han(run[0]):
            columns = [_spelt(character) for character in run]
            for at in range(len(columns)):
                yield from _read(columns[at : at + SYLLABLES])


def _spelt(character: str) -> Sequence[str]:
    """Return how the readings of a character are typed, the usual one first."""
    typed = (word for reading in readings(character) for word in spellings(reading))
    return tuple(dict.fromkeys(typed))[:MOST_READINGS]


def _read(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the usual reading, and those with one unusual syllable near the beginning."""
    columns = _until_unread(columns)
    usual = [column[0] for column in columns]
    if not usual:
        return
    for at, column in enumerate(columns[:UNUSUAL_WITHIN]):
        for syllable in column:
            syllables = [*usual[:at], syllable, *usual[at + 1 :]]
            yield PINYIN + "".join(syllables)
            yield INITIALS + "".join(syllable[0] for syllable in syllables)


def _until_unread(columns: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Cut at the first character that has no reading."""
    for at, column in enumerate(columns):
        if not column:
            return columns[:at]
    return columns


def _of_name(name: str) -> Iterator[str]:
    for key in search_keys(name):
        if re.fullmatch("[a-z]+", key):
            yield PINYIN + key
