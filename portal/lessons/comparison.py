"""Two versions side by side: what was taken out and what was put in, to the character. Pure.

Lines are matched first; within lines that were changed, the characters. So a sentence that
moved a comma shows one comma, and a text of a hundred pages is compared in a moment.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

# Characters of two lines are compared up to this product of their lengths, about 2,000 each.
MOST_WORK = 4_000_000
# Lines less alike than this are told as one gone and one new: single letters would not help.
LEAST_ALIKE = 0.3
# So many lines around a change are shown with it.
AROUND = 2


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(NamedTuple):
    """A run of characters that was kept, taken out or put in."""

    change: Change
    text: str


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class FieldChange:
    """How one field was changed; `lines` is None between passages that stayed the same."""

    name: str
    label: str
    lines: Sequence[Line | None]


def differences(
    before: Mapping[str, str], now: Mapping[str, str], labels: Mapping[str, str]
) -> list[FieldChange]:
    """Return the fields that differ, in the order of `labels`."""
    return [
        FieldChange(name, label, shortened(lines_of(before.get(name, ""), now.get(name, ""))))
        for name, label in labels.items()
        if before.get(name, "") != now.get(name, "")
    ]


def lines_of(before: str, now: str) -> list[Line]:
    """Return every line of both texts once, each cut into what stayed, went and came."""
    old, new = before.split("\n"), now.split("\n")
    if not before:
        old = []
    if not now:
        new = []
    found: list[Line] = []
    for tag, old_from, old_to, new_from, new_to in _opcodes(old, new):
        if tag == "equal":
            found += [(Piece(Change.SAME, line),) for line in old[old_from:old_to]]
        else:
            found += _changed(old[old_from:old_to], new[new_from:new_to])
    return found


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Tell changed lines in pairs as far as they go, then the rest as gone or new."""
    for at in range(max(len(old), len(new))):
        if at >= len(old):
            yield (Piece(Change.NEW, new[at]),)
        elif at >= len(new):
            yield (Piece(Change.GONE, old[at]),)
        else:
            yield from _told(old[at], new[at])


def _told(old: str, new: str) -> Iterator[Line]:
    pieces = pieces_of(old, new)
    if pieces is None:
        yield (Piece(Change.GONE, old),)
        yield (Piece(Change.NEW, new),)
    else:
        yield pieces


def pieces_of(old: str, new: str) -> Line | None:
    """Return the characters that stayed, went and came; None when little is alike."""
    if len(old) * len(new) > MOST_WORK:
        return None
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return None
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, old[old_from:old_to]))
            continue
        if old_to > old_from:
            pieces.append(Piece(Change.GONE, old[old_from:old_to]))
        if new_to > new_from:
            pieces.append(Piece(Change.NEW, new[new_from:new_to]))
    return tuple(pieces)


def shortened(lines: Sequence[Line]) -> list[Line | None]:
    """Return the changed lines with two around them; None stands for each gap."""
    near = {
        at + offset
        for at, line in enumerate(lines)
        if any(piece.change is not Change.SAME for piece in line)
        for offset in range(-AROUND, AROUND + 1)
    }
    found: list[Line | None] = []
    for at, line in enumerate(lines):
        if at in near:
            found.append(line)
        elif not found or found[-1] is not None:
            found.append(None)
    return found
