"""Names of persons: how they are written, found and put in order.

One spelling per name, whatever the keyboard, the old code page or the spreadsheet made of
it; keys that find it by a part of it, by pinyin and by initials; keys that sort it by
pinyin and by strokes (姓氏笔画).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from portal.people.characters import (
    STANDARD_CODE_POINTS,
    is_han,
    readings,
    spellings,
    stroke_count,
    stroke_position,
    surname_reading,
)

MIDDLE_DOT = "\u00b7"
LONGEST_NAME = 60
LONGEST_KEY = 120
# At most this many readings of one whole name are kept; the usual ones come first.
MOST_READINGS = 24
_MOST_TAIL_READINGS = 6
_MOST_KEYS_OF_TAILS = 4

_DOTS = dict.fromkeys(
    map(ord, "\u30fb\uff65\u2022\u2027\u22c5\u2219\uff0e\u0387\u1427\u2e31"), MIDDLE_DOT
)
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_INVISIBLE = dict.fromkeys(
    [
        *range(0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFDD0, 0xFDF0),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
        # The last two of each plane are no characters at all.
        *(plane | last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
    ]
)
_PLAIN = {**_FULL_WIDTH, **_INVISIBLE, **STANDARD_CODE_POINTS}
_NAME = {**_PLAIN, **_DOTS}
_VERBATIM = {**_INVISIBLE, **STANDARD_CODE_POINTS}
_REMARK = re.compile(r"\s*[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]\s*$")
_SPACES = re.compile(r"\s+")
_NOT_IN_KEYS = re.compile(rf"[\s{MIDDLE_DOT}.'’-]+")
_DOT_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f])\.(?=[^\x00-\x7f])")


class WrittenName(NamedTuple):
    """A name in the portal's spelling, and the remarks that stood behind it in brackets."""

    name: str
    remarks: tuple[str, ...]


def verbatim_text(text: str) -> str:
    """Return what somebody said as it was written, with its punctuation and its lines.

    Only what nobody sees goes, and private code points become standard ones, as in `plain_text`.
    """
    written = unicodedata.normalize("NFC", text.translate(_VERBATIM))
    return "\n".join(line.rstrip() for line in written.splitlines()).strip()


def plain_text(text: str) -> str:
    """Return text in Unicode NFC with half-width letters and digits and single spaces.

    Private code points of older software become standard ones (GB 18030-2022); invisible
    characters go.
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_PLAIN))).strip()


def visible(text: str) -> str:
    """Return text without the signs that no page shows and no keyboard types."""
    return text.translate(_INVISIBLE)


def written_name(text: str) -> WrittenName:
    """Return a name in its one spelling, and the remarks behind it such as 女 or 预备.

    Every look-alike of the middle dot becomes U+00B7; spaces beside a Chinese character
    go (张　三 is 张三), between Latin words one stays.
    """
    name = plain_text(text.translate(_NAME))
    remarks: list[str] = []
    while (match := _REMARK.search(name)) and match.start() > 0:
        remarks.insert(0, match[1].strip())
        name = name[: match.start()].rstrip()
    name = _DOT_BETWEEN_HAN.sub(MIDDLE_DOT, _without_padding(name))
    return WrittenName(name, tuple(remark for remark in remarks if remark))


def _without_padding(name: str) -> str:
    words = name.split(" ")
    joined = words[0]
    for word in words[1:]:
        touching = {joined[-1:], word[:1]}
        padded = any(mark == MIDDLE_DOT or is_han(mark) for mark in touching if mark)
        joined += word if padded else f" {word}"
    return re.sub(rf"{MIDDLE_DOT}+", MIDDLE_DOT, joined).strip(MIDDLE_DOT)


def name_fault(name: str) -> str | None:
    """Return in Chinese why this cannot be a person's name, or None if it can."""
    if not name:
        return "没有姓名"
    if len(name) > LONGEST_NAME:
        return f"姓名超过 {LONGEST_NAME} 个字"
    strange = next((mark for mark in name if not _is_of_names(mark)), None)
    if strange is not None:
        shown = strange if strange.isprintable() else f"U+{ord(strange):04X}"
        return f"姓名中有不应出现的字符“{shown}”"
    if len(name) == 1:
        return "姓名只有一个字"
    if not any(character.isalpha() or is_han(character) for character in name):
        return "姓名中没有文字"
    return None


def _is_of_names(mark: str) -> bool:
    if is_han(mark) or mark in f" {MIDDLE_DOT}-.'’":
        return True
    return unicodedata.category(mark)[0] in "LM"


def name_letters(name: str) -> str:
    """Return a name, or what somebody typed to find one, without dots, spaces and case."""
    return _NOT_IN_KEYS.sub("", written_name(name).name).casefold()


def search_keys(name: str) -> tuple[str, ...]:
    """Return every key whose beginning finds this name.

    The name and each tail of it; its pinyin in all readings of each character, surname
    readings first, as full spelling and as initials; the same for the given name.
    """
    letters = name_letters(name)
    starts = _beginnings(name)
    keys = dict.fromkeys(letters[start:] for start in starts)
    columns = _reading_columns(letters)
    _add_readings(keys, columns, most=MOST_READINGS)
    for start in starts[1 : _MOST_KEYS_OF_TAILS + 1]:
        if is_han(letters[start]) and (start == 1 or start < len(letters) - 1):
            _add_readings(keys, columns[start:], most=_MOST_TAIL_READINGS)
    return tuple(dict.fromkeys(key[:LONGEST_KEY] for key in keys if key))


def _beginnings(name: str) -> list[int]:
    """Return where a part of the name begins, counted in its letters.

    Parts are words and single Chinese characters.
    """
    starts: list[int] = []
    place = 0
    for word in _NOT_IN_KEYS.split(written_name(name).name):
        for offset, letter in enumerate(word):
            if offset == 0 or is_han(letter):
                starts.append(place + offset)
        place += len(word)
    return starts


def phone_keys(phone: str) -> tuple[str, ...]:
    """Return the keys that find a phone by its last digits: the digits backwards.

    A search for the digits at the end is then a search for how a key begins.
    """
    return (f"#{phone[::-1]}",) if phone else ()


def typed_key(typed: str) -> str:
    """Return what keys must begin with to match what somebody typed in a search box.

    Digits alone are the end of a phone number; all else is a name, pinyin or initials.
    """
    letters = name_letters(typed)
    if letters.isascii() and letters.isdigit():
        return f"#{letters[::-1]}"
    return letters[:LONGEST_KEY]


def pinyin_key(name: str) -> str:
    """Return the key that sorts names by pinyin: spelling, tone, strokes, then character."""
    letters = name_letters(name)
    columns = _toned_columns(letters)
    parts = [
        f"{readings_of[0].replace('ü', 'v')}{stroke_count(character):02d}{character}"
        if is_han(character)
        else character
        for character, readings_of in zip(letters, columns, strict=True)
    ]
    return _whole_parts(parts, separator=" ")


def stroke_key(name: str) -> str:
    """Return the key that sorts names by strokes (姓氏笔画), character by character.

    Number of strokes, then order of strokes 横竖撇点折 for surnames, then code point.
    """
    parts = [
        f"{stroke_count(character):02d}{stroke_position(character):03d}{ord(character):05x}"
        for character in name_letters(name)
    ]
    return _whole_parts(parts, separator=" ")


def _whole_parts(parts: list[str], *, separator: str) -> str:
    """Join as many parts as fit into a key; a character is never cut in the middle."""
    key = ""
    for part in parts:
        longer = f"{key}{separator}{part}" if key else part
        if len(longer) > LONGEST_KEY:
            break
        key = longer
    return key


def _toned_columns(letters: str) -> list[tuple[str, ...]]:
    """Return the readings of each character, the surname's own ones before all others."""
    columns = [readings(character) or (character,) for character in letters]
    surname = surname_reading(letters)
    if surname is not None:
        for place, usual in enumerate(surname.readings):
            columns[place] = tuple(dict.fromkeys([*usual, *columns[place]]))
    return columns


def _reading_columns(letters: str) -> list[tuple[str, ...]]:
    return [
        tuple(dict.fromkeys(typed for reading in column for typed in spellings(reading)))
        if is_han(character)
        else (character,)
        for character, column in zip(letters, _toned_columns(letters), strict=True)
    ]


def _add_readings(keys: dict[str, None], columns: Sequence[tuple[str, ...]], *, most: int) -> None:
    for syllables in _usual_first(columns, most=most):
        keys["".join(syllables)] = None
    initials = [tuple(dict.fromkeys(typed[0] for typed in column)) for column in columns]
    for letters in _usual_first(initials, most=most):
        if len(letters) > 1:
            keys["".join(letters)] = None


def _usual_first(columns: Sequence[tuple[str, ...]], *, most: int) -> Iterator[tuple[str, ...]]:
    """Yield at most `most` combinations, those with the fewest unusual readings first."""
    indexes = [range(len(column)) for column in columns]
    unusual, given = 0, 0
    limit = sum(len(column) - 1 for column in columns)
    while unusual <= limit and given < most:
        for chosen in _choices(indexes, unusual):
            yield tuple(column[index] for column, index in zip(columns, chosen, strict=True))
            given += 1
            if given >= most:
                return
        unusual += 1


def _choices(indexes: Sequence[range], total: int) -> Iterator[tuple[int, ...]]:
    """Yield every choice of one index per column whose sum is `total`."""
    if not indexes:
        if total == 0:
            yield ()
        return
    for index in indexes[0]:
        if index > total:
            return
        for rest in _choices(indexes[1:], total - index):
            yield (index, *rest)
