"""The agenda as lines: a time at the beginning, and what happens. Pure."""

import re
from typing import NamedTuple

_TIME = r"(?:[01]?\d|2[0-3])[:：][0-5]\d"
_LINE = re.compile(rf"^({_TIME})(?:\s*[-–—~～至到]\s*({_TIME}))?\s*[,，、.．]?\s*(\S.*)$")


class Item(NamedTuple):
    """One line: `time` is 9:00, 9:00–10:30 or empty."""

    time: str
    text: str


def items(agenda: str) -> list[Item]:
    """Return the lines of an agenda; a line without a time at its head is text alone."""
    return [_item(line.strip()) for line in agenda.splitlines() if line.strip()]


def _item(line: str) -> Item:
    match = _LINE.match(line)
    if match is None:
        return Item("", line)
    times = [_clean(time) for time in match.groups()[:2] if time]
    return Item("–".join(times), match[3])


def _clean(time: str) -> str:
    hour, minute = re.split("[:：]", time)
    return f"{int(hour)}:{minute}"
