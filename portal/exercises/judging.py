"""What may be typed, what is right, and where it differs, to the character. Pure.

"Not one character wrong" (DOMAIN S16-S18): a text is right when it is the reference answer
and nothing else. Two texts that look alike to the eye (full-width digits, a space at the end)
differ, and the difference is explained.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from portal.errors import InvalidInputError
from portal.exercises.models import FieldKind

LONGEST_VALUE = 200
# Control characters that no keyboard types.
UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)])
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_SPACES = {" ": "空格", "\u3000": "全角空格", "\u00a0": "不间断空格", "\t": "制表符"}


class Mark(StrEnum):
    """How a run of characters compares with the reference answer."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    EXTRA = "extra"


class Piece(NamedTuple):
    """A run of characters: what was typed, and what belongs there."""

    mark: Mark
    typed: str
    wanted: str

    @property
    def shown(self) -> str:
        """What is shown of it: spaces are seen, a missing run is what is missing."""
        return visible(self.wanted if self.mark is Mark.MISSING else self.typed)


@dataclass(frozen=True)
class Verdict:
    """How one field came out."""

    is_right: bool
    pieces: Sequence[Piece]
    notes: Sequence[str]


def visible(text: str) -> str:
    """Return the text with spaces that can be seen."""
    return "".join("␣" if mark in _SPACES else mark for mark in text)


def written(
    kind: FieldKind, typed: str | Collection[str], options: Sequence[str], *, label: str
) -> str:
    """Return what was typed as it is kept; raise InvalidInputError for what can be no answer.

    Nothing is a possible answer. A text is kept as it is, spaces and all; a number and a date
    in their one spelling; of choices, those chosen in the order of the options, one a line.
    """
    if kind.has_options:
        chosen = {typed} if isinstance(typed, str) else set(typed)
        return "\n".join(option for option in options if option in chosen - {""})
    text = "".join(typed) if not isinstance(typed, str) else typed
    text = " ".join(text.splitlines())
    if len(text) > LONGEST_VALUE:
        raise InvalidInputError(f"“{label}”最多 {LONGEST_VALUE} 个字。")
    if kind is FieldKind.NUMBER and text.strip():
        return _number(text.strip(), label)
    if kind is FieldKind.DATE and text.strip():
        return _day(text.strip(), label)
    return text if kind is FieldKind.TEXT else ""


def _number(text: str, label: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise InvalidInputError(f"“{label}”请填半角数字，例如 12 或 3.5。")
    try:
        number = Decimal(text).normalize()
    except InvalidOperation as error:
        raise InvalidInputError(f"“{label}”请填半角数字，例如 12 或 3.5。") from error
    return f"{number + 0:f}"


def _day(text: str, label: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InvalidInputError(f"“{label}”请按“年-月-日”填写日期。") from error


def is_right(typed: str, wanted: str) -> bool:
    """Return whether the answer is the reference answer, not one character different."""
    return typed == wanted


def judge(kind: FieldKind, typed: str, wanted: str) -> Verdict:
    """Return how the field came out, with the differing characters and why they differ."""
    if is_right(typed, wanted):
        return Verdict(True, (Piece(Mark.RIGHT, typed, wanted),), ())
    if kind.has_options:
        return Verdict(False, tuple(_choices(typed, wanted)), ())
    pieces = pieces_of(typed, wanted)
    return Verdict(False, pieces, tuple(dict.fromkeys(_notes(pieces, typed))))


def _choices(typed: str, wanted: str) -> Iterator[Piece]:
    """Tell choices one by one: taken rightly, taken wrongly, left out."""
    chosen = typed.split("\n") if typed else []
    right = wanted.split("\n") if wanted else []
    for option in dict.fromkeys([*chosen, *right]):
        if option in chosen and option in right:
            yield Piece(Mark.RIGHT, option, option)
        elif option in chosen:
            yield Piece(Mark.EXTRA, option, "")
        else:
            yield Piece(Mark.MISSING, "", option)


def pieces_of(typed: str, wanted: str) -> tuple[Piece, ...]:
    """Return the typed text cut into what is right, wrong, missing and too much.

    Characters that stand for each other are told in pairs: 全角１ for 1.
    """
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, typed, wanted, autojunk=False)
    for tag, from_, to, wanted_from, wanted_to in matcher.get_opcodes():
        here, there = typed[from_:to], wanted[wanted_from:wanted_to]
        if tag == "equal":
            pieces.append(Piece(Mark.RIGHT, here, there))
            continue
        paired = min(len(here), len(there))
        if paired:
            pieces.append(Piece(Mark.WRONG, here[:paired], there[:paired]))
        if len(here) > paired:
            pieces.append(Piece(Mark.EXTRA, here[paired:], ""))
        if len(there) > paired:
            pieces.append(Piece(Mark.MISSING, "", there[paired:]))
    return tuple(pieces)


def _notes(pieces: Sequence[Piece], typed: str) -> Iterator[str]:
    """Explain what the eye does not see: spaces, and letters of another width."""
    if not typed:
        yield "没有填。"
        return
    if typed != typed.strip():
        yield "开头或末尾多了空格。"
    for piece in pieces:
        for here, there in zip(piece.typed, piece.wanted, strict=False):
            if piece.mark is Mark.WRONG:
                yield from _of_pair(here, there)
        if piece.mark is Mark.EXTRA and piece.typed.strip() == "":
            yield f"多了{_space_name(piece.typed)}。"
        if piece.mark is Mark.MISSING and piece.wanted.strip() == "":
            yield f"少了{_space_name(piece.wanted)}。"


def _space_name(text: str) -> str:
    return _SPACES.get(text[:1], "空格")


def _of_pair(here: str, there: str) -> Iterator[str]:
    if here in _SPACES and there in _SPACES:
        yield f"{_SPACES[here]}应当是{_SPACES[there]}。"
    elif unicodedata.normalize("NFKC", here) == unicodedata.normalize("NFKC", there):
        width = "半角" if len(there.encode("utf-8")) < len(here.encode("utf-8")) else "全角"
        other = "全角" if width == "半角" else "半角"
        yield f"“{here}”是{other}的，应当用{width}的“{there}”。"
    elif here.casefold() == there.casefold():
        yield f"“{here}”应当是“{there}”，大小写不同。"
    elif here in _SPACES or there in _SPACES:
        yield f"“{visible(here)}”应当是“{visible(there)}”（␣ 表示空格）。"
