"""Showing what matched: the characters that were typed, or that pinyin and initials stand for.

The text is escaped piece by piece; only `<mark>` is added.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from portal.people.characters import is_han, readings, spellings
from portal.people.naming import plain_text
from portal.search.tokens import LONGEST_SEARCH, LONGEST_WORD, SYLLABLES, runs_of

# A snippet shows so many characters before the match, and so many in all.
BEFORE, LONGEST_SNIPPET = 14, 64
# Organisations, places and kinds stand in many rows, and a page is turned back to: what was marked
# is kept, in each process.
_MOST_KEPT = 4_000
_PAUSES = "，。、；：！？ "
_MARK = Markup("<mark>{}</mark>")


@lru_cache(maxsize=_MOST_KEPT)
def marked(text: str, typed: str, *, by_sound: bool = True) -> Markup:
    """Return the text with what matches in marks; `by_sound` looks for pinyin and initials too."""
    return _shown(text, _spans(text, typed, by_sound=by_sound))


def snippet(texts: Iterable[str], typed: str) -> Markup | None:
    """Return the place of the first of these texts where characters match, None if none does."""
    for text in texts:
        words = " ".join(text.split())
        spans = _spans(words, typed, by_sound=False)
        if not spans:
            continue
        start = max(0, spans[0][0] - BEFORE)
        while start and words[start] in _PAUSES:
            start += 1
        end = min(len(words), start + LONGEST_SNIPPET)
        cut = [
            (max(first, start) - start, min(last, end) - start)
            for first, last in spans
            if first < end and last > start
        ]
        shown = _shown(words[start:end], cut)
        return escape("…" if start else "") + shown + escape("…" if end < len(words) else "")
    return None


def _shown(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    made, done = Markup(""), 0
    for start, end in spans:
        made += escape(text[done:start]) + _MARK.format(text[start:end])
        done = end
    return made + escape(text[done:])


@lru_cache(maxsize=_MOST_KEPT)
def _spans(text: str, typed: str, *, by_sound: bool) -> Sequence[tuple[int, int]]:
    """Return the parts to be marked, in order, none touching another."""
    letters = [_plain(character) for character in text]
    is_marked = [False] * len(letters)
    for run in runs_of(typed[:LONGEST_SEARCH]):
        if is_han(run[0]):
            pairs = [run[at : at + 2] for at in range(len(run) - 1)]
            # As typed, where it stands so; else the pairs that were looked for.
            found = _places(letters, run) or [
                span for pair in pairs for span in _places(letters, pair)
            ]
        else:
            word = run[:LONGEST_WORD]
            found = _words(letters, word)
            if by_sound and word.isascii() and word.isalpha():
                found += _sounds(letters, word)
        for start, end in found:
            is_marked[start:end] = [True] * (end - start)
    return _joined(is_marked)


def _plain(character: str) -> str:
    """Return a character as it is searched for: half-width, small; one stays one."""
    plain = plain_text(character).casefold()
    return plain if len(plain) == 1 else character


def _joined(is_marked: Sequence[bool]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for at, marked_here in enumerate(is_marked):
        if not marked_here:
            continue
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans


def _places(letters: Sequence[str], wanted: str) -> list[tuple[int, int]]:
    size = len(wanted)
    return [
        (at, at + size)
        for at in range(len(letters) - size + 1)
        if "".join(letters[at : at + size]) == wanted
    ]


def _words(letters: Sequence[str], wanted: str) -> list[tuple[int, int]]:
    """Return where a word begins with what was typed."""
    return [
        (start, end)
        for start, end in _places(letters, wanted)
        if start == 0 or is_han(letters[start - 1]) or not letters[start - 1].isalnum()
    ]


def _sounds(letters: Sequence[str], wanted: str) -> list[tuple[int, int]]:
    """Return where the pinyin or the initials of characters begin with what was typed."""
    found = []
    for at, letter in enumerate(letters):
        if not is_han(letter):
            continue
        ends = (_spelt_until(letters, at, wanted, SYLLABLES), _initials_until(letters, at, wanted))
        end = max((one for one in ends if one is not None), default=None)
        if end is not None:
            found.append((at, end))
    return found


def _spelt_until(letters: Sequence[str], at: int, wanted: str, most: int) -> int | None:
    """Return the end of the characters whose pinyin, from `at` on, begins with `wanted`."""
    if not wanted:
        return at
    if most == 0 or at >= len(letters) or not is_han(letters[at]):
        return None
    for syllable in _syllables(letters[at]):
        if syllable.startswith(wanted):
            return at + 1
        if wanted.startswith(syllable):
            end = _spelt_until(letters, at + 1, wanted[len(syllable) :], most - 1)
            if end is not None:
                return end
    return None


def _initials_until(letters: Sequence[str], at: int, wanted: str) -> int | None:
    end = at + len(wanted)
    if len(wanted) > SYLLABLES or end > len(letters):
        return None
    for letter, initial in zip(letters[at:end], wanted, strict=True):
        if not is_han(letter) or all(syllable[0] != initial for syllable in _syllables(letter)):
            return None
    return end


def _syllables(character: str) -> list[str]:
    return [typed for reading in readings(character) for typed in spellings(reading)]
